using Slipway.History;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Tests.Simulation.Sides;

/// <summary>
/// The shell in small: reads that may be stale, then the status write or the writes of the world. What starts or harms is preceded by live
/// reads, as in the real one; the process may die after any write.
/// </summary>
internal sealed class SidedController(SidedCluster cluster, SidedLog log)
{
    private int _status, _releases, _oldestList, _stable, _side, _route;
    private int _left;

    public DateTimeOffset? Reconcile(Func<DeliverySnapshot, DeliverySnapshot> world, int lag, int crashAfter)
    {
        _left = crashAfter;
        var (status, statusVersion) = cluster.Statuses.Read(lag, _status);
        var (releases, releasesVersion) = cluster.Releases.Read(lag, _releases);
        var (stable, stableVersion) = cluster.Stable.Read(lag, _stable);

        // What says that nothing more can reach the side is read live: a cache from before the first request would say so too (I26).
        var sided = status.Rollout is RolloutState.Draining ? 0 : lag;
        var (side, _) = cluster.Side.Read(sided, _side);
        var (route, _) = cluster.Route.Read(sided, _route);
        var snapshot = world(new DeliverySnapshot
        {
            Namespace = "prod",
            Name = "shop",
            Uid = "uid",
            Terms = new RolloutTerms { Repository = "docker.io/acme/shop" },
            Status = status,
            Targets = [stable.Snapshot()],
            Side = side?.Snapshot(cluster.Router),
            Traffic = cluster.Router is RouterKind.Pods or RouterKind.Partition ? null : route.Snapshot(),
            History = [.. releases.Select(SimulatedController.Record)],
            Now = default,
        });
        var plan = DeliveryPlanner.Plan(snapshot);
        log.Planned(snapshot, plan);

        // Persist or act, never both (I23).
        if (!plan.Status.SameAs(status))
        {
            if (Allows() && cluster.Statuses.TryWrite(plan.Status, statusVersion))
            {
                log.Persisted(snapshot, plan);
                _status = cluster.Statuses.Version;
            }
        }
        else if (cluster.Statuses.Version == statusVersion)
        {
            // A live read of the Delivery precedes what is written elsewhere (I26).
            Act(snapshot, plan.World, releasesVersion, stableVersion);
        }

        if (_left < 0)
        {
            (_status, _releases, _stable, _side, _route) = (0, _oldestList, 0, 0, 0);
        }

        return plan.Wake;
    }

    public void SeeReleases() => _oldestList = _releases = cluster.Releases.Version;

    private bool Allows() => --_left >= 0;

    private void Act(DeliverySnapshot snapshot, World world, int releases, int stable)
    {
        Record(world, releases);
        Write(snapshot, world, stable);
        if (!world.Unpartition.IsEmpty && cluster.Stable.Version == stable && Allows())
        {
            cluster.Stable.Write(cluster.Stable.Latest with { Partition = 0 });
            log.Wrote();
        }

        if (world.Side is { } side)
        {
            Run(side);
        }

        if (world.Side is null && world.Traffic is not null && cluster.Router == RouterKind.Pods && cluster.Side.Latest is { Open: > 0 } open && Allows())
        {
            log.Wrote();
            cluster.Side.Write(open with { Open = 0 });
        }

        if (world.Traffic is { } traffic)
        {
            Divide(snapshot, traffic);
        }

        if (world.NoSide && cluster.Side.Latest is { Going: false } there && Allows())
        {
            log.Removing(snapshot);
            cluster.Side.Write(there with { Going = true, Open = 0 });
        }

        foreach (var old in world.Prune)
        {
            if (Allows())
            {
                log.Pruned(old);
                cluster.Releases.Write([.. cluster.Releases.Latest.Where(release => release.Metadata.Name != old.Name)]);
                _releases = cluster.Releases.Version;
            }
        }
    }

