using Slipway.Actions;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Cli.Requests;

/// <summary>How far a request is, as the Delivery tells it.</summary>
internal abstract record Standing
{
    private Standing() { }

    /// <param name="Doing">For the eyes of who waits.</param>
    public sealed record Pending(string Doing) : Standing;

    /// <summary>Nothing is under way any more.</summary>
    /// <param name="Attempt">What came of it; null when nothing was started.</param>
    public sealed record Settled(Delivery Delivery, Attempt? Attempt) : Standing;
}

/// <summary>Reads one Delivery after the other, as they are watched, and remembers the attempt that came of the request.</summary>
/// <param name="lastRelease">status.lastRelease when the request was made.</param>
internal sealed class RequestProgress(ActionPlan.Write ask, long lastRelease)
{
    private Attempt? _attempt;

    public Standing Look(Delivery delivery)
    {
        if (!ask.IsHandled(delivery))
        {
            return new Standing.Pending("waiting for the controller to take it up");
        }

        var status = delivery.Status!;
        _attempt = Mine(status.Rollout) ?? _attempt;
        return status.Rollout switch
        {
            // To suspend is done when it is seen, whatever it stopped.
            _ when ask.Kind.IsNote => new Standing.Settled(delivery, null),
            Stepping or Draining or Advancing or Reverting or Recording or Correcting when !IsStalled(status) => new Standing.Pending(Reconciling(status) ?? "under way"),
            Idle or null when IsAboutToStart(status) => new Standing.Pending($"{status.Candidate!.Tag} is about to start"),
            _ => new Standing.Settled(delivery, _attempt),
        };
    }

    private Attempt? Mine(RolloutState? state) => state switch
    {
        // What is under way already is what these two are about.
        { Attempted: { } attempt } when ask.Kind == ActionKind.Promote || ask.Kind == ActionKind.Abort => attempt,
        // To end a rollout that is under way is what a rollback does to it.
        Reverting { Attempt: { } attempt } when ask.Kind.MustMove => attempt,
        { Attempted: { } attempt } when attempt.Number > lastRelease => attempt,
        _ => null,
    };

    // After a request is ticked off there is a moment in which nothing is under way yet.
    private static bool IsAboutToStart(DeliveryStatus status) =>
        status is { Held: null, Candidate: { } candidate } && candidate.Digest != status.Current?.Digest && !IsStalled(status);

    private static bool IsStalled(DeliveryStatus status) => Condition(status, DeliveryConditions.Stalled)?.Status == "True";

    private static string? Reconciling(DeliveryStatus status) => Condition(status, DeliveryConditions.Reconciling)?.Message;

    private static Condition? Condition(DeliveryStatus status, string type) => status.Conditions?.FirstOrDefault(condition => condition.Type == type);
}
