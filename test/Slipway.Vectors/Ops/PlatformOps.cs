using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Platforms;
using Slipway.Workloads;

namespace Slipway.Vectors.Ops;

internal static class PlatformOps
{
    public static JsonObject Parse(VectorCase one) => new() { ["valid"] = Platform.TryParse(one.Text("input"), out _) };

    public static JsonObject Constraint(VectorCase one)
    {
        var wanted = one.Body.GetProperty("constraint");
        return new()
        {
            ["match"] = PlatformCheck.Missing("x", new PlatformSet([Named(one.Body)]), [Named(wanted)]) is null,
        };
    }

    public static JsonObject SchedulablePlatforms(VectorCase one) => new()
    {
        ["platforms"] = NodeFit.Of(Placement(one.Body.GetProperty("podSpec")), one.Body.GetProperty("nodes").EnumerateArray().Select(Node))
            .Select(node => $"{NodePlatform.Of(node)}").Distinct().Order(StringComparer.Ordinal).Array(),
    };

    private static Platform Named(JsonElement platform) =>
        new(platform.GetProperty("os").GetString()!, platform.GetProperty("arch").GetString()!, platform.GetProperty("variant").GetString() is { Length: > 0 } variant ? variant : null);

    // A node as the kubelet registers it: with the labels that tell its platform, the old ones too.
    private static NodeSnapshot Node(JsonElement node)
    {
        var (os, arch) = (node.GetProperty("os").GetString()!, node.GetProperty("arch").GetString()!);
        var labels = node.GetProperty("labels").EnumerateObject().ToImmutableDictionary(label => label.Name, label => label.Value.GetString()!);
        foreach (var prefix in new[] { "", "beta." })
        {
            labels = labels.SetItem($"{prefix}kubernetes.io/os", os).SetItem($"{prefix}kubernetes.io/arch", arch);
        }

        return new NodeSnapshot(node.GetProperty("name").GetString()!, labels, [], Unschedulable: false);
    }

    // As the controller reads it, from a workload with this pod spec.
    private static NodeConstraint Placement(JsonElement podSpec)
    {
        var workload = """{"metadata":{"name":"x","namespace":"x"},"spec":{"template":{"spec":POD}}}""".Replace("POD", podSpec.GetRawText(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(workload);
        return new WorkloadReader(new ValuePool()).Read(WorkloadKinds.Deployment, "apps/v1", json.RootElement).Placement;
    }
}
