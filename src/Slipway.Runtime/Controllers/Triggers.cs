using Slipway.Api;
using Slipway.Conditions;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Sharding;
using Slipway.Traffic;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>Which change makes which Delivery be looked at. A change is only ever a key in the queue: the pass looks for itself.</summary>
public static class Triggers
{
    /// <param name="scope">Whose Deliveries are looked at; changes anywhere may concern them.</param>
    public static void Connect(ClusterView cluster, PodInterest interest, SideInterest sides, Turnstile turnstile, WorkQueue<ObjectKey> all, ShardScope scope)
    {
        var queue = new ScopedQueue(all, scope);
        cluster.Deliveries.OnChange(change =>
        {
            queue.Add(change.Key, Urgency.Routine);
            if (scope.Holds(change.Key.Namespace))
            {
                turnstile.Seen(change.Key, change.New);
            }

            Add(queue, Neighbours.Successors(cluster, change.Key, change.New ?? change.Old));
            // What it lets go of, or takes, may be wanted by another Delivery.
            if (change.Old?.Metadata.Generation != change.New?.Metadata.Generation)
            {
                Add(queue, Rivals(cluster, change.Old).Concat(Rivals(cluster, change.New)));
                Abandon(cluster, change.Old);
            }
        });
        cluster.Releases.OnChange(change =>
        {
            if ((change.New ?? change.Old) is { } release)
            {
                queue.Add(new ObjectKey(change.Key.Namespace, release.Delivery), Urgency.Urgent);
            }
        });
        foreach (var (kind, informer) in cluster.Workloads)
        {
            informer.OnChange(change =>
            {
                Add(queue, cluster.DeliveriesOf(new WorkloadKey(kind, change.Key.Namespace, change.Key.Name)));
                if ((change.New?.Side ?? change.Old?.Side) is { } side)
                {
                    queue.Add(new ObjectKey(change.Key.Namespace, side.Delivery), Urgency.Urgent);
                }
            });
        }

        cluster.Traffic.Changed += what =>
        {
            foreach (var key in sides.In(what))
            {
                queue.Add(key, Urgency.Urgent);
            }
        };

        cluster.Kinds.Changed += key => Add(queue, cluster.DeliveriesOf(key));
        cluster.Kinds.Listed += index => Add(queue, cluster.Deliveries.ByIndex(ClusterView.ByKind, index));
        cluster.PodChanged += change =>
        {
            if ((change.New ?? change.Old) is { } pod)
            {
                foreach (var key in interest.In(change.Key.Namespace, pod.Labels))
                {
                    queue.Add(key, Urgency.Urgent);
                }
            }
        };

        turnstile.Called = key => queue.Add(key, Urgency.Urgent);
        cluster.Freezes?.OnChange(_ => Add(queue, cluster.Deliveries.List().Where(HasSomethingToDo)));

        // A node's heartbeat is no change of its record; what is left are new nodes, labels and taints.
        cluster.Nodes?.OnChange(_ => Add(queue, cluster.Deliveries.List().Where(HangsOnNodes)));
    }

    // What waits, and what is under way.
    private static bool HasSomethingToDo(Delivery delivery) => delivery.Status is { } status
        && (status.Held is not null || status.Rollout is not (null or Rollouts.RolloutState.Idle) || (status.Candidate is { } candidate && candidate.Digest != status.Current?.Digest));

    // Whatever is still to start: with a node that joins it may have nowhere to run, and with one that leaves it may.
    private static bool HangsOnNodes(Delivery delivery) => delivery.Status is { } status
        && (status.Held?.Reason == Reasons.PlatformMismatch || (status.Candidate is { } candidate && candidate.Digest != status.Current?.Digest));

    private static IEnumerable<Delivery> Rivals(ClusterView cluster, Delivery? delivery) =>
        (delivery?.Spec?.Targets ?? [])
            .Where(target => !string.IsNullOrEmpty(target.Name))
            .SelectMany(target => cluster.DeliveriesOf(new WorkloadKey(TargetKind.NameOf(target), delivery!.Metadata.Namespace ?? "", target.Name!)));

    private static void Abandon(ClusterView cluster, Delivery? before)
    {
        foreach (var index in (before?.Spec?.Targets ?? []).Select(FollowedKinds.IndexOf).OfType<string>().Distinct())
        {
            if (!cluster.Deliveries.ByIndex(ClusterView.ByKind, index).Any())
            {
                cluster.Kinds.Forget(index);
            }
        }
    }

    private static void Add(ScopedQueue queue, IEnumerable<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            queue.Add(new ObjectKey(delivery.Metadata.Namespace ?? "", delivery.Metadata.Name), Urgency.Urgent);
        }
    }

    private sealed record ScopedQueue(WorkQueue<ObjectKey> All, ShardScope Scope)
    {
        public void Add(ObjectKey key, Urgency urgency)
        {
            if (Scope.Holds(key.Namespace))
            {
                All.Add(key, urgency);
            }
        }
    }
}
