using Slipway.Api;
using Slipway.Groups;

namespace Slipway.Rollouts;

/// <summary>What one step of the planner comes to: the status that should be stored, and when to look again.</summary>
/// <param name="Refusal">Why a person's request is not done; told once, as an Event.</param>
public sealed record Move(DeliveryStatus Status, DateTimeOffset? Wake = null, string? Refusal = null)
{
    public static Move Stay(DeliverySnapshot now, DateTimeOffset? wake = null) => new(now.Status, wake);

    public static Move To(DeliverySnapshot now, RolloutState next, DateTimeOffset? wake = null) => new(now.Status with { Rollout = next }, wake);

    /// <summary>Ends the attempt: the outcome goes into its Release, and then <paramref name="then"/> holds.</summary>
    public static Move End(DeliverySnapshot now, Attempt attempt, string outcome, string? reason, string? message, RolloutState? then = null) =>
        To(
            now with { Status = now.Status with { Group = GroupGate.Outcome(now, attempt, outcome, message) ?? now.Status.Group } },
            new RolloutState.Recording(
                attempt,
                new ReleaseStatus { Outcome = outcome, Reason = reason, Message = message, FinishedAt = now.Now, Transitions = attempt.Transitions, Checks = attempt.Checks },
                then ?? new RolloutState.Idle()));

    /// <summary>The same move, after which <paramref name="image"/> is the one that passed. It is rejected no longer: what is gone back to must not be (I16).</summary>
    public Move Passing(ReleasedImage image) => this with
    {
        Status = Status with { Current = image, Rejected = Rejections.Without(Status.Rejected, image.Digest) },
    };

    /// <summary>The same move, with the digest remembered as rejected under the present terms.</summary>
    public Move Rejecting(DeliverySnapshot now, string? tag, string digest, long release, string reason, string message) => this with
    {
        Status = Status with { Rejected = Rejections.Add(Status.Rejected, new Rejection(tag, digest, release, reason, message, now.Terms.Fingerprint)) },
    };
}
