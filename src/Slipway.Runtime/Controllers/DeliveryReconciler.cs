using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Notifications;
using Slipway.Queue;
using Slipway.Rollouts;
using Slipway.Telemetry;
using Slipway.Traffic;

namespace Slipway.Controllers;

/// <summary>
/// One pass over one Delivery: observe, decide, then persist <em>or</em> act. A pass that moves the state stores it and stops; a later one
/// brings about the world that the stored state describes. A crash in between is the same as a pass that has not run yet.
/// </summary>
public sealed partial class DeliveryReconciler(
    ClusterView cluster, DeliveryObserver observer, WorldApplier world, Turnstile turnstile, EventRecorder events, NotificationDesk desk, RolloutMetrics metrics, TimeProvider time, ILogger<DeliveryReconciler> log) : IReconciler
{
    public string Name => "delivery";

    public async Task<Requeue> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Deliveries.Find(key) is not { Value: var delivery } item || (delivery.Metadata.DeletionTimestamp is not null && !Departure.IsHeld(delivery)))
        {
            // Its Releases carry an owner reference, so the API server collects them; the workload stays as it is.
            observer.Forget(key);
            world.Forget(key);
            turnstile.Seen(key, null);
            return Requeue.OnChange;
        }

        var (terms, problem) = observer.Terms(key, delivery);
        if (delivery.Metadata.DeletionTimestamp is not null && Departure.IsOver(delivery, terms, observer.FirstTarget(key, delivery), time.GetUtcNow()))
        {
            await world.LetGoAsync(item, cancellationToken);
            return Requeue.OnChange;
        }

        if (terms is null)
        {
            observer.Forget(key);
            var invalid = DeliveryConditions.Invalid(delivery.Status, delivery.Metadata.Generation, Reasons.InvalidSpec, $"{problem}", Instant.Of(time.GetUtcNow()));
            return await PersistAsync(item, invalid, cancellationToken) ? throw new InvalidSpecException($"{problem}") : Requeue.OnChange;
        }

        var facts = await observer.ObserveAsync(key, delivery, terms, cancellationToken);
        var snapshot = facts.ToSnapshot();
        var plan = DeliveryPlanner.Plan(snapshot);
        var waits = plan.Status.Held?.Reason == Reasons.TooManyRollouts;
        if (await StoreAsync(item, snapshot, plan, cancellationToken) is not { } moved)
        {
            // Another one was quicker; what is there to be had now, the next pass sees.
            return Requeue.Now;
        }

        turnstile.Waits(key, delivery with { Status = plan.Status }, waits);
        if (moved)
        {
            LogMoved(snapshot.State, plan);
            if (Milestone.Between(snapshot.Status, plan.Status) is { } milestone)
            {
                metrics.Reached(milestone);
            }

            events.Publish(delivery, plan.Announcements);
            desk.Tell(Notices.Of(delivery, plan.Status, plan.Announcements, time.GetUtcNow()));
            return Requeue.Now;
        }

        if (await world.ApplyAsync(item, facts, snapshot, plan.World, cancellationToken))
        {
            return Requeue.Now;
        }

        return NextLook(facts, snapshot, plan);
    }

    // What no watch tells and no state knows: another may have given a key back, or made room for a strategy; a pod has been ready for long enough.
    private static Requeue NextLook(DeliveryFacts facts, DeliverySnapshot now, DeliveryPlan plan)
    {
        TimeSpan?[] looks =
        [
            plan.Wake - now.Now,
            now.Publication?.Problem is null ? null : VersionPublisher.Retry,
            now.StrategyProblem is null ? null : Preflight.Fresh,
            facts.Beside.Ripens - now.Now,

            // What is beside is followed only as long as somebody asks for it. Who waits for a change of it has to, or nobody would tell of the change.
            now.State.Beside is null ? null : TrafficView.Idle / 2,
            plan.Status.Held?.Reason == Reasons.TooManyRollouts ? Turnstile.Patience : null,
        ];
        return looks.Min() is { } soonest ? Requeue.In(soonest > TimeSpan.Zero ? soonest : TimeSpan.Zero) : Requeue.OnChange;
    }

    /// <summary>Whether the status moved; null: a rollout would start, and there is no room for it any more.</summary>
    private async Task<bool?> StoreAsync(ResourceItem<Delivery> item, DeliverySnapshot snapshot, DeliveryPlan plan, CancellationToken cancellationToken)
    {
        if (snapshot.State.Attempted is not null || plan.Status.Rollout?.Attempted is not { IsByHand: false })
        {
            return await PersistAsync(item, plan.Status, cancellationToken);
        }

        if (!turnstile.TryEnter(item.Key, item.Value with { Status = plan.Status }))
        {
            return null;
        }

        try
        {
            return await PersistAsync(item, plan.Status, cancellationToken);
        }
        finally
        {
            turnstile.Entered(item.Key);
        }
    }

    /// <summary>False when the status is what is stored already. The version that was observed is the fence.</summary>
    private async Task<bool> PersistAsync(ResourceItem<Delivery> item, DeliveryStatus status, CancellationToken cancellationToken)
    {
        if (item.Value.Status?.SameAs(status) == true)
        {
            return false;
        }

        var written = item.Value with { Metadata = item.Value.Metadata with { ResourceVersion = item.ResourceVersion }, Status = status };
        var stored = await cluster.DeliveryClient.ReplaceStatusAsync(item.Key, written, cancellationToken);
        cluster.Deliveries.Wrote(stored);
        world.Stored(stored);
        return true;
    }

    private void LogMoved(RolloutState before, DeliveryPlan plan)
    {
        foreach (var announcement in plan.Announcements)
        {
            LogAnnounced(before.GetType().Name, plan.Status.Rollout?.GetType().Name ?? nameof(RolloutState.Idle), announcement.Reason, announcement.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Before} → {After}: {Reason}: {Message}")]
    private partial void LogAnnounced(string before, string after, string reason, string message);
}
