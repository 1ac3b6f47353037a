using Slipway.Api;
using Slipway.Conditions;
using static Slipway.Rollouts.RolloutState;
using Slipway.Explanations;

namespace Slipway.Cli.Tags;

/// <summary>How far a digest is on its way to what a Delivery runs.</summary>
internal abstract record Arrival
{
    private Arrival() { }

    /// <param name="Doing">For the eyes of who waits.</param>
    public sealed record Pending(string Doing) : Arrival;

    /// <summary>It has passed, and runs.</summary>
    public sealed record Arrived(long Release) : Arrival;

    /// <summary>It was tried, and is not tried again by itself.</summary>
    public sealed record Failed(string Why) : Arrival;

    /// <summary>Nothing will happen until somebody does something.</summary>
    public sealed record Stuck(string Why) : Arrival;

    public static Arrival Of(Delivery delivery, string digest) => delivery.Status switch
    {
        null => new Pending("waiting for the controller to take it up"),
        { } status when status.ObservedGeneration < delivery.Metadata.Generation => new Pending("waiting for the controller to take it up"),
        { Rollout: Stepping { Attempt: var attempt } at, Held: var held } when attempt.Digest == digest && (held is null || EndsByItself(held)) =>
            new Pending($"release {attempt.Number} runs beside the stable version, step {at.Step + 1} of {attempt.Plan?.Steps.Count ?? at.Step + 1}{(held is null ? "" : $"; {held.Reason}: {held.Message}")}"),
        { Rollout: Advancing { Attempt: var attempt } } when attempt.Digest == digest => new Pending($"release {attempt.Number} is being rolled out"),
        { Rollout: Reverting { Attempt: var attempt } back } when attempt.Digest == digest => new Pending($"release {attempt.Number} is being rolled back: {back.Reason}: {back.Message}"),
        { Rollout: Recording { Attempt: var attempt } } when attempt.Digest == digest => new Pending($"release {attempt.Number} is being recorded"),
        { Current: { } current, Rollout: not Reverting } when current.Digest == digest => new Arrived(current.Release),
        { } status => Waiting(status, digest),
    };

    private static Arrival Waiting(DeliveryStatus status, string digest)
    {
        var isCandidate = status.Candidate?.Digest == digest;
        if (status.Rejected?.FirstOrDefault(rejection => rejection.Digest == digest) is { } rejected)
        {
            return new Failed($"release {rejected.Release}: {rejected.Reason}: {rejected.Message}");
        }

        if (Condition(status, DeliveryConditions.Stalled) is { Status: "True" } stalled)
        {
            return new Stuck($"{stalled.Reason}: {stalled.Message}");
        }

        return status switch
        {
            { Rollout: Held { Reason: Reasons.RollbackDisabled or Reasons.NothingToRollBackTo } failed } when isCandidate => new Failed($"{failed.Reason}: {failed.Message}"),
            { Rollout: Held held } => new Stuck($"{held.Reason}: {held.Message}"),
            { Held: { Reason: Reasons.Suspended } suspended } => new Stuck($"{suspended.Reason}: {suspended.Message}"),

            // What ends by itself at a known time is waited for.
            { Held: { Until: { } until } held } when isCandidate => new Pending($"{held.Reason} until {Words.Instant(until)}: {held.Message}"),
            { Held: { } held } when isCandidate && EndsByItself(held) => new Pending($"{held.Reason}: {held.Message}"),
            { Held: { } held } when isCandidate => new Stuck($"{held.Reason}: {held.Message}"),
            _ when isCandidate => new Pending("it is about to start"),
            _ => new Pending(Unseen(status)),
        };
    }

    // What other rollouts, other Deliveries or the source of a check may end, at a time that nobody knows.
    private static bool EndsByItself(HeldStatus held) => held.Reason is
        Reasons.AwaitingDelivery or Reasons.TooManyRollouts or Reasons.JoiningGroup or Reasons.AwaitingGroup or Reasons.GroupBusy or Reasons.TargetBusy
        or Reasons.SignaturePending or Reasons.VerificationUnavailable or Reasons.Inconclusive or Reasons.DrainBlocked;

    private static string Unseen(DeliveryStatus status) =>
        Condition(status, DeliveryConditions.SourceReady) is { Status: "False" } source ? $"not seen yet: {source.Reason}: {source.Message}"
        : status.Candidate is { } other ? $"not seen yet; the policy selects {Words.Version(other.Tag, other.Digest)}"
        : "not seen yet";

    private static Condition? Condition(DeliveryStatus status, string type) => status.Conditions?.FirstOrDefault(condition => condition.Type == type);
}
