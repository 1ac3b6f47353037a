using Slipway.Api;
using Slipway.Checks;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.History;
using Slipway.Rollouts.Strategies;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>The way back: the one exit for failure, abort and withdrawal.</summary>
public static class Reversion
{
    public static Move Step(DeliverySnapshot now, Reverting back)
    {
        // Nothing reverts without a version to go back to; a status that says otherwise was edited by hand.
        if (back.Attempt.Previous is not { } previous)
        {
            return Move.End(now, back.Attempt, Outcomes.Failed, back.Reason, back.Message).Before(now, back.Attempt, back.Side, gently: false);
        }

        var placed = now.Targets.All(target => now.Runs(target, previous));
        if (back.HighWater is not null && !placed && now.SetByPerson(now.Targets, previous.Tag, previous.Digest, previous.Adopted) is { } set)
        {
            var message = $"{set.Image.Manager} set {set.Target.Key} to {Drift.Describe(set.Image)} while {previous.Tag} was being restored";
            return End(now, back with { Message = $"{back.Message}; {message}" }, Reasons.Drifted, Drift.Left(now, message, pinned: Then(now, back) is Held));
        }

        return (placed, Targets.Together(now.Targets)) switch
        {
            (true, Health.Healthy) => Verify(now, back, previous),
            // A fix must not wait until a version that is known to be good, and is not healthy, has used up its time (I34). But where it is to be
            // stepped, it waits until that version is written back: with nothing to step beside, its steps would be left out (I13).
            _ when (placed || now.Terms.Plan is null or { Steps.Count: 0 }) && Fix(now, back, previous) is { } fix =>
                End(now, back with { Message = $"{back.Message}; {fix.Tag} came before {previous.Tag} was healthy again" }, back.Reason, Then(now, back)),
            _ when now.Now >= back.Deadline => End(now, Ineffective(now, back, previous, placed), Reasons.RollbackIneffective, Then(now, back)),
            (true, var health) => Watch(now, back, health),
            _ => Move.Stay(now, back.Deadline),
        };
    }

    // Where it was a check that had failed, what it measures now tells whether the image was to blame at all.
    private static Move Verify(DeliverySnapshot now, Reverting back, ReleasedImage previous)
    {
        var checks = back.Reason == Reasons.CheckFailed ? back.Attempt.Plan?.ChecksOfRollback() ?? [] : [];
        var taken = Evidence.Taken(now, back.Attempt, Steps.Rollback, checks, back.Checks);
        var measured = back with { Checks = taken ?? back.Checks ?? Evidence.Begin(checks, now.Now) };
        var verdict = Evidence.Of(checks, measured.Checks, over: true);
        var noted = measured with { Attempt = Evidence.Noted(back.Attempt, checks, measured.Checks, Steps.Rollback, over: true) };
        return verdict switch
        {
            Verdict.Failed => End(
                now,
                noted with { Message = $"{back.Message}; {previous.Tag} runs again, and {Evidence.Describe(checks, measured.Checks, verdict, over: true)}: the cause lies elsewhere" },
                Reasons.RollbackIneffective,
                Then(now, back)),
            Verdict.Passed => End(now, noted, back.Reason, Then(now, back)),
            _ when now.Now < back.Deadline => Move.To(now, measured, back.Deadline),
            // That nothing could be measured says nothing against the way back.
            _ => End(now, noted, back.Reason, Then(now, back)),
        };
    }

    // As on the way there, only more pods than ever before are progress (I32): a large workload goes back as slowly as it came.
    private static Move Watch(DeliverySnapshot now, Reverting back, Health health)
    {
        if (health is Health.Progressing { Available: var available } && (back.HighWater is null || available > back.HighWater))
        {
            var deadline = now.Now + now.Terms.ProgressDeadline;
            return Move.To(now, back with { HighWater = available, Deadline = deadline }, deadline);
        }

        return Move.To(now, back with { HighWater = back.HighWater ?? 0 }, back.Deadline);
    }

    private static Reverting Ineffective(DeliverySnapshot now, Reverting back, ReleasedImage previous, bool placed) => back with
    {
        Message = placed
            ? $"{back.Message}; {previous.Tag} was written back and is not healthy either: the cause lies elsewhere"
            : $"{back.Message}; {previous.Tag} could not be written back within {DurationText.Write(now.Terms.ProgressDeadline)}",
    };

    // What a person decided is not cut short for a candidate, which would have to wait anyway.
    private static CandidateStatus? Fix(DeliverySnapshot now, Reverting back, ReleasedImage previous) =>
        Then(now, back) is Idle && Starting.Startable(now, back.Attempt.Digest) is { } fix && fix.Digest != previous.Digest ? fix : null;

    private static Move End(DeliverySnapshot now, Reverting back, string reason, RolloutState then) =>
        Move.End(now, back.Attempt, back.Outcome ?? (back.Reason == Reasons.Withdrawn ? Outcomes.Superseded : Outcomes.RolledBack), reason, back.Message, then).Before(now, back.Attempt, back.Side, gently: false);

    private static RolloutState Then(DeliverySnapshot now, Reverting back)
    {
        return back switch
        {
            { Then: { } then, Reason: not Reasons.Aborted } => then,
            { Reason: Reasons.Aborted } => Hold($"{back.Attempt.Tag} was rolled back by hand"),
            { Attempt.IsByHand: true } => Hold($"the rollback to {back.Attempt.Tag} failed ({back.Reason}) and {back.Attempt.Previous?.Tag} is kept"),
            _ => new Idle(),
        };

        Held Hold(string what) => new(Reasons.ManualRollback, $"{what}; 'slipway resume {now.Name}' follows the source again", now.Now, now.Status.Candidate?.Digest);
    }
}
