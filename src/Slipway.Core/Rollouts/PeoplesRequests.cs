using System.Globalization;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>
/// What people ask for by annotation. A request is pending while its value is not the one that was handled; it is marked as handled in
/// the same write that does it, so it is neither lost nor done twice.
/// </summary>
public static class PeoplesRequests
{
    /// <summary>The move that the oldest kind of pending request asks for; null when none is pending or it has to wait.</summary>
    public static Move? Step(DeliverySnapshot now)
    {
        var (asked, handled) = (now.Requests, now.Status.Handled ?? new());
        if (Pending(asked.Check, handled.Check))
        {
            // The shell looks at the registry when it sees the request; here it is only ticked off.
            return Handle(Move.Stay(now), handled with { Check = asked.Check });
        }

        if (Pending(asked.Retry, handled.Retry))
        {
            return Handle(Retry(now, Request.Read(asked.Retry!)), handled with { Retry = asked.Retry });
        }

        // What is about to become a hold is not one yet: the request waits for it.
        if (Pending(asked.Resume, handled.Resume) && now.State is Held or Idle or Advancing)
        {
            return Handle(now.State is Held ? Move.To(now, new Idle()) : Move.Stay(now), handled with { Resume = asked.Resume });
        }

        return Pending(asked.Rollback, handled.Rollback) && !now.Terms.Suspended ? Rollback(now, Request.Read(asked.Rollback!), handled) : null;
    }

    private static bool Pending(string? asked, string? handled) => !string.IsNullOrEmpty(asked) && asked != handled;

    private static Move Handle(Move move, HandledRequests handled) => move with { Status = move.Status with { Handled = handled } };

    // Only the digest that is named is cleared: the candidate may have changed since a person looked (I16).
    private static Move Retry(DeliverySnapshot now, Request request)
    {
        var move = now.State is Held { Reason: Reasons.NothingToRollBackTo or Reasons.RollbackDisabled } ? Move.To(now, new Idle()) : Move.Stay(now);
        return move with { Status = move.Status with { Rejected = Rejections.Without(now.Status.Rejected, request.Digest ?? now.Status.Candidate?.Digest) } };
    }

    private static Move? Rollback(DeliverySnapshot now, Request request, HandledRequests handled)
    {
        var done = handled with { Rollback = now.Requests.Rollback };
        switch (now.State)
        {
            case Advancing { Attempt.Previous: null }:
                return Refuse("nothing is known to be good yet: there is no version to go back to");

            case Advancing { Attempt.Previous: { } previous } at:
                var message = $"{at.Attempt.Tag} was ended by {request.By ?? "a person"}";
                var back = Strategies.Rolling.Revert(now, at.Attempt, Reasons.Aborted, message).Rejecting(now, at.Attempt.Tag, at.Attempt.Digest, at.Attempt.Number, Reasons.Aborted, message);
                // A number is gone to from there, once the version before is back.
                return request.To is null || request.To == previous.Release ? Handle(back, done) : back;

            case Idle or Held:
                var current = now.State is Held { Reason: Reasons.NothingToRollBackTo or Reasons.RollbackDisabled } ? null : now.Status.Current?.Digest;
                var (target, refusal) = request.To is { } number ? RollbackTarget.Numbered(now.History, current, number) : RollbackTarget.Last(now.History, current);
                return target is null ? Refuse(refusal) : Handle(GoBack(now, target, request), done);

            default:
                // Reverting, recording and correcting end by themselves; the request waits for that.
                return null;
        }

        Move Refuse(string why) => Handle(Move.Stay(now) with { Refusal = $"rollback: {why}" }, done);
    }

    private static Move GoBack(DeliverySnapshot now, ReleaseRecord target, Request request)
    {
        var move = Starting.Advance(now, Starting.Draw(now, target.Tag, target.Digest, Causes.Rollback, request.By));
        var left = now.Status.Current is { } current && current.Digest != target.Digest ? current : null;
        var message = $"{left?.Tag} was rolled back to {target.Tag} by {request.By ?? "a person"}";
        return left is null ? move : move.Rejecting(now, left.Tag, left.Digest, left.Release, Reasons.ManualRollback, message);
    }

    /// <summary>The words after the instant: <c>to NUMBER</c>, <c>digest DIGEST</c>, <c>by WHO</c>.</summary>
    private sealed record Request(long? To, string? Digest, string? By)
    {
        public static Request Read(string value)
        {
            var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new(long.TryParse(After("to"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, After("digest"), After("by"));

            string? After(string word) => Array.IndexOf(words, word) is var at and >= 0 && at + 1 < words.Length ? words[at + 1] : null;
        }
    }
}
