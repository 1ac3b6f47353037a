using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;

namespace Slipway.Gates;

/// <summary>
/// What must be true before a rollout that is under way gives the new version more: a larger weight, the promotion, the targets that follow
/// the first. What a person asked to go back to is not held up by any of them, and nothing here ever stops a way back (I18).
/// </summary>
public static class RaiseGates
{
    public static readonly IReadOnlyList<Func<DeliverySnapshot, Closing?>> All = [Suspended, Closings.Frozen, Closings.OutsideWindow];

    public static HeldStatus? FirstClosed(DeliverySnapshot now, Attempt attempt)
    {
        if (attempt.IsByHand)
        {
            return null;
        }

        foreach (var gate in All)
        {
            if (gate(now) is { } closing)
            {
                return new HeldStatus(closing.Reason, $"{attempt.Tag} gets no more: {closing.Clause}", closing.Until);
            }
        }

        return null;
    }

    private static Closing? Suspended(DeliverySnapshot now) =>
        now.Terms.Suspended ? new(Reasons.Suspended, $"spec.suspend is true; 'slipway resume {now.Name}' lets it go on") : null;
}
