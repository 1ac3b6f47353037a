using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>What comes of a person's <c>rollback</c>. A person who types it is in a hurry: it never leads to a version that is known to be bad.</summary>
internal static class RollbackRequest
{
    /// <summary>The move, and whether the request is done with it; null while it has to wait for what is under way.</summary>
    public static (Move Move, bool Done)? Step(DeliverySnapshot now, RequestWords words) => now.State switch
    {
        _ when now.Terms.Suspended => null,
        Stepping or Advancing when WhyNot(now.History, now.Name, now.State.Attempted!, words.To) is { } refusal => Refuse(now, refusal),
        // A number further back is gone to from there, once the version before is back.
        Stepping or Advancing => (Abort(now, now.State.Attempted!, words), IsAt(now.History, now.State.Attempted!.Previous!, words.To)),
        // It is on its way already. That a person asked for it too makes it a decision, which holds.
        Reverting { Attempt.Previous: { } previous } back when IsAt(now.History, previous, words.To) => (Insist(now, back, words), true),
        Idle or Held when now.Obstacle() is { } problem => Refuse(now, problem.Message),
        Idle or Held => Target(now, words) switch
        {
            ({ } target, _) => (Starting.Advance(now, Starting.Draw(now, target.Tag, target.Digest, Causes.Rollback, words.Asker)), true),
            (null, var refusal) => Refuse(now, refusal),
        },
        _ => null,
    };

    private static (Move, bool) Refuse(DeliverySnapshot now, string why) => (Move.Stay(now) with { Refusal = $"rollback: {why}" }, true);

    /// <summary>Why an attempt that is under way cannot be ended for it. Decided before anything is ended: a slip in a number must not cost the rollout.</summary>
    public static string? WhyNot(ImmutableArray<ReleaseRecord> history, string name, Attempt attempt, long? to) => attempt switch
    {
        { Previous: null } => "nothing is known to be good yet: there is no version to go back to",
        { Previous: { } previous } when to is { } number && !IsAt(history, previous, number) =>
            RollbackTarget.Numbered(history, attempt.Digest, number) is (null, var refusal) ? refusal : null,
        // Asked twice: to abort it would lead back to the very version that is fled from.
        { IsByHand: true } when to is null =>
            $"the rollback to {attempt.Tag} is under way already; 'slipway rollback {name} --to NUMBER' goes elsewhere",
        _ => null,
    };

    private static bool IsAt(ImmutableArray<ReleaseRecord> history, ReleasedImage image, long? to) =>
        to is not { } number || number == image.Release
        || history.Any(release => release.Number == number && release.Digest == image.Digest && release.Outcome == Outcomes.Succeeded);

    private static Move Abort(DeliverySnapshot now, Attempt attempt, RequestWords words)
    {
        var message = $"{attempt.Tag} was ended by {words.Who}";
        return Ending.Back(now, now.State, Reasons.Aborted, message).Rejecting(now, attempt.Tag, attempt.Digest, attempt.Number, Reasons.Aborted, message);
    }

    private static Move Insist(DeliverySnapshot now, Reverting back, RequestWords words)
    {
        var message = $"{back.Reason}: {back.Message}; {words.Who} asked to go back too";
        var move = Move.To(now, back with { Reason = Reasons.Aborted, Message = message }, back.Deadline);
        return Rejections.Find(now.Status.Rejected, back.Attempt.Digest, now.Terms.Fingerprint) is null
            ? move.Rejecting(now, back.Attempt.Tag, back.Attempt.Digest, back.Attempt.Number, Reasons.Aborted, message)
            : move;
    }

    private static (ReleaseRecord? Target, string Refusal) Target(DeliverySnapshot now, RequestWords words)
    {
        // What failed and was left there is not what is gone back from: the current one is what may be gone back to.
        var current = now.State is Held { Reason: Reasons.NothingToRollBackTo or Reasons.RollbackDisabled } ? null : now.Status.Current?.Digest;
        return words.To is { } number
            ? RollbackTarget.Numbered(now.History, current, number)
            : RollbackTarget.Last([.. now.History.Where(release => now.Status.Rejected?.Any(rejection => rejection.Digest == release.Digest) != true)], current);
    }
}
