using Slipway.Api;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Rollouts.Strategies;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>
/// What people ask for by annotation. A request is pending while its value is not the one that was handled; it is marked as handled in
/// the same write that does it, so it is neither lost nor done twice.
/// </summary>
public static class PeoplesRequests
{
    /// <summary>The move that a pending request asks for, kind by kind in a fixed order; null when none is pending or what is has to wait.</summary>
    public static Move? Step(DeliverySnapshot now)
    {
        var (asked, handled) = (now.Requests, now.Status.Handled ?? new());
        // First of all: whatever else is asked or goes wrong, the way back is open (I19).
        if (Pending(asked.Abort, handled.Abort))
        {
            return Handle(StepRequest.Abort(now, RequestWords.Read(asked.Abort!)), handled with { Abort = asked.Abort });
        }

        // No request keeps an exposure open beyond its time (I33).
        if (now.State is Stepping at && Stepwise.HasRunOut(now, at))
        {
            return null;
        }

        if (Pending(asked.Promote, handled.Promote))
        {
            return Handle(StepRequest.Promote(now, RequestWords.Read(asked.Promote!)), handled with { Promote = asked.Promote });
        }

        if (Pending(asked.Check, handled.Check))
        {
            // The shell looks at the registry when it sees the request; here it is only ticked off.
            return Handle(Move.Stay(now), handled with { Check = asked.Check });
        }

        if (Pending(asked.Retry, handled.Retry))
        {
            return Handle(Retry(now, RequestWords.Read(asked.Retry!)), handled with { Retry = asked.Retry });
        }

        if (Pending(asked.Approve, handled.Approve))
        {
            return Handle(Approvals.Approve(now, RequestWords.Read(asked.Approve!)), handled with { Approve = asked.Approve });
        }

        if (Pending(asked.Reject, handled.Reject))
        {
            var words = RequestWords.Read(asked.Reject!);
            // To reject what is being shown is to end it.
            return Handle(Approvals.Reject(now, words) ?? StepRequest.Abort(now, words), handled with { Reject = asked.Reject });
        }

        // What is about to become a hold is not one yet: the request waits for it.
        if (Pending(asked.Resume, handled.Resume) && now.State is Held or Idle or Advancing { Attempt.IsByHand: false })
        {
            return Handle(now.State is Held ? Move.To(now, new Idle()) : Move.Stay(now), handled with { Resume = asked.Resume });
        }

        if (Pending(asked.Rollback, handled.Rollback) && RollbackRequest.Step(now, RequestWords.Read(asked.Rollback!)) is var (move, done))
        {
            return done ? Handle(move, handled with { Rollback = asked.Rollback }) : move;
        }

        return null;
    }

    private static bool Pending(string? asked, string? handled) => !string.IsNullOrEmpty(asked) && asked != handled;

    private static Move Handle(Move move, HandledRequests handled) => move with { Status = move.Status with { Handled = handled } };

    // Only the digest that is named is cleared: the candidate may have changed since a person looked (I16).
    private static Move Retry(DeliverySnapshot now, RequestWords words)
    {
        var move = now.State is Held { Reason: Reasons.NothingToRollBackTo or Reasons.RollbackDisabled or Reasons.ExposureEnded } ? Move.To(now, new Idle()) : Move.Stay(now);
        return move with { Status = move.Status with { Rejected = Rejections.Without(now.Status.Rejected, words.Digest ?? now.Status.Candidate?.Digest) } };
    }
}
