using Slipway.Api;

namespace Slipway.Rollouts;

/// <summary>What a yes or a no is about.</summary>
/// <param name="Release">Number of the attempt that shows it; null: it waits to start.</param>
public sealed record PeoplesDecision(string? Tag, string Digest, long? Release)
{
    /// <summary>What is being shown, else the candidate: the rule of the planner, for who asks before it is asked. Null: there is nothing to decide about.</summary>
    public static PeoplesDecision? Asked(DeliveryStatus? status) => status switch
    {
        { Rollout: RolloutState.Stepping { Attempt: var attempt } } => new(attempt.Tag, attempt.Digest, attempt.Number),
        { Candidate: { } candidate } => new(candidate.Tag, candidate.Digest, null),
        _ => null,
    };
}
