using Slipway.Api;
using Slipway.History;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>A beginning or an end, as it is measured. What was found running and only taken over is neither.</summary>
public abstract record Milestone
{
    private Milestone()
    {
    }

    /// <param name="Waited">Since its image was first seen; null where nobody waited for it: it is gone back to.</param>
    public sealed record Started(StrategyKind Strategy, TimeSpan? Waited) : Milestone;

    /// <param name="SinceSeen">From the first sight of its image until it was the running version; null where it is not that, or was gone back to.</param>
    public sealed record Ended(string Outcome, TimeSpan Took, TimeSpan? SinceSeen) : Milestone;

    /// <summary>What the move from one stored status to the next has reached; null: neither.</summary>
    public static Milestone? Between(DeliveryStatus before, DeliveryStatus after) => (before.Rollout, after.Rollout) switch
    {
        (not Recording, Recording { Attempt: { Cause: not Causes.Adopted } attempt, Result: { FinishedAt: { } at } result }) =>
            new Ended(result.Outcome, at - attempt.StartedAt, result.Outcome == Outcomes.Succeeded ? at - Seen(before, attempt) : null),
        (_, Advancing or Stepping) when after.LastRelease > before.LastRelease && after.Rollout.Attempted is { } attempt =>
            new Started(attempt.Plan?.Strategy ?? StrategyKind.Rolling, attempt.StartedAt - Seen(after, attempt)),
        _ => null,
    };

    private static DateTimeOffset? Seen(DeliveryStatus status, Attempt attempt) => attempt.Cause != Causes.NewImage ? null
        : (status.Candidate is { } candidate ? (status.Resting ?? []).Append(candidate) : status.Resting ?? [])
            .LastOrDefault(known => known.Digest == attempt.Digest)?.FirstSeen;
}
