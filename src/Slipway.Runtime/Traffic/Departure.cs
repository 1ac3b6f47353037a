using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>How long a Delivery that is being deleted is held: until nothing of it is beside its workload, and never so long that a namespace cannot go.</summary>
public static class Departure
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(5);

    public static bool IsHeld(Delivery delivery) => delivery.Metadata.Finalizers?.Contains(ApiNames.SideFinalizer) == true;

    /// <param name="terms">Null where the spec cannot be read.</param>
    /// <param name="stable">The first target; null where it is gone, and with it all that there was to be careful of.</param>
    public static bool IsOver(Delivery delivery, DeliveryTerms? terms, WorkloadSnapshot? stable, DateTimeOffset now) =>
        stable is null or { Deleting: true } || now >= delivery.Metadata.DeletionTimestamp + Longest(terms);

    // The way out has a deadline of its own; this one is for when nobody comes to keep that.
    private static TimeSpan Longest(DeliveryTerms? terms) =>
        terms is null ? Least : Least + (2 * terms.Rollout.ProgressDeadline) + (terms.Rollout.Plan?.Traffic.Drain ?? TimeSpan.Zero);
}
