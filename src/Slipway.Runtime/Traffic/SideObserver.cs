using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Controllers;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Reads what runs beside a workload and how requests are divided. Where nothing is under way it costs a look into a cache.</summary>
public sealed class SideObserver(ClusterView cluster, SidePlaces places, Preflight preflight, SideInterest interest, TrafficTroubles troubles, LiveSide live)
{
    /// <summary>Whether anything is, or may be, beside the workload. The finalizer is written before the first thing is made.</summary>
    public static bool IsUnderWay(Delivery delivery, IReadOnlyCollection<WorkloadSnapshot> siblings) =>
        siblings.Count > 0 || delivery.Metadata.Finalizers?.Contains(ApiNames.SideFinalizer) == true;

    public void Forget(ObjectKey key)
    {
        interest.Forget(key);
        preflight.Forget(key);
        troubles.Forget(key);
    }

    /// <exception cref="Queue.NotReadyException">What it hangs on is being listed.</exception>
    public async Task<SideFacts> ObserveAsync(ObjectKey key, DeliveryFacts facts, CancellationToken cancellationToken)
    {
        var siblings = cluster.Siblings(facts.Delivery.Metadata.Uid ?? "");
        if (!IsUnderWay(facts.Delivery, siblings))
        {
            interest.Forget(key);
            troubles.Forget(key);
            return IsToStart(facts) ? new SideFacts(Problem: await preflight.ProblemAsync(key, facts, cancellationToken)) : SideFacts.None;
        }

        var traffic = PlanOf(facts)?.Traffic ?? new TrafficPlan();
        var sibling = siblings.OrderBy(one => one.Key.Name, StringComparer.Ordinal).FirstOrDefault();
        var pods = sibling is null ? [] : facts.Delivery.Status?.Rollout is RolloutState.Draining
            ? await LiveAsync(key, facts, traffic, sibling, cancellationToken)
            : facts.Pods.GetValueOrDefault(sibling.Key, []);
        var containers = facts.Targets.Targets is [var first, ..] ? first.Containers : [];
        return new SideFacts(
            sibling is { Side: { } mark } ? SideReading.Of(sibling, mark, containers, pods, facts.Now) : null,
            await TrafficAsync(key, facts, traffic, sibling, pods, cancellationToken),
            Ripens: sibling is { Side: { } one } ? SideReading.NextRipe(one, pods, facts.Now) : null);
    }

    /// <summary>
    /// What says that nothing can reach the side any more is read live: a cache from before the first request was sent there says so too (I2, I26).
    /// </summary>
    private async Task<IReadOnlyList<PodSnapshot>> LiveAsync(ObjectKey key, DeliveryFacts facts, TrafficPlan traffic, WorkloadSnapshot sibling, CancellationToken cancellationToken)
    {
        var place = SidePlaces.Of(key, facts.Delivery.Metadata.Uid ?? "", traffic, sibling.Side!);
        if (places.RouterOf(traffic.Router) is { } router)
        {
            await router.RefreshAsync(place, cancellationToken);
        }

        return [.. (await live.SideAsync(place, cancellationToken)).Select(pod => pod.Value)];
    }

    private async Task<TrafficSnapshot?> TrafficAsync(
        ObjectKey key, DeliveryFacts facts, TrafficPlan traffic, WorkloadSnapshot? sibling, IReadOnlyList<PodSnapshot> pods, CancellationToken cancellationToken)
    {
        if (traffic.Router == RouterKind.Partition || await PlaceAsync(key, facts, traffic, sibling, cancellationToken) is not { } place)
        {
            return null;
        }

        Follow(key, place);
        await cluster.Traffic.EndpointTypeAsync(cancellationToken);
        TrafficSnapshot? seen;
        if (traffic.Router == RouterKind.Pods)
        {
            var endpoints = place.Services.Select(service => cluster.Traffic.Endpoints(place.Namespace, service)).ToArray();
            seen = new(0, EndpointView.AgreesWithGates(pods, endpoints.Contains(null) ? null : [.. endpoints.OfType<ImmutableHashSet<string>>()]));
        }
        else
        {
            seen = await places.RouterOf(traffic.Router)!.ObserveAsync(place, pods, cancellationToken);
        }

        return seen is not null && troubles.Of(key) is { } trouble ? seen with { Problem = seen.Problem ?? trouble } : seen;
    }

    // Without a sibling there is nobody who knows, and it is found out anew; where that cannot be done, nothing is there.
    private async Task<SidePlace?> PlaceAsync(ObjectKey key, DeliveryFacts facts, TrafficPlan traffic, WorkloadSnapshot? sibling, CancellationToken cancellationToken)
    {
        var uid = facts.Delivery.Metadata.Uid ?? "";
        if (sibling is { Side: { } mark })
        {
            return SidePlaces.Of(key, uid, traffic, mark) is { Services: not [] } place || traffic.Router == RouterKind.Pods ? SidePlaces.Of(key, uid, traffic, mark) : null;
        }

        try
        {
            return facts.Targets.Targets is [{ Key: var stable }, ..]
                ? (await places.ResolveAsync(key, uid, stable.Name, traffic, live, withLabel: false, cancellationToken)).Place
                : null;
        }
        catch (TrafficRefusedException e)
        {
            troubles.Note(key, e.Message);
            return null;
        }
    }

    private void Follow(ObjectKey key, SidePlace place)
    {
        var what = ImmutableHashSet.CreateBuilder<string>();
        what.Add(TrafficView.ServicesKey(place.Namespace));
        what.UnionWith(place.Services.Select(service => TrafficView.EndpointsKey(place.Namespace, service)));
        if (place.Traffic is { Route: { } route, Router: var router })
        {
            what.Add(router == RouterKind.Ingress
                ? TrafficView.RouteKey("Ingress", place.Namespace, SideNames.Beside(route, SideNames.Canary))
                : TrafficView.RouteKey(RouteDialect.Of(router)!.Kind, place.Namespace, route));
        }

        interest.Follow(key, what.ToImmutable());
    }

    /// <summary>The plan of the attempt, or, where there is none, that of the spec.</summary>
    private static RolloutPlan? PlanOf(DeliveryFacts facts) => facts.Delivery.Status?.Rollout switch
    {
        RolloutState.Stepping at => at.Attempt.Plan,
        RolloutState.Advancing at => at.Attempt.Plan,
        RolloutState.Reverting back => back.Attempt.Plan,
        RolloutState.Recording recording => recording.Attempt.Plan,
        RolloutState.Draining { Attempt: { } attempt } => attempt.Plan,
        _ => null,
    } ?? facts.Terms.Rollout.Plan;

    private static bool IsToStart(DeliveryFacts facts)
    {
        var status = facts.Delivery.Status;
        var candidate = facts.Source.Sighting is Sources.Sighting.Seen seen ? seen.Digest : status?.Candidate?.Digest;
        return facts.Terms.Rollout.Plan is not null && status is { Current: { } current, Rollout: null or RolloutState.Idle or RolloutState.Held }
            && candidate is not null && candidate != current.Digest && status.Rejected?.Any(rejected => rejected.Digest == candidate) != true;
    }
}
