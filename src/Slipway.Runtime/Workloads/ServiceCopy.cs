using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Traffic;

namespace Slipway.Workloads;

/// <summary>A Service before the new version alone, made after the one before the stable version.</summary>
public static class ServiceCopy
{
    // What says how it is reached from within the cluster. Addresses, node ports and load balancers are the first one's alone.
    private static readonly string[] Kept = ["sessionAffinity", "sessionAffinityConfig", "internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy", "trafficDistribution"];

    public static JsonObject Of(JsonObject service, string name, string sibling, string track, JsonObject owner)
    {
        var spec = new JsonObject { ["type"] = "ClusterIP", ["selector"] = new JsonObject { [SideMark.SideLabel] = sibling } };
        foreach (var field in Kept.Where(field => service["spec"]?[field] is not null))
        {
            spec[field] = service["spec"]![field]!.DeepClone();
        }

        spec["ports"] = new JsonArray([.. (service["spec"]?["ports"] as JsonArray ?? []).OfType<JsonObject>().Select(Port)]);
        var labels = Copies.Untracked(service["metadata"]?["labels"]);
        (labels[SideMark.SideLabel], labels[ApiNames.TrackLabel]) = (sibling, track);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = service["metadata"]!["namespace"]?.DeepClone(),
                ["labels"] = labels,
                ["annotations"] = Copies.Untracked(service["metadata"]?["annotations"]),
                ["ownerReferences"] = new JsonArray(owner.DeepClone()),
            },
            ["spec"] = spec,
        };
    }

    private static JsonNode Port(JsonObject port)
    {
        var copy = port.DeepClone().AsObject();
        copy.Remove("nodePort");
        return copy;
    }
}
