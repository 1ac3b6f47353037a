using Slipway.Api;
using Slipway.History;
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
    private int _status, _releases, _oldestList;
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
            Targets = [.. targets.Index().Where(target => !target.Item.Value.Gone).Select(target => target.Item.Value.Snapshot(target.Index))],
            TargetProblem = targets.Any(target => target.Value.Gone) ? new(TargetProblems.TargetNotFound, "spec.targets: it does not exist") : null,
            History = [.. releases.Select(Record)],
            Now = default,
        });

        var plan = DeliveryPlanner.Plan(snapshot);
        log.Planned(snapshot, plan);

        // Persist or act, never both (I23).
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
            Record(plan.World, writes, statusVersion, releasesVersion);
            Write(plan.World, snapshot, writes, statusVersion, [.. targets.Select(target => target.Version)]);
            Prune(plan.World, writes, releasesVersion);
        }

        if (writes.IsDead)
        {
            (_status, _releases) = (0, _oldestList);
            Array.Clear(_targets);
        }

        return plan.Wake;
    }

    /// <summary>
    /// No list of Releases is older than this moment: where somebody deletes a status or a Release, the planner is not asked to see through
    /// a list from before that, too.
    /// </summary>
    public void SeeReleases() => _oldestList = _releases = cluster.Releases.Version;

    public static ReleaseRecord Record(Release release) => new(
        release.Metadata.Name, $"uid-of-{release.Metadata.Name}", release.Spec.Number, release.Spec.Tag, release.Spec.Digest, release.Status?.Outcome ?? "", release.Spec.StartedAt);

    // Created when absent (a conflict means done), then told its outcome: two writes, since the outcome is in the status. The first final
    // one counts: a status that is older than the list must not open a Release again (I21).
    private void Record(World world, WriteBudget writes, int status, int version)
    {
        // A live read of the Delivery precedes this write as it does those to a workload.
        if (world.Release is not { } wished || cluster.Statuses.Version != status)
        {
            return;
        }

        Release? There() => cluster.Releases.Latest.FirstOrDefault(release => release.Metadata.Name == wished.Metadata.Name);
        if (There() is null && writes.Allows())
        {
            cluster.Releases.Write([.. cluster.Releases.Latest, wished with { Status = null }]);
            log.Created(wished);
            (version, _releases) = (cluster.Releases.Version, cluster.Releases.Version);
        }

        if (There() is { } there && !Outcomes.IsFinal(there.Status?.Outcome ?? "") && there.Status?.Outcome != wished.Status!.Outcome && cluster.Releases.Version == version && writes.Allows())
        {
            log.Recorded();
            cluster.Releases.Write([.. cluster.Releases.Latest.Select(release => release == there ? there with { Status = wished.Status } : release)]);
            _releases = cluster.Releases.Version;
        }
    }

    private void Write(World world, DeliverySnapshot snapshot, WriteBudget writes, int status, int[] targets)
    {
        foreach (var wish in world.Images)
        {
            var index = Enumerable.Range(0, targets.Length).First(target => SimulatedTarget.Key(target) == wish.Target);
            if (snapshot.Runs(snapshot.Targets.First(target => target.Key == wish.Target), wish.Tag, wish.Digest))
            {
                continue;
            }

            // A live read of the Delivery precedes every write to a workload; the workload's own version fences the rest.
            if (cluster.Statuses.Version != status || cluster.Targets[index].Version != targets[index] || cluster.RefusesWrites || !writes.Allows())
            {
                return;
            }

            log.Writing(snapshot, wish);
            cluster.Targets[index].Write(new SimulatedTarget(wish.Tag!, wish.Digest, ImageWriter.Ours, Managed: true));
            _targets[index] = cluster.Targets[index].Version;
        }
    }

    private void Prune(World world, WriteBudget writes, int version)
    {
        foreach (var old in world.Prune)
        {
            if (cluster.Releases.Version == version && writes.Allows())
            {
                log.Pruned(old);
                cluster.Releases.Write([.. cluster.Releases.Latest.Where(release => release.Metadata.Name != old.Name)]);
                (version, _releases) = (cluster.Releases.Version, cluster.Releases.Version);
            }
        }
    }

    private sealed class WriteBudget(int left)
    {
        private int _left = left;

        public bool IsDead => _left < 0;

        public bool Allows() => --_left >= 0;
    }
}
