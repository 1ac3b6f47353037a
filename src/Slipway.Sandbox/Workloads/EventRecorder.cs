using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>
/// Writes v1 Events. What happens again is counted in the event that is there; of all events the newest are kept, where a cluster keeps
/// those of the last hour.
/// </summary>
internal sealed class EventRecorder(ObjectStore store, TimeProvider time)
{
    private const int MaxKept = 1_000;

    private readonly Queue<ObjectKey> _kept = [];

    public void Record(JsonObject about, string type, string reason, string message, string component = "sandbox")
    {
        var ns = about.Namespace() is { Length: > 0 } given ? given : "default";
        // The name follows from what happened, so that the same again finds the event that is there.
        var key = new ObjectKey(Known.Events, ns, $"{about.Name()}.{PodTemplate.Hash(JsonValue.Create($"{about.Uid()} {reason} {message}"))}");
        var now = WorkloadFields.Text(time.GetUtcNow());
        try
        {
            if (Repeat(key, now) is null)
            {
                store.Create(Known.Events, Event(about, key, type, reason, message, component, now));
                Keep(key);
            }
        }
        catch (StatusException e) when (e.Status.Code is 403 or 404)
        {
            // Its namespace is going away, and takes its events along.
        }
    }

    private JsonObject? Repeat(ObjectKey key, string now) => store.Update(key, value =>
    {
        value["count"] = (value.Number("count") ?? 1) + 1;
        value["lastTimestamp"] = now;
        return value;
    });

    private static JsonObject Event(JsonObject about, ObjectKey key, string type, string reason, string message, string component, string now) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
        ["involvedObject"] = new JsonObject
        {
            ["apiVersion"] = about.Text("apiVersion"),
            ["kind"] = about.Kind(),
            ["name"] = about.Name(),
            ["namespace"] = about.Namespace(),
            ["uid"] = about.Uid(),
            ["resourceVersion"] = about.ResourceVersion(),
        },
        ["type"] = type,
        ["reason"] = reason,
        ["message"] = message,
        ["source"] = new JsonObject { ["component"] = component },
        ["reportingComponent"] = component,
        ["reportingInstance"] = "",
        ["firstTimestamp"] = now,
        ["lastTimestamp"] = now,
        ["count"] = 1L,
    };

    private void Keep(ObjectKey key)
    {
        _kept.Enqueue(key);
        if (_kept.Count > MaxKept)
        {
            store.TryDelete(_kept.Dequeue());
        }
    }
}
