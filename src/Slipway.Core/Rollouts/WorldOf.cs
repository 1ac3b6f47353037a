using System.Collections.Immutable;
using System.Diagnostics;
using Slipway.Api;
using Slipway.Checks;
using Slipway.History;
using Slipway.Rollouts.Strategies;
using Slipway.Traffic;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>
/// The world that a stored state describes. It follows from the state and the terms alone, never from what was done before, so a lost
/// write or a hand edit is put right by the next pass, whichever it is.
/// </summary>
public static class WorldOf
{
    public static World State(DeliverySnapshot now) => now.State switch
    {
        // Suspended: the history is still written, but not one write goes to a workload (rule 7).
        Recording recording => new(ReleaseOf(now, recording.Attempt, recording.Result), [], []),
        Draining at => Closing(now, at),
        _ when now.Terms.Suspended => World.Untouched,
        Idle or Held => World.Untouched with
        {
            Finalizer = Drain.HasResidue(now) ? null : false,
            Unpartition = [.. now.Targets.Where(target => target.OwnsPartition).Select(target => target.Key)],
            Prune = Retention.Expired(now.History, now.Status.Current?.Release ?? 0, now.Terms, now.Now),
            Publish = Publishing.Wish(now),
        },
        Stepping at => Stepped(now, at),
        Advancing at => new World(Running(now, at.Attempt), Wishes(now.UpToWave(at.Wave), at.Attempt.Tag, at.Attempt.Digest, at.Attempt.Number), [])
        {
            Unstick = Stuck(now),
            Measure = Evidence.Wishes(at.Attempt.Plan?.ChecksOfPromotion() ?? [], at.Checks, Steps.Promotion, Context(now, at.Attempt, at.Side, at.FirstHealthy)),
        }.With(now, at.Attempt, at.Side),
        Reverting back => new World(Running(now, back.Attempt), Wishes(ToGoBack(now, back.Attempt.Previous), back.Attempt.Previous), [])
        {
            Unstick = Stuck(now),
            Measure = Evidence.Wishes(back.Attempt.Plan?.ChecksOfRollback() ?? [], back.Checks, Steps.Rollback, Context(now, back.Attempt, side: null, since: null)),
        }.With(now, back.Attempt, back.Side),
        Correcting => new(null, Wishes(now.Targets, now.Status.Current), []),
        _ => throw new UnreachableException($"unknown state {now.State}"),
    };

    // The stable workload is nobody's to write to while the new version is tried beside it; only where it is stepped itself, its upper pods are.
    private static World Stepped(DeliverySnapshot now, Stepping at)
    {
        var (attempt, plan) = (at.Attempt, at.Attempt.Plan!);
        var world = new World(Running(now, attempt), [], [])
        {
            Measure = Evidence.Wishes(plan.ChecksOf(plan.Steps[at.Step]), at.Checks, at.Step, Context(now, attempt, at.Side, at.Since)),
        };
        return plan.Traffic.Router != RouterKind.Partition ? world.With(now, attempt, at.Side) : world with
        {
            Images = [.. now.Targets.Take(1).Select(target => new TargetWish(target.Key, attempt.Tag, attempt.Digest, attempt.Number) { Partition = Math.Max(0, at.Side.Of - at.Side.Open) })],
            Unstick = Stuck(now),
        };
    }

    private static World Closing(DeliverySnapshot now, Draining at)
    {
        var world = World.Untouched with { Release = at.Attempt is { } attempt ? Running(now, attempt) : null, Finalizer = true };
        if (at.Side.IsExposed)
        {
            return world.With(now, at.Attempt!, at.Side);
        }

        // What is gone already is not made again to be closed.
        var traffic = new TrafficWish(Key(now, at.Side), Drain.TrafficOf(now, at.Attempt), 0, null, null, Restore: at.Removing);
        return world with { NoSide = at.Removing, Traffic = traffic };
    }

