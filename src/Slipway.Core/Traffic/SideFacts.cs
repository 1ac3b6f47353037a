using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>What was seen beside the first target of a Delivery.</summary>
/// <param name="Problem">Why the rollout that is described cannot be made here; null where it can, and where none is to start.</param>
/// <param name="Ripens">When the next pod will have been ready for long enough: no event tells that.</param>
public sealed record SideFacts(SideSnapshot? Side = null, TrafficSnapshot? Traffic = null, TargetProblem? Problem = null, DateTimeOffset? Ripens = null)
{
    public static readonly SideFacts None = new();
}
