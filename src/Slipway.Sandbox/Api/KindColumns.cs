using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>What <c>kubectl get jobs</c> tells of a Job.</summary>
internal static class JobColumns
{
    public static string Status(JsonObject value)
    {
        bool Has(string type) => value.Objects("status", "conditions").Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

        return Has("Complete") ? "Complete"
            : Has("Failed") ? "Failed"
            : Has("SuccessCriteriaMet") ? "SuccessCriteriaMet"
            : value.IsBeingDeleted() ? "Terminating"
            : Has("Suspended") ? "Suspended"
            : "Running";
    }

    public static string Completions(JsonObject value) =>
        $"{value.Number("status", "succeeded") ?? 0}/{value.Number("spec", "completions") ?? 1}";

    public static JsonNode? Duration(JsonObject value, DateTimeOffset now)
    {
        if (HumanDuration.Parse(value.Field("status", "startTime")) is not { } start)
        {
            return "";
        }
        return HumanDuration.Of((HumanDuration.Parse(value.Field("status", "completionTime")) ?? now) - start);
    }
}

/// <summary>What <c>kubectl get services</c> and <c>endpoints</c> tell.</summary>
internal static class ServiceColumns
{
    // More are counted, not shown.
    private const int MaxEndpoints = 3;

    public static string ExternalAddress(JsonObject value) => value.Text("spec", "type") switch
    {
        "ExternalName" => value.Text("spec", "externalName"),
        "LoadBalancer" when Ingress(value) is { Length: > 0 } addresses => string.Join(',', addresses),
        "LoadBalancer" => "<pending>",
        _ => "<none>",
    };

    public static string Ports(JsonObject value) => Columns.OrNone(string.Join(',', value.Objects("spec", "ports").Select(Port)));

    private static string Port(JsonObject port)
    {
        var node = port.Number("nodePort") is > 0 and var number ? $":{number}" : "";
        return $"{port.Number("port")}{node}/{port.Text("protocol")}";
    }

    private static string[] Ingress(JsonObject value) =>
        [.. value.Objects("status", "loadBalancer", "ingress").Select(one => one.Text("ip") is { Length: > 0 } ip ? ip : one.Text("hostname"))];

    public static string Endpoints(JsonObject value)
    {
        var all = value.Objects("subsets").SelectMany(subset =>
        {
            var ports = subset.Objects("ports").ToArray();
            return subset.Objects("addresses").SelectMany(address =>
                ports.Length == 0 ? [address.Text("ip")] : ports.Select(port => $"{address.Text("ip")}:{port.Number("port")}"));
        }).ToArray();
        return all.Length == 0 ? "<none>"
            : all.Length <= MaxEndpoints ? string.Join(',', all)
            : $"{string.Join(',', all[..MaxEndpoints])} + {all.Length - MaxEndpoints} more...";
    }
}

/// <summary>What <c>kubectl get nodes</c> tells.</summary>
internal static class NodeColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static ImmutableArray<Column> All(Column name, Column age) =>
    [
        name,
        Columns.Text("Status", 0, Status),
        Columns.Text("Roles", 0, Roles),
        age,
        Columns.Field("Version", 0, "status", "nodeInfo", "kubeletVersion"),
        Columns.Text("Internal-IP", 1, InternalAddress),
        Columns.Field("OS-Image", 1, "status", "nodeInfo", "osImage"),
        Columns.Field("Container-Runtime", 1, "status", "nodeInfo", "containerRuntimeVersion"),
    ];

    private static string Roles(JsonObject value) => Columns.OrNone(string.Join(',', (value.Section("metadata", "labels") ?? [])
        .Select(label => label.Key)
        .Where(key => key.StartsWith(RolePrefix, StringComparison.Ordinal))
        .Select(key => key[RolePrefix.Length..])));

    private static string InternalAddress(JsonObject value) => Columns.OrNone(value.Objects("status", "addresses")
        .Where(address => address.Text("type") == "InternalIP")
        .Select(address => address.Text("address"))
        .FirstOrDefault(""));

    private static string Status(JsonObject value)
    {
        var ready = value.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready")?.Text("status") switch
        {
            "True" => "Ready",
            null => "Unknown",
            _ => "NotReady",
        };
        return value.Flag("spec", "unschedulable") ? $"{ready},SchedulingDisabled" : ready;
    }
}

/// <summary>What <c>kubectl get events</c> tells.</summary>
internal static class EventColumns
{
    public static ImmutableArray<Column> All() =>
    [
        new("Last Seen", "string", 0, (value, now) => HumanDuration.Since(Last(value), now)),
        Columns.Field("Type", 0, "type"),
        Columns.Field("Reason", 0, "reason"),
        Columns.Text("Object", 0, value => $"{value.Text("involvedObject", "kind").ToLowerInvariant()}/{value.Text("involvedObject", "name")}"),
        Columns.Field("Subobject", 1, "involvedObject", "fieldPath"),
        Columns.Field("Source", 1, "source", "component"),
        Columns.Text("Message", 0, value => value.Text("message").Trim()),
        Columns.Ago("First Seen", 1, "firstTimestamp"),
        Columns.Number("Count", "count") with { Priority = 1 },
        Columns.Text("Name", 1, value => value.Name()),
    ];

    private static JsonNode? Last(JsonObject value) =>
        value.Field("series", "lastObservedTime")
        ?? value.Field("lastTimestamp")
        ?? value.Field("firstTimestamp")
        ?? value.Field("eventTime")
        ?? value.Field("metadata", "creationTimestamp");
}
