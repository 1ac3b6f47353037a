using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>The columns of each kind, as <c>kubectl get</c> shows them.</summary>
internal static class Columns
{
    private static readonly Column Name = new("Name", "string", 0, (value, _) => value.Name()) { Format = "name" };
    private static readonly Column Age = Ago("Age", 0, "metadata", "creationTimestamp");
    private static readonly Column CreatedAt = new("Created At", "date", 0, (value, _) => value.Text("metadata", "creationTimestamp"));

    public static ImmutableArray<Column> Of(ResourceDefinition resource) => resource.BuiltIn ? OfBuiltIn(resource) : OfCustom(resource);

    private static ImmutableArray<Column> OfBuiltIn(ResourceDefinition resource) => resource.Kind switch
    {
        "Pod" => PodColumns.All(Name, Age),
        "Deployment" =>
        [
            Name, Text("Ready", 0, value => $"{Count(value, "status", "readyReplicas")}/{Count(value, "spec", "replicas")}"),
            Number("Up-to-date", "status", "updatedReplicas"), Number("Available", "status", "availableReplicas"), Age, .. Template(),
        ],
        "ReplicaSet" =>
        [
            Name, Number("Desired", "spec", "replicas"), Number("Current", "status", "replicas"), Number("Ready", "status", "readyReplicas"),
            Age, .. Template(),
        ],
        "StatefulSet" =>
            [Name, Text("Ready", 0, value => $"{Count(value, "status", "readyReplicas")}/{Count(value, "spec", "replicas")}"), Age, .. Template()[..2]],
        "DaemonSet" =>
        [
            Name, Number("Desired", "status", "desiredNumberScheduled"), Number("Current", "status", "currentNumberScheduled"),
            Number("Ready", "status", "numberReady"),
            Number("Up-to-date", "status", "updatedNumberScheduled"), Number("Available", "status", "numberAvailable"),
            Text("Node Selector", 0, value => Labels(value.Section("spec", "template", "spec", "nodeSelector"))), Age, .. Template(),
        ],
        "Job" =>
        [
            Name, Text("Status", 0, JobColumns.Status), Text("Completions", 0, JobColumns.Completions), new("Duration", "string", 0, JobColumns.Duration),
            Age, .. Template(),
        ],
        "CronJob" =>
        [
            Name, Field("Schedule", 0, "spec", "schedule"), Text("Timezone", 0, value => OrNone(value.Text("spec", "timeZone"))),
            Text("Suspend", 0, value => value.Flag("spec", "suspend") ? "True" : "False"),
            new("Active", "integer", 0, (value, _) => value.Objects("status", "active").Count()),
            new("Last Schedule", "string", 0, (value, now) => HumanDuration.Since(value.Field("status", "lastScheduleTime"), now, never: "<none>")),
            Age, .. Template("spec", "jobTemplate", "spec")[..2],
        ],
        "Service" =>
        [
            Name, Field("Type", 0, "spec", "type"), Text("Cluster-IP", 0, value => OrNone(value.Text("spec", "clusterIP"))),
            Text("External-IP", 0, ServiceColumns.ExternalAddress),
            Text("Port(s)", 0, ServiceColumns.Ports), Age, Text("Selector", 1, value => Labels(value.Section("spec", "selector"))),
        ],
        "Endpoints" => [Name, Text("Endpoints", 0, ServiceColumns.Endpoints), Age],
        "ConfigMap" => [Name, new("Data", "integer", 0, (value, _) => (value.Section("data")?.Count ?? 0) + (value.Section("binaryData")?.Count ?? 0)), Age],
        "Secret" => [Name, Field("Type", 0, "type"), new("Data", "integer", 0, (value, _) => value.Section("data")?.Count ?? 0), Age],
        "ServiceAccount" => [Name, new("Secrets", "integer", 0, (value, _) => value.Objects("secrets").Count()), Age],
        "Namespace" => [Name, Field("Status", 0, "status", "phase"), Age],
        "Node" => NodeColumns.All(Name, Age),
        "Event" => EventColumns.All(),
        "Lease" => [Name, Field("Holder", 0, "spec", "holderIdentity"), Age],
        "HorizontalPodAutoscaler" =>
        [
            Name, Text("Reference", 0, value => $"{value.Text("spec", "scaleTargetRef", "kind")}/{value.Text("spec", "scaleTargetRef", "name")}"),
            Text("Targets", 0, _ => HumanDuration.Unknown),
            Number("MinPods", "spec", "minReplicas"), Number("MaxPods", "spec", "maxReplicas"), Number("Replicas", "status", "currentReplicas"), Age,
        ],
        "ControllerRevision" =>
        [
            Name, Text("Controller", 0, Controller), Number("Revision", "revision"), Age,
        ],
        "CustomResourceDefinition" or "Role" or "ClusterRole" => [Name, CreatedAt],
        "RoleBinding" or "ClusterRoleBinding" => [Name, Text("Role", 0, value => $"{value.Text("roleRef", "kind")}/{value.Text("roleRef", "name")}"), Age],
        _ => [Name, Age],
    };

    private static ImmutableArray<Column> OfCustom(ResourceDefinition resource) => resource.Columns is { IsEmpty: false } declared
        ? [Name, .. declared.Select(column => new Column(column.Name, column.Type, column.Priority, (value, now) => CustomCell(column, value, now))
            {
                Format = column.Format,
                Description = column.Description,
            })]
        : [Name, Age];

    private static JsonNode? CustomCell(PrinterColumn column, JsonObject value, DateTimeOffset now)
    {
        var found = column.Path.Select(value).ToArray();
        if (found.Length == 0)
        {
            return null;
        }
        return column.Type switch
        {
            "date" => HumanDuration.Since(found[0], now),
            "string" when found.Length > 1 => string.Join(',', found.Select(one => one.ToString())),
            "string" => found[0].ToString(),
            _ => JsonTree.Copy(found[0]),
        };
    }

    public static Column Text(string name, int priority, Func<JsonObject, string> cell) => new(name, "string", priority, (value, _) => cell(value));

    public static Column Field(string name, int priority, params string[] path) => Text(name, priority, value => value.Text(path));

    public static Column Number(string name, params string[] path) => new(name, "integer", 0, (value, _) => value.Number(path) ?? 0);

    public static Column Ago(string name, int priority, params string[] path) =>
        new(name, "string", priority, (value, now) => HumanDuration.Since(value.Field(path), now));

    public static string Labels(JsonObject? labels) =>
        labels is { Count: > 0 } ? string.Join(',', labels.Select(label => $"{label.Key}={label.Value}")) : "<none>";

    public static string OrNone(string text) => text.Length == 0 ? "<none>" : text;

    private static string Controller(JsonObject value) =>
        value.Objects("metadata", "ownerReferences").FirstOrDefault(owner => owner.Flag("controller")) is { } owner
            ? $"{owner.Kind().ToLowerInvariant()}.apps/{owner.Text("name")}"
            : "<none>";

    private static long Count(JsonObject value, params string[] path) => value.Number(path) ?? 0;

    // What the pods are made from, in wide output.
    private static ImmutableArray<Column> Template(params string[] root)
    {
        string[] containers = [.. root.Length == 0 ? ["spec"] : root, "template", "spec", "containers"];
        return
        [
            Text("Containers", 1, value => string.Join(',', value.Objects(containers).Select(one => one.Text("name")))),
            Text("Images", 1, value => string.Join(',', value.Objects(containers).Select(one => one.Text("image")))),
            Text("Selector", 1, value => value.Section("spec", "selector") is { } selector ? Schema.LabelSelector.Of(selector).ToString() : "<none>"),
        ];
    }
}
