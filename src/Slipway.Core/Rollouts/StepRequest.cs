using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Rollouts.Strategies;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>What comes of a person's <c>abort</c> and <c>promote</c>.</summary>
internal static class StepRequest
{
    /// <summary>The attempt ends and its digest is rejected; a newer one may come. Accepted in every state that has an attempt under way (I19).</summary>
    public static Move Abort(DeliverySnapshot now, RequestWords words)
    {
        var message = $"it was ended by {words.Who}";
        return now.State switch
        {
            Stepping or Advancing when now.State.Attempted is { Previous: not null } attempt =>
                Ending.Back(now, now.State, Reasons.Stopped, message).Rejecting(now, attempt.Tag, attempt.Digest, attempt.Number, Reasons.Stopped, message),
            Stepping or Advancing => Refuse(now, "abort: nothing is known to be good yet, so there is no version to go back to"),
            // What a person left there on purpose goes now, and the source is followed again.
            Held { Reason: Reasons.RollbackDisabled or Reasons.ExposureEnded } => Move.To(now, new Idle()),
            // The way back is under way: as fast as it can be, then.
            Draining { Gently: true } at => Move.To(now, at with { Side = at.Side.Close(), Gently = false }, at.Deadline),
            Draining or Reverting => Move.Stay(now),
            _ => Refuse(now, "abort: no rollout is under way"),
        };
    }

    /// <summary>The present step is over, or all of them are. It raises the exposure, so the gates for that are asked (I18).</summary>
    public static Move Promote(DeliverySnapshot now, RequestWords words)
    {
        if (now.State is Held { Reason: Reasons.ExposureEnded } && now.Status.Candidate is { } candidate && candidate.Digest == ((Held)now.State).Candidate)
        {
            var again = Starting.Draw(now, candidate.Tag, candidate.Digest, History.Causes.NewImage, words.Asker);
            return StartGates.FirstClosed(now, candidate) is { } shut ? Refuse(now, $"promote: {shut.Message}") : Starting.Advance(now, again with { Built = candidate.Built });
        }

        if (now.State.Attempted is { } attempt && now.State is Stepping or Advancing && RaiseGates.FirstClosed(now, attempt) is { } closed)
        {
            return Refuse(now, $"promote: {closed.Message}");
        }

        return now.State switch
        {
            Stepping at when now.Obstacle() is { } problem => Refuse(now, $"promote: {problem.Message}"),
            Stepping at when words.All => Stepwise.Promote(now, at.Attempt, at.Side, words.Who),
            Stepping { Stage: Stage.Holding } at => Stepwise.Next(now, at, words.Who),
            Stepping at => Refuse(now, $"promote: step {at.Step + 1} of {at.Attempt.Tag} is still being prepared; 'slipway promote {now.Name} --all' leaves out every step"),
            Advancing at => Move.To(now, at with { HurriedBy = words.Who, Attempt = at.Attempt.Noted(now, Journal.Promoting, "the rest of the hold and its checks are left out", words.Who) }),
            _ => Refuse(now, "promote: no rollout is under way"),
        };
    }

    private static Move Refuse(DeliverySnapshot now, string why) => Move.Stay(now) with { Refusal = why };
}
