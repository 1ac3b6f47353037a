using Microsoft.Extensions.Logging;
using Slipway.Annotations;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Sharding;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>The controller of annotations, put together: its queue, what fills it, and one worker. It shares the caches of the Deliveries'.</summary>
internal sealed class AnnotationController : IDisposable
{
    private static readonly Backoff Pause = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(5));

    private readonly ControllerContext _context;
    private readonly ClusterView _cluster;
    private readonly EventRecorder _events;
    private readonly ShardScope _scope;

    /// <summary>To be made before the caches begin to follow the server.</summary>
    public AnnotationController(ControllerContext context, ClusterView cluster, EventRecorder events, ShardScope scope)
    {
        (_context, _cluster, _events, _scope) = (context, cluster, events, scope);
        Queue = new WorkQueue<ObjectKey>(context.Time, Pause, context.Random);
        foreach (var kind in AnnotationNames.Kinds)
        {
            cluster.Workloads.GetValueOrDefault(kind.Name)?.OnChange(Changed);
        }

        cluster.Deliveries.OnChange(Changed);
    }

    public WorkQueue<ObjectKey> Queue { get; }

    /// <summary>While this process leads.</summary>
    public Task LeadAsync(CancellationToken term)
    {
        foreach (var workload in AnnotationNames.Kinds.SelectMany(kind => _cluster.Workloads.GetValueOrDefault(kind.Name)?.List() ?? []).Where(workload => !workload.Annotations.IsEmpty))
        {
            Add(new ObjectKey(workload.Key.Namespace, workload.Key.Name), Urgency.Routine);
        }

        // Also those whose workload has stopped asking while nobody led.
        foreach (var delivery in _cluster.Deliveries.List().Where(AnnotationPlanner.IsGenerated))
        {
            Add(new ObjectKey(delivery.Metadata.Namespace ?? "", delivery.Metadata.Name), Urgency.Routine);
        }

        var reconciler = new AnnotationReconciler(_cluster, _events, _context.Logs.CreateLogger<AnnotationReconciler>());
        return new ReconcileLoop(reconciler, Queue, workers: 1, _context.Metrics, _context.Time, _context.Logs.CreateLogger<ReconcileLoop>()).RunAsync(term);
    }

    public void Dispose() => Queue.Dispose();

    private void Add(ObjectKey key, Urgency urgency = Urgency.Urgent)
    {
        if (_scope.Holds(key.Namespace))
        {
            Queue.Add(key, urgency);
        }
    }

    // Not at every step of a rollout: only where what is asked for, or who asks, may be another.
    private void Changed(Change<WorkloadSnapshot> change)
    {
        if (Wishes(change.Old) != Wishes(change.New))
        {
            Add(change.Key);
        }
    }

    private void Changed(Change<Delivery> change)
    {
        if (change.New is null || Marks(change.Old) != Marks(change.New))
        {
            Add(change.Key);
        }
    }

    private static string Wishes(WorkloadSnapshot? workload) => workload is null || workload.Annotations.IsEmpty
        ? ""
        : $"{workload.Uid}\n{workload.Deleting}\n{string.Join('\n', workload.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";

    private static string Marks(Delivery? delivery) => delivery is null || !AnnotationPlanner.IsGenerated(delivery)
        ? ""
        : $"{delivery.Metadata.Uid}\n{delivery.Metadata.Annotations?.GetValueOrDefault(AnnotationNames.GeneratedSpec)}\n{delivery.Metadata.Annotations?.GetValueOrDefault(AnnotationNames.Problem)}";
}
