using Slipway.Api;
using Slipway.Conditions;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>
/// While a Delivery is suspended, or its spec cannot be read, nothing is written and nothing is judged: no deadline may run out meanwhile, or
/// a version would be rejected for the time in which nobody let it start.
/// </summary>
public static class StandingStill
{
    /// <summary>The snapshot with fresh clocks, if the pass before this one found the Delivery standing still and this one does not.</summary>
    public static DeliverySnapshot Ended(DeliverySnapshot now)
    {
        if (now.Terms.Suspended || !IsIn(now.Status))
        {
            return now;
        }

        var deadline = now.Now + now.Terms.ProgressDeadline;
        RolloutState state = now.State switch
        {
            Stepping at => at with { Deadline = deadline, Since = at.Since is null ? null : now.Now },
            Advancing at => at with { Deadline = deadline, HealthySince = null, FirstHealthy = null },
            Reverting back => back with { Deadline = deadline },
            Correcting correcting => correcting with { Deadline = deadline },
            var other => other,
        };
        return now with { Status = now.Status with { Rollout = state } };
    }

    // What the last pass told is what it found; the pass that ends it tells something else, so this is true once.
    private static bool IsIn(DeliveryStatus status) =>
        status.Held?.Reason == Reasons.Suspended
        || status.Conditions?.Any(condition => condition is { Type: DeliveryConditions.Stalled, Reason: Reasons.InvalidSpec }) == true;
}
