using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.SandboxWorld.Workloads;

/// <summary>Short forms of what the tests write and read.</summary>
internal static class Shapes
{
    public static string Workload(string name, string spec, string container, string pod = "")
    {
        var labels = $$"""{"app":"{{name}}"}""";
        var podSpec = $$"""{{{Before(pod)}} "containers":[{{container}}]}""";
        return $$"""
            {"metadata":{"name":"{{name}}","namespace":"default"},
             "spec":{{{Before(spec)}} "selector":{"matchLabels":{{labels}} }, "template":{"metadata":{"labels":{{labels}} }, "spec":{{podSpec}} } } }
            """;
    }

    public static string Container(string image, string name = "web") => $$"""{"name":"{{name}}","image":"{{image}}"}""";

    public static string Pod(string name, string containers, string spec = "") => $$"""
        {"metadata":{"name":"{{name}}","namespace":"default"},"spec":{{{Before(spec)}} "containers":[{{containers}}]} }
        """;

    private static string Before(string fields) => fields.Length > 0 ? fields + "," : "";

    /// <summary>The numbers of a Deployment: all, updated, ready, available, unavailable.</summary>
    public static (long, long, long, long, long) Counts(this JsonObject deployment) => (
        deployment.Number("status", "replicas") ?? 0,
        deployment.Number("status", "updatedReplicas") ?? 0,
        deployment.Number("status", "readyReplicas") ?? 0,
        deployment.Number("status", "availableReplicas") ?? 0,
        deployment.Number("status", "unavailableReplicas") ?? 0);

    /// <summary>A condition as STATUS/REASON, or nothing.</summary>
    public static string Condition(this JsonObject value, string type) =>
        value.Objects("status", "conditions").FirstOrDefault(one => one.Text("type") == type) is { } found ? $"{found.Text("status")}/{found.Text("reason")}" : "";

    public static string ConditionMessage(this JsonObject value, string type) =>
        value.Objects("status", "conditions").FirstOrDefault(one => one.Text("type") == type)?.Text("message") ?? "";

    public static JsonObject Status(this JsonObject pod, int container = 0) => pod.Objects("status", "containerStatuses").ElementAt(container);

    /// <summary>Why the container waits.</summary>
    public static string Waiting(this JsonObject pod, int container = 0) => pod.Status(container).Text("state", "waiting", "reason");

    public static long Stat(this JsonObject value, string name) => value.Number("status", name) ?? 0;
}