    private static World With(this World world, DeliverySnapshot now, Attempt attempt, Side? side)
    {
        if (side is null)
        {
            return world;
        }

        var (plan, stable) = (attempt.Plan!, Key(now, side));
        return world with
        {
            Finalizer = true,
            Side = new SideWish(stable, attempt.Tag, attempt.Digest, attempt.Number, side.Replicas, side.Open, plan.Traffic),
            Traffic = new TrafficWish(stable, plan.Traffic, side.Weight, side.Rules is { } rules ? plan.Steps[rules] : null, side.Rules),
        };
    }

    private static WorkloadKey Key(DeliverySnapshot now, Side side) => new("Deployment", now.Namespace, side.Stable);

    private static MeasureContext Context(DeliverySnapshot now, Attempt attempt, Side? side, DateTimeOffset? since) => new(
        now.Namespace, now.Name, now.Uid, attempt.Release, side?.Stable ?? now.Targets.FirstOrDefault()?.Key.Name ?? "", Sibling(attempt, side), attempt.Tag, attempt.Digest, attempt.Previous?.Tag, attempt.Previous?.Digest)
    {
        Since = since ?? now.Now,
        Kind = now.Targets.FirstOrDefault()?.Key.Kind ?? "Deployment",
        CandidatePods = IsPartitioned(attempt, side) ? Ordinals(side!, side!.Of - side.Open, side.Of) : [],
        StablePods = IsPartitioned(attempt, side) ? Ordinals(side!, 0, side!.Of - side.Open) : [],
    };

    private static string? Sibling(Attempt attempt, Side? side) =>
        side is null ? null : IsPartitioned(attempt, side) ? side.Stable : SideNames.Sibling(side.Stable, attempt.Plan!.Traffic.Router);

    private static bool IsPartitioned(Attempt attempt, Side? side) => side is not null && attempt.Plan?.Traffic.Router == RouterKind.Partition;

    // One workload has both versions: its pods are told apart by their ordinals.
    private static ImmutableArray<string> Ordinals(Side side, int from, int to) =>
        [.. Enumerable.Range(Math.Max(0, from), Math.Max(0, to - Math.Max(0, from))).Select(ordinal => $"{side.Stable}-{ordinal}")];

    private static ImmutableArray<StuckPod> Stuck(DeliverySnapshot now) => [.. now.Targets.SelectMany(target => target.Stuck)];

    private static Release Running(DeliverySnapshot now, Attempt attempt) => ReleaseOf(now, attempt, new ReleaseStatus { Outcome = Outcomes.Running, Transitions = attempt.Transitions });

    // What was found under a bare tag and still runs so was never written to, and is not for going back either.
    private static IEnumerable<TargetSnapshot> ToGoBack(DeliverySnapshot now, ReleasedImage? previous) =>
        now.Targets.Where(target => previous is not { Adopted: true } || !now.Runs(target, previous));

    private static ImmutableArray<TargetWish> Wishes(IEnumerable<TargetSnapshot> targets, ReleasedImage? image) =>
        image is null ? [] : Wishes(targets, image.Tag, image.Digest, image.Release);

    private static ImmutableArray<TargetWish> Wishes(IEnumerable<TargetSnapshot> targets, string? tag, string digest, long release) =>
        [.. targets.Select(target => new TargetWish(target.Key, tag, digest, release))];

    private static Release ReleaseOf(DeliverySnapshot now, Attempt attempt, ReleaseStatus status) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = attempt.Release,
            Namespace = now.Namespace,
            Labels = ImmutableDictionary<string, string>.Empty.Add(ApiNames.DeliveryLabel, ReleaseName.LabelFor(now.Name)),
            OwnerReferences = [new(ApiNames.ApiVersion, ApiNames.DeliveryKind, now.Name, now.Uid, Controller: true)],
        },
        Spec = new ReleaseSpec
        {
            Delivery = now.Name,
            Number = attempt.Number,
            Repository = attempt.Repository,
            Tag = attempt.Tag,
            Digest = attempt.Digest,
            Previous = attempt.Previous,
            Cause = attempt.Cause,
            By = attempt.By,
            StartedAt = attempt.StartedAt,
        },
        Status = status,
    };
}
