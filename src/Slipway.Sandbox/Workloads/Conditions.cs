using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>The list <c>conditions</c> of a status (Kubernetes API conventions, "Typical status properties").</summary>
internal static class Conditions
{
    public static JsonObject? Find(JsonObject status, string type) => status.Objects("conditions").FirstOrDefault(one => one.Text("type") == type);

    public static bool IsTrue(this JsonObject value, string type) => Find(value.Section("status") ?? [], type)?.Text("status") == "True";

    /// <summary>Sets a condition. The instant of transition moves only when its status does.</summary>
    /// <param name="updates">Whether the condition also says when it was last updated, as those of Deployments do.</param>
    public static void Set(JsonObject status, string type, string state, string reason, string message, DateTimeOffset now, bool updates = false)
    {
        var condition = Find(status, type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            if (status["conditions"] is not JsonArray conditions)
            {
                status["conditions"] = conditions = [];
            }

            conditions.Add((JsonNode)condition);
        }

        if (condition.Text("status") != state)
        {
            condition["lastTransitionTime"] = WorkloadFields.Text(now);
        }

        condition["status"] = state;
        SetText(condition, "reason", reason);
        SetText(condition, "message", message);
        if (updates)
        {
            condition["lastUpdateTime"] = WorkloadFields.Text(now);
        }
    }

    public static void Remove(JsonObject status, string type)
    {
        if (Find(status, type) is { } condition && status["conditions"] is JsonArray conditions)
        {
            conditions.Remove(condition);
            if (conditions.Count == 0)
            {
                status.Remove("conditions");
            }
        }
    }

    private static void SetText(JsonObject condition, string name, string text)
    {
        if (text.Length == 0)
        {
            condition.Remove(name);
        }
        else
        {
            condition[name] = text;
        }
    }
}
