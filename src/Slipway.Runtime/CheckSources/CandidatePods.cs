using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Checks;
using Slipway.Kube;

namespace Slipway.CheckSources;

/// <summary>Finds the pods that run the new version, whether they take requests or not: before the first request they are asked too.</summary>
internal sealed class CandidatePods(ClusterConnection cluster)
{
    // Each of them is asked each time.
    private const int Most = 50;

    private sealed record Selected(string Labels);

    private sealed record Found(string Address, bool Runs);

    /// <summary>Their addresses; none where the workload is not there.</summary>
    /// <exception cref="KubeException"/>
    public async Task<ImmutableArray<string>> AddressesAsync(MeasureWish wish, CancellationToken cancellationToken)
    {
        var (context, sides) = (wish.Context, Sides.Of(wish));
        var type = context.Kind switch
        {
            "StatefulSet" => ResourceTypes.StatefulSets,
            "DaemonSet" => ResourceTypes.DaemonSets,
            _ => ResourceTypes.Deployments,
        };
        var workload = await new ResourceClient<Selected>(cluster, type, Selector).GetAsync(new ObjectKey(context.Namespace, sides.Candidate), cancellationToken);
        if (workload is null || workload.Value.Labels.Length == 0)
        {
            return [];
        }

        var digest = Sides.Versions(wish).Digest;
        var pods = new ResourceClient<Found>(cluster, ResourceTypes.Pods, pod => Read(pod, digest));
        var page = await pods.ListPageAsync(new ListScope(context.Namespace, workload.Value.Labels), null, 500, cancellationToken);
        return [.. page.Items.Where(item => item.Value.Runs).Select(item => item.Value.Address).Take(Most)];
    }

    private static Selected Selector(JsonElement workload) => new(string.Join(
        ',',
        workload.Property("spec")?.Property("selector")?.Property("matchLabels") is { ValueKind: JsonValueKind.Object } labels ? labels.EnumerateObject().Select(label => $"{label.Name}={label.Value.GetString()}") : []));

    private static Found Read(JsonElement pod, string digest)
    {
        var status = pod.Property("status");
        var containers = (status?.Elements("containerStatuses") ?? []).ToArray();
        var images = (pod.Property("spec")?.Elements("containers") ?? []).Select(container => container.Text("image")).Concat(containers.Select(container => container.Text("imageID")));
        return new Found(
            status?.Text("podIP") ?? "",
            pod.Property("metadata")?.Property("deletionTimestamp") is null
                && status?.Text("podIP") is { } address
                && ReachRule.WhyNotAddress(address) is null
                && containers.Length > 0
                && containers.All(container => container.Property("ready") is { ValueKind: JsonValueKind.True })
                && images.Any(image => image?.EndsWith(digest, StringComparison.Ordinal) == true));
    }
}
