using System.Collections.Immutable;
using System.Diagnostics;
using Slipway.Api;
using Slipway.History;
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
        _ when now.Terms.Suspended => World.Untouched,
        Idle or Held => World.Untouched with
        {
            Prune = Retention.Expired(now.History, now.Status.Current?.Release ?? 0, now.Terms, now.Now),
            Publish = Publishing.Wish(now),
        },
        Advancing at => new(Running(now, at.Attempt), Wishes(now.UpToWave(at.Wave), at.Attempt.Tag, at.Attempt.Digest, at.Attempt.Number), []) { Unstick = Stuck(now) },
        Reverting back => new(Running(now, back.Attempt), Wishes(now.Targets, back.Attempt.Previous), []) { Unstick = Stuck(now) },
        Correcting => new(null, Wishes(now.Targets, now.Status.Current), []),
        _ => throw new UnreachableException($"unknown state {now.State}"),
    };

    private static ImmutableArray<StuckPod> Stuck(DeliverySnapshot now) => [.. now.Targets.SelectMany(target => target.Stuck)];

    private static Release Running(DeliverySnapshot now, Attempt attempt) => ReleaseOf(now, attempt, new ReleaseStatus { Outcome = Outcomes.Running });

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
