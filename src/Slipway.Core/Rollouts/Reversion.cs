using Slipway.Conditions;
using Slipway.History;
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
            return Move.End(now, back.Attempt, Outcomes.Failed, back.Reason, back.Message);
        }

        var placed = now.Targets.All(target => now.Runs(target, previous));
        if (back.Placed && !placed && now.SetByPerson(now.Targets, previous.Tag, previous.Digest, previous.Adopted) is { } set)
        {
            var message = $"{set.Image.Manager} set {set.Target.Key} to {Drift.Describe(set.Image)} while {previous.Tag} was being restored";
            return End(now, back, Reasons.Drifted, new Held(Reasons.Drifted, message, now.Now, now.Status.Candidate?.Digest));
        }

        return (placed, Targets.Together(now.Targets)) switch
        {
            (true, Health.Healthy) => End(now, back, back.Reason, Then(now, back)),
            // A fix must not wait until a version that is known to be good, and is not healthy, has used up its time (I34).
            _ when Starting.Startable(now, back.Attempt.Digest) is { } fix && fix.Digest != previous.Digest =>
                End(now, back with { Message = $"{back.Message}; {fix.Tag} came before {previous.Tag} was healthy again" }, back.Reason, Then(now, back)),
            _ when now.Now >= back.Deadline => End(now, back, Reasons.RollbackIneffective, Then(now, back)),
            (true, _) when !back.Placed => Move.To(now, back with { Placed = true }, back.Deadline),
            _ => Move.Stay(now, back.Deadline),
        };
    }

    private static Move End(DeliverySnapshot now, Reverting back, string reason, RolloutState then)
    {
        var previous = back.Attempt.Previous!;
        var outcome = back.Reason == Reasons.Withdrawn ? Outcomes.Superseded : Outcomes.RolledBack;
        var message = reason == Reasons.RollbackIneffective
            ? $"{back.Message}; {previous.Tag} was written back and is not healthy either: the cause lies elsewhere"
            : back.Message;
        return Move.End(now, back.Attempt, outcome, reason, message, then);
    }

    private static RolloutState Then(DeliverySnapshot now, Reverting back) => back.Reason == Reasons.Aborted || back.Attempt.Cause == Causes.Rollback
        ? new Held(Reasons.ManualRollback, $"{back.Attempt.Tag} was rolled back by hand; 'slipway resume {now.Name}' follows the source again", now.Now, now.Status.Candidate?.Digest)
        : new Idle();
}