    private void Record(World world, int version)
    {
        if (world.Release is not { } wished || cluster.Releases.Version != version)
        {
            return;
        }

        var there = cluster.Releases.Latest.FirstOrDefault(release => release.Metadata.Name == wished.Metadata.Name);
        if (there is null ? !Allows() : Outcomes.IsFinal(there.Status!.Outcome) || there.Status == wished.Status || !Allows())
        {
            return;
        }

        cluster.Releases.Write(there is null ? [.. cluster.Releases.Latest, wished] : [.. cluster.Releases.Latest.Select(release => release == there ? there with { Status = wished.Status } : release)]);
        _releases = cluster.Releases.Version;
        log.Wrote();
    }

    private void Write(DeliverySnapshot snapshot, World world, int version)
    {
        foreach (var wish in world.Images)
        {
            var there = snapshot.Targets[0];
            var placed = snapshot.Runs(there, wish.Tag, wish.Digest);
            if ((placed && there.Partition == (wish.Partition ?? 0)) || cluster.Stable.Version != version || cluster.RefusesWrites || !Allows())
            {
                return;
            }

            log.Writing(snapshot, wish);
            var now = cluster.Stable.Latest;
            cluster.Stable.Write(now with
            {
                Tag = wish.Tag!,
                Digest = wish.Digest,
                Author = ImageWriter.Ours,
                Managed = true,
                Partition = wish.Partition ?? 0,
                // The pods that its partition keeps are of the version before, and stay available.
                Updated = placed ? now.Updated : 0,
                Crashing = placed && now.Crashing,
            });
            _stable = cluster.Stable.Version;
        }
    }

    // Created under its name, or found there; it is scaled, and never given another image (I8).
    private void Run(SideWish wish)
    {
        var there = cluster.Side.Latest;
        if (there is null or { Going: false } && (there?.Replicas ?? -1) != wish.Replicas && (there is null || there.Digest == wish.Digest) && !cluster.RefusesWrites && Allows())
        {
            log.Sizing(there, wish);
            cluster.Side.Write(there is null ? new SideModel(wish.Digest, wish.Replicas) : there with { Replicas = wish.Replicas });
            _side = cluster.Side.Version;
        }

        if (cluster.Router != RouterKind.Pods || cluster.Side.Latest is not { Going: false } now || now.Digest != wish.Digest)
        {
            return;
        }

        // Read live: only what is prepared is opened, and all at once or not at all where nothing was open before (I1).
        var open = wish.Open == 0 ? 0 : now.Prepared >= wish.Open ? wish.Open : Math.Min(now.Open, wish.Open);
        if (open != now.Open && (open < now.Open || cluster.Stable.Latest.Available > 0 || cluster.Stable.Latest.Replicas == 0) && Allows())
        {
            log.Opening(now, open, wish);
            cluster.Side.Write(now with { Open = open });
            _side = cluster.Side.Version;
        }
    }

    private void Divide(DeliverySnapshot snapshot, TrafficWish wish)
    {
        var there = cluster.Route.Latest;
        if (cluster.Router is RouterKind.Pods or RouterKind.Partition || cluster.RefusesWrites
            || (there.Weight == wish.Weight && there.Rules == wish.RulesStep && there.Touched == !wish.Restore) || (wish.Restore && !there.Touched))
        {
            return;
        }

        var prepared = cluster.Side.Latest is { Going: false } side ? side.Prepared : 0;
        var raises = wish.Weight > there.Weight || (wish.RulesStep is not null && there.Rules is null);
        if ((raises && prepared < Math.Max(1, Needed(wish.Weight))) || (wish.Weight < there.Weight && cluster.IsServedBesideAlone) || !Allows())
        {
            return;
        }

        log.Dividing(snapshot, there, wish);
        cluster.WriteRoute(new RouteModel(wish.Weight, wish.RulesStep, Acked: wish.Weight == there.Weight && wish.RulesStep == there.Rules && there.Acked, Touched: !wish.Restore));
        _route = cluster.Route.Version;
    }

    private int Needed(int weight) => ((weight * cluster.Stable.Latest.Replicas) + 99) / 100;
}
