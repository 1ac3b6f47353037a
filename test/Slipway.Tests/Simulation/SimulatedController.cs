using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Tests.Simulation;

/// <summary>
/// The imperative shell in small: reads that may be stale, then either the status write or the writes of the world, each of which may
/// be the last thing this process does.
/// </summary>
internal sealed class SimulatedController(SimulatedCluster cluster, SimulationLog log)
{
    // What this process has seen or written itself is never unseen (the informers' read-your-writes guard). A crash forgets it.
    private int _status, _releases;
    private readonly int[] _targets = new int[cluster.Targets.Count];

    /// <param name="lag">How many versions the caches are behind.</param>
    /// <param name="crashAfter">Writes after which the process dies; a large number is never.</param>
    public DateTimeOffset? Reconcile(Func<DeliverySnapshot, DeliverySnapshot> world, int lag, int crashAfter)
    {
        var writes = new WriteBudget(crashAfter);
        var (status, statusVersion) = cluster.Statuses.Read(lag, _status);
        var (releases, releasesVersion) = cluster.Releases.Read(lag, _releases);
        var targets = cluster.Targets.Select((target, index) => target.Read(lag, _targets[index])).ToArray();
        var snapshot = world(new DeliverySnapshot
        {
            Namespace = "prod",
            Name = "shop",
            Uid = "uid",
            Terms = new RolloutTerms { Repository = "docker.io/acme/shop" },
            Status = status,
            Targets = [.. targets.Select((target, index) => target.Value.Snapshot(index))],
            History = [.. releases.Select(release => new ReleaseRecord(release.Metadata.Name, "", release.Spec.Number, release.Spec.Tag, release.Spec.Digest, release.Status!.Outcome, release.Spec.StartedAt))],
            Now = default,
        });

        var plan = DeliveryPlanner.Plan(snapshot);
        log.Planned(snapshot, plan);
        if (!plan.Status.SameAs(status))
        {
            if (writes.Allows() && cluster.Statuses.TryWrite(plan.Status, statusVersion))
            {
                log.Persisted(snapshot, plan);
                _status = cluster.Statuses.Version;
            }
        }
        else
        {
            Act(plan.World, snapshot, writes, statusVersion, releasesVersion, [.. targets.Select(target => target.Version)]);
        }

        if (writes.IsDead)
        {
            (_status, _releases) = (0, 0);
            Array.Clear(_targets);
        }

        return plan.Wake;
    }

    private void Act(World world, DeliverySnapshot snapshot, WriteBudget writes, int status, int releases, int[] targets)
    {
        if (world.Release is { } wished && snapshot.History.All(release => release.Name != wished.Metadata.Name || release.Outcome != wished.Status!.Outcome))
        {
            // Created when absent (a conflict means done), completed when it is there and still running.
            var there = cluster.Releases.Latest.FirstOrDefault(release => release.Metadata.Name == wished.Metadata.Name);
            var completes = there is not null && wished.Status!.Outcome != "Running" && cluster.Releases.Version == releases;
            if ((there is null || completes) && writes.Allows())
            {
                cluster.Releases.Write([.. cluster.Releases.Latest.Where(release => release != there), wished]);
                _releases = cluster.Releases.Version;
                log.Recorded(there, wished);
            }
        }

        foreach (var wish in world.Images)
        {
            var index = snapshot.Targets.ToList().FindIndex(target => target.Key == wish.Target);
            if (snapshot.Runs(snapshot.Targets[index], wish.Tag, wish.Digest))
            {
                continue;
            }

            // A live read of the Delivery precedes every write to a workload; the workload's own version fences the rest.
            if (cluster.Statuses.Version != status || cluster.Targets[index].Version != targets[index] || !writes.Allows())
            {
                return;
            }

            log.Writing(snapshot, wish);
            cluster.Targets[index].Write(new SimulatedTarget(wish.Tag!, wish.Digest, ImageWriter.Ours, Managed: true));
            _targets[index] = cluster.Targets[index].Version;
        }
    }

    private sealed class WriteBudget(int left)
    {
        private int _left = left;

        public bool IsDead => _left < 0;

        public bool Allows() => --_left >= 0;
    }
}
