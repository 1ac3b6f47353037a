using Slipway.Api;
using Slipway.Conditions;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Actions;

/// <summary>What a promote or an abort will do, by the planner's own rules: one that nothing can come of is refused before it is written.</summary>
internal static class StepForesight
{
    public static (string? Told, ActionPlan.Refuse? Refusal) OfPromote(Delivery delivery, bool all) => delivery.Status?.Rollout switch
    {
        Stepping at => ($"asked to leave out {(all ? "every step" : $"the rest of step {at.Step + 1}")} of release {at.Attempt.Number} ({at.Attempt.Tag})", null),
        Advancing at => ($"asked to leave out the rest of the hold of release {at.Attempt.Number} ({at.Attempt.Tag})", null),
        Held { Reason: Reasons.ExposureEnded } => ("asked to ship what was shown for a while", null),
        _ => (null, Nothing(delivery, "promote")),
    };

    public static (string? Told, ActionPlan.Refuse? Refusal) OfAbort(Delivery delivery) => delivery.Status?.Rollout switch
    {
        Stepping or Advancing when delivery.Status.Rollout.Attempted is { } attempt => attempt.Previous is { } previous
            ? ($"asked to end release {attempt.Number} ({attempt.Tag}) and go back to {previous.Tag}", null)
            : (null, new("NothingToRollBackTo", $"Delivery {ActionPlan.Name(delivery)} cannot go back: nothing is known to be good yet", "push a version that works; 'slipway suspend' stops what is under way")),
        Draining or Reverting => ("it is on its way back already", null),
        Held { Reason: Reasons.RollbackDisabled or Reasons.ExposureEnded } => ("asked to follow the source again", null),
        _ => (null, Nothing(delivery, "abort")),
    };

    private static ActionPlan.Refuse Nothing(Delivery delivery, string what) =>
        new("NothingUnderWay", $"Delivery {ActionPlan.Name(delivery)} has no rollout under way, so there is nothing to {what}", $"'slipway why {delivery.Metadata.Name}' tells what it does");
}
