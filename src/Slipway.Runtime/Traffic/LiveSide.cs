using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Looks at the API server itself who can bear requests, right before some are sent there (I1, I9, I26).</summary>
public sealed class LiveSide(ResourceClient<PodSnapshot> pods, TrafficView view, TimeProvider time)
{
    // The endpoints of a new Service are there within a second or two.
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    public DateTimeOffset Now => time.GetUtcNow();

    public ResourceClient<PodSnapshot> Pods => pods;

    /// <summary>The stable Deployment.</summary>
    /// <exception cref="TrafficRefusedException">It is gone, or going.</exception>
    public async Task<JsonObject> StableAsync(SidePlace place, CancellationToken cancellationToken) =>
        await view.DeploymentClient.GetAsync(place.Key(place.Stable), cancellationToken) is { } found && found.Value["metadata"]!["deletionTimestamp"] is null
            ? found.Value
            : throw new TrafficRefusedException($"Deployment {place.Stable} is gone: there is nothing to run the new version beside");

    public static int Replicas(JsonObject deployment) => (int?)deployment["spec"]!["replicas"] ?? 1;

    public async Task<ImmutableArray<ResourceItem<PodSnapshot>>> SideAsync(SidePlace place, CancellationToken cancellationToken) =>
        (await pods.ListAsync(new ListScope(place.Namespace, $"{SideMark.SideLabel}={place.Sibling}"), cancellationToken)).Items;

    public Task<ListPage<PodSnapshot>> MatchingAsync(SidePlace place, IEnumerable<KeyValuePair<string, string>> selector, CancellationToken cancellationToken) =>
        pods.ListAsync(new ListScope(place.Namespace, LabelSelectors.ToQuery(new LabelSelector { MatchLabels = selector.ToImmutableDictionary() })), cancellationToken);

    public int Available(SidePlace place, IEnumerable<PodSnapshot> all) => all.Count(pod => GateChoice.IsAvailable(pod, place.MinReadySeconds, Now));

    /// <exception cref="TrafficRefusedException">Too few pods of the new version are available for so many requests.</exception>
    public async Task RequireCapacityAsync(SidePlace place, int weight, CancellationToken cancellationToken)
    {
        var replicas = Replicas(await StableAsync(place, cancellationToken));
        var available = Available(place, (await SideAsync(place, cancellationToken)).Select(pod => pod.Value));
        if (!Capacity.Bears(available, Math.Max(weight, 1), 100, replicas))
        {
            throw new TrafficRefusedException($"{weight} % of the requests of {place.Stable} ({replicas} pods) need {Math.Max(1, Capacity.Pods(weight, 100, replicas))} pods of {place.Sibling}, and {available} are available");
        }
    }

    /// <summary>That pods are ready is one thing, that the Service before them knows it another: a router that is faster than its endpoints sends requests to nobody.</summary>
    /// <exception cref="NotReadyException">Its endpoints are still to come.</exception>
    public async Task RequireEndpointsAsync(SidePlace place, int weight, CancellationToken cancellationToken)
    {
        var replicas = Replicas(await StableAsync(place, cancellationToken));
        if (await view.LiveEndpointsAsync(place.Namespace, place.CanaryService, cancellationToken) is { } known && !Capacity.Bears(known, Math.Max(weight, 1), 100, replicas))
        {
            throw new NotReadyException($"Service {place.CanaryService} has {known} endpoints, too few for {weight} % of the requests of {place.Stable}", Again);
        }
    }
}
