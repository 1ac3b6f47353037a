using Slipway.Checks;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts.Strategies;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>How an attempt fails, and how it is gone back from. Its digest is rejected in the same write, so that no crash can forget it (I16).</summary>
public static class Ending
{
    /// <summary>The new version did not pass beside the stable one, which was never touched.</summary>
    public static Move Fail(DeliverySnapshot now, Stepping at, string reason, string message)
    {
        var (plan, step) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step]);
        var attempt = Evidence.Noted(at.Attempt, plan.ChecksOf(step), at.Checks, at.Step, over: true);
        return now.Terms.RollsBack
            ? Back(now, at with { Attempt = attempt }, reason, message).Rejecting(now, attempt.Tag, attempt.Digest, attempt.Number, reason, message)
            : Fail(now, attempt, side: null, reason, message);
    }

    /// <summary>The new version did not pass on the workload itself.</summary>
    public static Move Fail(DeliverySnapshot now, Advancing at, string reason, string message)
    {
        var attempt = Evidence.Noted(at.Attempt, at.Attempt.Plan?.ChecksOfPromotion() ?? [], at.Checks, Steps.Promotion, over: true);
        // What is measured to be bad is cut at once; while pods are only missing, those of the side are the ones that work.
        var cut = reason == Reasons.CheckFailed && attempt.Plan?.Traffic.Router != RouterKind.Selector;
        return Fail(now, attempt, cut ? at.Side?.Close() : at.Side, reason, message);
    }

    private static Move Fail(DeliverySnapshot now, Attempt attempt, Side? side, string reason, string message)
    {
        var move = attempt.Previous switch
        {
            null => Left(Reasons.NothingToRollBackTo, "no earlier version is known to be good", $"push a fixed version, or 'slipway retry {now.Name}'"),
            _ when !now.Terms.RollsBack =>
                Left(Reasons.RollbackDisabled, "spec.rollback is Never", $"push a fixed version, 'slipway rollback {now.Name}' or 'slipway retry {now.Name}'"),
            _ => Revert(now, attempt, side, reason, message),
        };
        // What once passed and is the current one is not forbidden by a way back to it that failed.
        return attempt.Digest == now.Status.Current?.Digest ? move : move.Rejecting(now, attempt.Tag, attempt.Digest, attempt.Number, reason, message);

        Move Left(string hold, string why, string wayOut)
        {
            wayOut = attempt.IsByHand ? $"'slipway rollback {now.Name} --to NUMBER' goes elsewhere, 'slipway resume {now.Name}' follows the source again" : wayOut;
            // Every candidate but this one is newer, also one that had to wait while this one rolled out.
            var held = new Held(hold, $"{attempt.Tag} failed ({reason}) and {why}: left as it is; {wayOut}", now.Now, attempt.Digest, Pinned: attempt.IsByHand);
            return Move.End(now, attempt, Outcomes.Failed, reason, message, held);
        }
    }

    /// <summary>The way back from wherever the attempt is.</summary>
    public static Move Back(DeliverySnapshot now, RolloutState from, string reason, string message) => from switch
    {
        // Its requests first: nothing has to be written to the workload.
        Stepping at => Revert(now, at.Attempt, side: null, reason, message).Before(now, at.Attempt, at.Side, gently: reason is Reasons.Withdrawn or Reasons.Stopped),
        Advancing at => Revert(now, at.Attempt, at.Side, reason, message),
        _ => throw new System.Diagnostics.UnreachableException($"{from} is no attempt under way"),
    };

    /// <summary>
    /// The end of an attempt beside the stable side that is no failure. Where the stable workload itself is stepped, its upper pods are put back
    /// first: the next attempt needs a stable side of one version.
    /// </summary>
    public static Move Conclude(DeliverySnapshot now, Stepping at, string outcome, string reason, string message, RolloutState? then)
    {
        if (at.Attempt.Plan!.Traffic.Router != RouterKind.Partition)
        {
            return Move.End(now, at.Attempt, outcome, reason, message, then).Before(now, at.Attempt, at.Side, gently: true);
        }

        var deadline = now.Now + now.Terms.ProgressDeadline;
        return Move.To(now, new Reverting(at.Attempt, reason, message, deadline) { Outcome = outcome, Then = then }, deadline);
    }

    private static Move Revert(DeliverySnapshot now, Attempt attempt, Side? side, string reason, string message)
    {
        var deadline = now.Now + now.Terms.ProgressDeadline;
        var noted = attempt.Plan is null ? attempt : attempt.Noted(now, Journal.Reverting, $"{reason}: {message}");
        return Move.To(now, new Reverting(noted, reason, message, deadline) { Side = side }, deadline);
    }
}
