using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Services;

/// <summary>What a Service says of the pods behind it ("Service" of the Kubernetes documentation).</summary>
internal static class ServicePods
{
    /// <returns>Null for a Service whose endpoints somebody else keeps.</returns>
    public static JsonObject? Selector(JsonObject service) => service.Section("spec", "selector") is { Count: > 0 } selector ? selector : null;

    /// <summary>Pods are shown as ready whatever they say themselves: for those who find one another before they serve.</summary>
    public static bool PublishesAll(JsonObject service) => service.Flag("spec", "publishNotReadyAddresses");

    public static bool Selects(JsonObject service, WatchEvent change) =>
        Selector(service) is { } selector
        && (LabelSelectors.MatchesAll(selector, change.Value) || (change.Previous is { } before && LabelSelectors.MatchesAll(selector, before.Value)));

    /// <summary>Those with an address that have not ended, those that are ending among them.</summary>
    public static JsonObject[] Of(ObjectStore store, JsonObject service)
    {
        var selector = Selector(service);
        return [.. store.List(Known.Pods, service.Namespace()).Items
            .Where(pod => !pod.IsFinished() && pod.Text("status", "podIP").Length > 0 && LabelSelectors.MatchesAll(selector, pod))];
    }

    /// <summary>The ports of the Service on one pod. A named one is that of the pod's containers, and is left out where they have none of the name.</summary>
    public static JsonArray Ports(JsonObject service, JsonObject pod) =>
        new([.. service.Objects("spec", "ports").Select(port => Port(port, pod)).OfType<JsonNode>()]);

    /// <summary>The pod's own name, where the Service is the domain that it has it in.</summary>
    public static string Hostname(JsonObject service, JsonObject pod) =>
        pod.Text("spec", "subdomain") == service.Name() ? pod.Text("spec", "hostname") : "";

    private static JsonObject? Port(JsonObject port, JsonObject pod)
    {
        var number = JsonFields.AsText(port.Field("targetPort")) is { } named
            ? pod.Objects("spec", "containers").SelectMany(container => container.Objects("ports"))
                .FirstOrDefault(one => one.Text("name") == named)?.Number("containerPort")
            : port.Number("targetPort") is > 0 and var target ? target : port.Number("port");
        if (number is null)
        {
            return null;
        }

        var resolved = new JsonObject { ["port"] = number, ["protocol"] = port.Text("protocol") is { Length: > 0 } protocol ? protocol : "TCP" };
        if (port.Text("name") is { Length: > 0 } name)
        {
            resolved["name"] = name;
        }

        if (port.Text("appProtocol") is { Length: > 0 } application)
        {
            resolved["appProtocol"] = application;
        }

        return resolved;
    }
}
