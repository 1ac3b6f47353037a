using Slipway.Rollouts;

namespace Slipway.Api;

/// <summary>
/// All that Slipway remembers of a Delivery. The controller has no other memory: killed and restarted, it comes to the same
/// decision from this.
/// </summary>
public sealed record DeliveryStatus
{
    public long ObservedGeneration { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }

    public CandidateStatus? Candidate { get; init; }

    /// <summary>Candidates that a newer one overtook before they had rested, in the order in which they were first seen.</summary>
    public IReadOnlyList<CandidateStatus>? Resting { get; init; }

    /// <summary>The last image that passed: what the targets run, or go back to.</summary>
    public ReleasedImage? Current { get; init; }

    /// <summary>The planner's state, whole; absent is Idle.</summary>
    public RolloutState? Rollout { get; init; }

    public IReadOnlyList<Rejection>? Rejected { get; init; }

    public HeldStatus? Held { get; init; }

    /// <summary>What people said yes to, oldest first; bounded.</summary>
    public IReadOnlyList<Approval>? Approvals { get; init; }

    /// <summary>How the last run of the group ended for this member; null: it has had none.</summary>
    public GroupOutcome? Group { get; init; }

    /// <summary>Number of the newest Release; the next one is one more.</summary>
    public long LastRelease { get; init; }

    /// <summary>The requests (annotations of people) that were acted on, by their values.</summary>
    public HandledRequests? Handled { get; init; }

    /// <summary>Whether storing <paramref name="other"/> instead would change anything. A list that is absent is an empty one (rule 16).</summary>
    public bool SameAs(DeliveryStatus other) =>
        this with { Conditions = null, Rejected = null, Resting = null, Approvals = null, Rollout = null }
            == other with { Conditions = null, Rejected = null, Resting = null, Approvals = null, Rollout = null }
        && RolloutState.AreSame(Rollout, other.Rollout)
        && (Approvals ?? []).SequenceEqual(other.Approvals ?? [])
        && (Resting ?? []).SequenceEqual(other.Resting ?? [])
        && (Conditions ?? []).SequenceEqual(other.Conditions ?? [])
        && (Rejected ?? []).SequenceEqual(other.Rejected ?? []);
}

/// <summary>The image that the policy selects now. <see cref="FirstSeen"/> survives restarts, so that minimumAge does too.</summary>
public sealed record CandidateStatus(string? Tag, string Digest, DateTimeOffset FirstSeen, string Why)
{
    /// <summary>When it was built, where the policy goes by that.</summary>
    public DateTimeOffset? Built { get; init; }
}

/// <summary>A digest that failed. It is not tried again while <see cref="Terms"/>, the fingerprint of the spec it failed under, holds.</summary>
public sealed record Rejection(string? Tag, string Digest, long Release, string Reason, string Message, string Terms);

/// <summary>Why nothing may start now.</summary>
public sealed record HeldStatus(string Reason, string Message, DateTimeOffset? Until = null);

/// <summary>A person's yes to an image.</summary>
/// <param name="From">Where it was said: a command line, a chat, the dashboard.</param>
public sealed record Approval(string Digest, string? By, string? From, DateTimeOffset At);

/// <summary>How a member came out of a run of its group.</summary>
/// <param name="Run">Number of the run.</param>
/// <param name="Message">What failed; null: it has passed.</param>
public sealed record GroupOutcome(long Run, DateTimeOffset At, string? Message = null);

/// <summary>The last value of each request annotation that was acted on: the same value is not acted on again.</summary>
public sealed record HandledRequests(string? Check = null, string? Retry = null, string? Rollback = null, string? Resume = null)
{
    public string? Promote { get; init; }

    public string? Abort { get; init; }

    public string? Approve { get; init; }

    public string? Reject { get; init; }
}
