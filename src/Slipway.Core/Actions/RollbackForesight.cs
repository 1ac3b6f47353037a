using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Explanations;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Actions;

/// <summary>Where a rollback will lead, by the planner's own rules: who types it in a hurry is told before anything is written.</summary>
internal static class RollbackForesight
{
    /// <summary>What to tell who asks, or why it would certainly be refused.</summary>
    public static (string? Told, ActionPlan.Refuse? Refusal) Of(Delivery delivery, ImmutableArray<ReleaseRecord> history, long? number)
    {
        var (status, name) = (delivery.Status ?? new(), delivery.Metadata.Name);
        if (delivery.Spec?.Suspend == true)
        {
            return (null, new("Suspended", $"Delivery {ActionPlan.Name(delivery)} is suspended, so nothing moves", $"'slipway resume {name}' first, then roll back"));
        }

        if (status.Rollout is Stepping or Advancing)
        {
            var attempt = status.Rollout.Attempted!;
            return RollbackRequest.WhyNot(history, name, attempt, number) is { } refusal
                ? (null, Nowhere(delivery, refusal))
                : ($"asked to end release {attempt.Number} ({attempt.Tag}) and go back to {(number is null ? attempt.Previous!.Tag : $"release {number}")}", null);
        }

        // What else is under way comes to its end first, and only then is it known what there is to go back to.
        if (status.Rollout is not (Idle or Held or null))
        {
            return ("asked to go back once what is under way has ended", null);
        }

        var current = status.Rollout is Held { Reason: Reasons.NothingToRollBackTo or Reasons.RollbackDisabled } ? null : status.Current?.Digest;
        var (target, why) = number is { } wanted ? RollbackTarget.Numbered(history, current, wanted) : RollbackTarget.Last(history, current);
        return target is null ? (null, Nowhere(delivery, why)) : ($"asked to go back to {Words.Named(target.Tag, target.Digest)}, which was release {target.Number}", null);
    }

    private static ActionPlan.Refuse Nowhere(Delivery delivery, string why) =>
        new("NothingToRollBackTo", $"Delivery {ActionPlan.Name(delivery)} cannot go back: {why}", $"'slipway history {delivery.Metadata.Name}' lists what succeeded");
}
