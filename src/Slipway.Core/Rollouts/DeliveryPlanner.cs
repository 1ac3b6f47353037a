using System.Diagnostics;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Groups;
using Slipway.History;
using Slipway.Rollouts.Strategies;
using Slipway.Sources;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>
/// Decides the next move of one Delivery. Pure: the clock is read by the caller, and nothing is awaited. Every branch of a rollout's
/// life is chosen in <see cref="Step"/>, so reading that one switch is reading the state machine; the drawing is in this folder's README.
/// </summary>
public static class DeliveryPlanner
{
    public static DeliveryPlan Plan(DeliverySnapshot observed)
    {
        var now = Noted(StandingStill.Ended(observed));
        var move = LostAndFound.Orphan(now) ?? (now.Leaving ? null : PeoplesRequests.Step(now)) ?? Step(now);
        var status = DeliveryConditions.Describe(now, move.Status);
        return new DeliveryPlan(status, WorldOf.State(now), WakeOf(now with { Status = status }, move.Wake), Announcements.Of(observed.Status, status, move.Refusal));
    }

    private static Move Step(DeliverySnapshot now) => now.State switch
    {
        // First of all states, and before any reason to wait: what is decided goes into the history.
        Recording recording when IsWritten(now, recording) => Move.To(now, recording.Then),
        Recording => Move.Stay(now),

        // Requests are taken from what is to go whatever else stands still, and no exposure outlasts its time.
        Draining drain => Drain.Step(now, drain),
        _ when now.Leaving => Leave(now),
        Stepping at when Stepwise.HasRunOut(now, at) => Stepwise.EndBox(now, at),

        _ when now.Terms.Suspended => Move.Stay(now),
        Idle or Held { Reason: not Reasons.RollbackDisabled } when Drain.HasResidue(now) => Drain.Residue(now),
        Idle or Held when now.Obstacle() is not null => Move.Stay(now),

        Idle when now.Status.Current is null => Adoption.Step(now),
        Idle when Starting.Startable(now, now.Status.Current!.Digest) is { } candidate => Starting.NewImage(now, candidate),
        Idle idle => Drift.Step(now, now.Status.Current!, then: idle) ?? Move.Stay(now),

        // All or none: one of those that move together has failed.
        Stepping or Advancing { Attempt.Previous: not null } when GroupGate.MustGoBack(now, now.State.Attempted!) is { } failure =>
            Ending.Back(now, now.State, Reasons.GroupFailed, failure.Message),
        Advancing { Attempt.Group.Phase: GroupPhase.Settled } at => Rolling.Settled(now, at),

        // The moving tag went back to what ran before: the newer image is withdrawn, not failed.
        Advancing at when !at.Attempt.IsByHand && IsWithdrawn(now, at.Attempt) =>
            Ending.Back(now, at, Reasons.Withdrawn, $"{now.Status.Candidate!.Tag} is followed again"),
        Stepping at when IsWithdrawn(now, at.Attempt) => Ending.Back(now, at, Reasons.Withdrawn, $"{now.Status.Candidate!.Tag} is followed again"),

        // A newer candidate supersedes. The stable side stays the last digest that passed, never the one that is cut short: a rollback
        // would land on an image that nobody verified.
        // What has passed beside the stable version is promoted first: cut short then, it would leave a stable side of two versions.
        Stepping at when Newer(now) is { } newer => Ending.Conclude(now, at, Outcomes.Superseded, Reasons.Superseded, $"{newer.Tag} came before {at.Attempt.Tag} had passed", null),
        Advancing { Side: null } at when !at.Attempt.IsByHand && Newer(now) is { } newer =>
            Move.End(now, at.Attempt, Outcomes.Superseded, Reasons.Superseded, $"{newer.Tag} came before {at.Attempt.Tag} had passed"),

        Stepping at => Stepwise.Step(now, at),

        // A target that is gone is waited for as long as one that is late.
        Advancing at when now.Obstacle() is { } problem => Rolling.Miss(now, at, problem),
        Advancing at => Rolling.Step(now, at),

        Reverting back when now.Obstacle() is { } problem => now.Now < back.Deadline
            ? Move.Stay(now, back.Deadline)
            : Move.End(now, back.Attempt, Outcomes.RolledBack, problem.Reason, $"{back.Message}; {problem.Message}").Before(now, back.Attempt, back.Side, gently: false),
        Reverting back => Reversion.Step(now, back),

        Correcting correcting when IsCorrected(now) || now.Now >= correcting.Deadline => Move.To(now, correcting.Then),
        Correcting correcting => Move.Stay(now, correcting.Deadline),

        Held held when IsOverBy(now, held) => Move.To(now, new Idle()),
        // A version that a person went back to stays, whatever a tool re-applies.
        Held { Reason: Reasons.ManualRollback } held when now.Status.Current is { } current => Drift.Step(now, current, then: held) ?? Move.Stay(now),
        Held => Move.Stay(now),

        _ => throw new UnreachableException($"unknown state {now.State}"),
    };

