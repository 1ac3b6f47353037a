using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;

namespace Slipway.Gates;

/// <summary>What must be true before more requests go to a version that rolls out already, and before it is promoted (I18).</summary>
public static class RaiseGates
{
    /// <summary>Says why this attempt may not go further now, or null when it has nothing against it.</summary>
    public delegate HeldStatus? RaiseGate(DeliverySnapshot now, Attempt attempt);

    public static readonly IReadOnlyList<RaiseGate> All = [Suspended];

    public static HeldStatus? FirstClosed(DeliverySnapshot now, Attempt attempt) =>
        All.Select(gate => gate(now, attempt)).FirstOrDefault(held => held is not null);

    private static HeldStatus? Suspended(DeliverySnapshot now, Attempt attempt) =>
        now.Terms.Suspended ? new(Reasons.Suspended, $"spec.suspend is true: {attempt.Tag} goes no further; 'slipway resume {now.Name}' lets it go on") : null;
}
