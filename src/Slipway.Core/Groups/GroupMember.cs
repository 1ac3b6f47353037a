using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Groups;

/// <summary>What the others see of one member: read from its spec and status, and nowhere else.</summary>
public sealed record GroupMember(string Name, int Order, IReadOnlyList<string> DependsOn, MemberStanding Standing)
{
    /// <summary>How its last run ended; null: it has had none.</summary>
    public GroupOutcome? Last { get; init; }

    /// <summary>Its candidate is rejected: nothing will come from it before there is a newer one.</summary>
    public bool IsStuck { get; init; }

    /// <summary>The member as its Delivery shows it; null where it is in another group, or leaves.</summary>
    public static GroupMember? Of(Delivery delivery, string group)
    {
        var (membership, status) = (delivery.Spec?.Group, delivery.Status ?? new DeliveryStatus());
        if (membership?.Name != group || delivery.Metadata.DeletionTimestamp is not null)
        {
            return null;
        }

        return new GroupMember(delivery.Metadata.Name, membership.Order ?? 0, membership.DependsOn ?? [], StandingOf(status))
        {
            Last = status.Group,
            IsStuck = status.Held?.Reason == Reasons.Rejected,
        };
    }

    /// <summary>Where a member stands that is in this state.</summary>
    public static MemberStanding StandingOf(DeliveryStatus status) => (status.Rollout ?? new Idle()) switch
    {
        // On its way back, or done with it: whoever went along goes back too.
        Reverting { Attempt: { Group: { } at } } back => new MemberStanding.Failing(at.Run, back.Message),
        Draining { Attempt.Group: { } at, Then: Reverting back } => new MemberStanding.Failing(at.Run, back.Message),
        Draining { Attempt.Group: { } at, Then: Recording { Result: var result } } when IsFailure(result.Outcome) => new MemberStanding.Failing(at.Run, result.Message ?? result.Outcome),
        Recording { Attempt.Group: { } at, Result: var result } when IsFailure(result.Outcome) => new MemberStanding.Failing(at.Run, result.Message ?? result.Outcome),

        Stepping { Attempt.Group: { } at } => new MemberStanding.Moving(at.Run, at.Phase),
        Advancing { Attempt.Group: { } at } => new MemberStanding.Moving(at.Run, at.Phase),
        Draining { Attempt.Group: { } at } => new MemberStanding.Moving(at.Run, at.Phase),

        // A newer version takes the place of the one that was under way.
        Recording { Attempt.Group: { } at, Result.Outcome: Outcomes.Superseded } => new MemberStanding.Moving(at.Run, GroupPhase.Underway),

        Idle when status.Held?.Reason == Reasons.AwaitingGroup => new MemberStanding.AtTheDoor(),
        // What only has to rest for a while is waited for: thereby the images of one pipeline go together.
        Idle when status.Held?.Reason is Reasons.JoiningGroup or Reasons.TooYoung => new MemberStanding.Coming(),
        Idle when status is { Held: null, Current: { } current, Candidate: { } candidate } && candidate.Digest != current.Digest && !IsStalled(status) => new MemberStanding.Coming(),
        _ => new MemberStanding.Away(),
    };

    private static bool IsFailure(string outcome) => outcome is not (Outcomes.Succeeded or Outcomes.Superseded or Outcomes.Exposed);

    private static bool IsStalled(DeliveryStatus status) => status.Conditions?.Any(condition => condition is { Type: DeliveryConditions.Stalled, Status: "True" }) == true;
}

/// <summary>Where a member of a group stands.</summary>
public abstract record MemberStanding
{
    private MemberStanding() { }

    /// <summary>It has nothing to roll out, or may not: a run does not wait for it.</summary>
    public sealed record Away : MemberStanding;

    /// <summary>It is about to start.</summary>
    public sealed record Coming : MemberStanding;

    /// <summary>It has nothing against its start but the others, and begins by switching.</summary>
    public sealed record AtTheDoor : MemberStanding;

    public sealed record Moving(long Run, GroupPhase Phase) : MemberStanding;

    public sealed record Failing(long Run, string Message) : MemberStanding;
}
