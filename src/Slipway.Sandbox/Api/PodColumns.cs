using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>What <c>kubectl get pods</c> tells of a pod, above all the one word of its status.</summary>
internal static class PodColumns
{
    public static ImmutableArray<Column> All(Column name, Column age) =>
    [
        name,
        Columns.Text("Ready", 0, value => $"{Statuses(value).Count(status => status.Flag("ready"))}/{value.Objects("spec", "containers").Count()}"),
        Columns.Text("Status", 0, Status),
        new("Restarts", "string", 0, (value, now) => Restarts(value, now)),
        age,
        Columns.Text("IP", 1, value => Columns.OrNone(value.Text("status", "podIP"))),
        Columns.Text("Node", 1, value => Columns.OrNone(value.Text("spec", "nodeName"))),
        Columns.Text("Nominated Node", 1, value => Columns.OrNone(value.Text("status", "nominatedNodeName"))),
        Columns.Text("Readiness Gates", 1, ReadinessGates),
    ];

    // The last thing that holds a pod up, or that ended it, says more than its phase.
    private static string Status(JsonObject value)
    {
        var reason = value.Text("status", "reason") is { Length: > 0 } given ? given : value.Text("status", "phase");
        var initializing = value.Objects("status", "initContainerStatuses").Select(InitReason).FirstOrDefault(why => why.Length > 0);
        if (initializing is not null)
        {
            reason = $"Init:{initializing}";
        }
        else
        {
            foreach (var status in Statuses(value))
            {
                reason = Reason(status) is { Length: > 0 } why ? why : reason;
            }
            if (reason == "Completed" && Statuses(value).Any(status => status.Flag("ready") && status.Section("state", "running") is not null))
            {
                reason = IsReady(value) ? "Running" : "NotReady";
            }
        }
        return value.IsBeingDeleted() ? value.Text("status", "reason") == "NodeLost" ? "Unknown" : "Terminating" : reason;
    }

    private static string Reason(JsonObject status)
    {
        if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
        {
            return waiting;
        }
        if (status.Section("state", "terminated") is not { } ended)
        {
            return "";
        }
        return ended.Text("reason") is { Length: > 0 } why ? why
            : ended.Number("signal") is > 0 and var signal ? $"Signal:{signal}"
            : $"ExitCode:{ended.Number("exitCode") ?? 0}";
    }

    private static string InitReason(JsonObject status)
    {
        if (status.Section("state", "terminated") is { } ended)
        {
            return ended.Number("exitCode") is null or 0 ? "" : ended.Text("reason") is { Length: > 0 } why ? why : $"ExitCode:{ended.Number("exitCode")}";
        }
        return status.Text("state", "waiting", "reason") is { Length: > 0 } waiting && waiting != "PodInitializing" ? waiting : "";
    }

    private static string Restarts(JsonObject value, DateTimeOffset now)
    {
        var restarts = Statuses(value).Sum(status => status.Number("restartCount") ?? 0);
        var last = Statuses(value).Select(status => HumanDuration.Parse(status.Field("lastState", "terminated", "finishedAt"))).Max();
        return restarts > 0 && last is { } time ? $"{restarts} ({HumanDuration.Of(now - time)} ago)" : $"{restarts}";
    }

    private static string ReadinessGates(JsonObject value)
    {
        var gates = value.Objects("spec", "readinessGates").Select(gate => gate.Text("conditionType")).ToArray();
        var met = gates.Count(type => value.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == type && condition.Text("status") == "True"));
        return gates.Length == 0 ? "<none>" : $"{met}/{gates.Length}";
    }

    private static bool IsReady(JsonObject value) =>
        value.Objects("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    private static IEnumerable<JsonObject> Statuses(JsonObject value) => value.Objects("status", "containerStatuses");
}