    /// <summary>
    /// The snapshot with the registry's word noted in its status. When a candidate was first seen is kept while it is the same digest; its
    /// explanation too, or each tag that is pushed and does not matter would be a write.
    /// </summary>
    private static DeliverySnapshot Noted(DeliverySnapshot now)
    {
        now = now with { Status = now.Status with { Resting = Resting.Pruned(now) } };
        if (now.Sighting is not Sighting.Seen seen)
        {
            return now;
        }

        // What was adopted, or found in the history, learns here when it was built.
        if (seen.Built is not null && now.Status.Current is { Built: null } current && current.Digest == seen.Digest)
        {
            now = now with { Status = now.Status with { Current = current with { Built = seen.Built } } };
        }

        var known = now.Status.Candidate;
        if (known?.Digest == seen.Digest && known.Tag == seen.Tag)
        {
            return now;
        }

        var before = known?.Digest == seen.Digest ? known : now.Status.Resting?.FirstOrDefault(resting => resting.Digest == seen.Digest);
        var candidate = new CandidateStatus(seen.Tag, seen.Digest, before?.FirstSeen ?? now.Now, seen.Why) { Built = seen.Built };
        return now with
        {
            Status = now.Status with
            {
                Candidate = candidate,
                Resting = now.Terms.MinimumAge == TimeSpan.Zero ? null : Resting.After(now, seen.Digest),
            },
        };
    }

    private static CandidateStatus? Newer(DeliverySnapshot now) =>
        Starting.Startable(now, now.State.Attempted!.Digest) is { } newer && newer.Digest != now.Status.Current?.Digest ? newer : null;

    // The Delivery is being deleted. Its workload stays as it is; what runs beside it goes as carefully as ever.
    private static Move Leave(DeliverySnapshot now) => now.State switch
    {
        _ when now.State.Beside is { } side => Move.To(now, new Idle()).Before(now, now.State.Attempted, side, gently: true),
        Idle when Drain.HasResidue(now) => Drain.Residue(now),
        Idle => Move.Stay(now),
        _ => Move.To(now, new Idle()),
    };

    // Whatever the state: a candidate may end a hold, or an attempt, when it has rested; and an exposure ends in time.
    private static DateTimeOffset? WakeOf(DeliverySnapshot after, DateTimeOffset? wake) =>
        Sooner(Sooner(Sooner(wake, Starting.ClosedGate(after)?.Until), Resting.NextRipe(after)), after.State is Stepping { BoxEnds: { } ends } && ends > after.Now ? ends : null);

    private static DateTimeOffset? Sooner(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    // The first outcome counts, whichever it is: a Release is never rewritten, so to wait for another one would be to wait for ever.
    private static bool IsWritten(DeliverySnapshot now, Recording recording) =>
        now.History.Any(release => release.Name == recording.Attempt.Release && Outcomes.IsFinal(release.Outcome));

    private static bool IsWithdrawn(DeliverySnapshot now, Attempt attempt) =>
        now.Terms.FollowsMovingTag && now.Targets.All(target => target.Busy is null) && attempt.Previous is { } previous && now.Status.Candidate?.Digest == previous.Digest && attempt.Digest != previous.Digest;

    // A person who sets another image meanwhile ends it too: what comes then respects that.
    private static bool IsCorrected(DeliverySnapshot now) =>
        now.Obstacle() is not null || now.Status.Current is not { } current
        || now.Targets.All(target => now.Runs(target, current)) || Drift.SetByPerson(now, current) is not null;

    private static bool IsOverBy(DeliverySnapshot now, Held held) =>
        held is { Pinned: false, Reason: not Reasons.ManualRollback } && Starting.Startable(now, now.Status.Current?.Digest) is { } newer && newer.Digest != held.Candidate

        // One that had been overtaken when the hold began is nothing new.
        && (newer.Digest == now.Status.Candidate?.Digest || newer.FirstSeen > held.Since);
}
