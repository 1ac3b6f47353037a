using Slipway.Api;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Tests.Simulation.Sides;

/// <summary>A model of what the API server stores of a Delivery with two sides, and of the data plane behind it.</summary>
internal sealed class SidedCluster
{
    private readonly Dictionary<string, Fate> _fates = [];

    public SidedCluster(SidedSchedule schedule)
    {
        Router = schedule.Router;
        Stable = new(new StableModel("1", Digest(1), ImageWriter.Declarative, schedule.Replicas, schedule.Replicas, schedule.Replicas));
        _fates[Digest(1)] = Fate.Good;
    }

    public RouterKind Router { get; }

    public Versioned<DeliveryStatus> Statuses { get; } = new(new DeliveryStatus());

    public Versioned<StableModel> Stable { get; }

    public Versioned<SideModel?> Side { get; } = new(null);

    public Versioned<RouteModel> Route { get; } = new(new RouteModel());

    public Versioned<IReadOnlyList<Release>> Releases { get; } = new([]);

    /// <summary>The API server refuses what is written to workloads and routes.</summary>
    public bool RefusesWrites { get; set; }

    /// <summary>The largest share that any part of the data plane may still use: the last one acknowledged, and every one written since (W*).</summary>
    public int Worst { get; private set; }

    public static string Digest(int version) => SimulatedCluster.Digest(version);

    public Fate FateOf(string digest) => _fates.GetValueOrDefault(digest, Fate.Good);

    public void Publish(int version, Fate fate) => _fates.TryAdd(Digest(version), fate);

    /// <summary>Requests that may reach the new version, in whatever measure the router has.</summary>
    public int Exposure => Router == RouterKind.Pods ? Math.Max(Side.Latest?.Open ?? 0, Side.Latest?.Serving ?? 0) : Worst + (Route.Latest.Rules is null ? 0 : 1);

    /// <summary>Nobody is sent to nobody, unless nobody is where they are now either (SelectorRouter).</summary>
    public bool IsServedBesideAlone => Router == RouterKind.Selector && Stable.Latest is { Available: 0, Replicas: > 0 } && Side.Latest is { Prepared: > 0 };

    public void WriteRoute(RouteModel route)
    {
        Worst = Math.Max(Worst, route.Weight);
        Route.Write(route);
    }

    public bool Acknowledge()
    {
        if (Route.Latest.Acked && Worst == Route.Latest.Weight)
        {
            return false;
        }

        Worst = Route.Latest.Weight;
        Route.Write(Route.Latest with { Acked = true });
        return true;
    }

    public bool GrowStable(int pods)
    {
        var now = Stable.Latest;
        var crashes = FateOf(now.Runs) is Fate.Crashes or Fate.CrashesInPlace;
        var updated = Math.Clamp(now.Updated + pods, 0, Math.Max(0, now.Replicas - now.Partition));
        var grown = crashes && now.Updated < now.Replicas - now.Partition && !(now.Partition > 0 && FateOf(now.Runs) == Fate.CrashesInPlace)
            ? now with { Crashing = true }
            : now with { Updated = updated, Available = Math.Min(now.Replicas, now.Available + pods) };
        return Write(Stable, now, grown);
    }

    public bool GrowSide(int pods)
    {
        if (Side.Latest is not { Going: false } now)
        {
            return false;
        }

        return Write(Side, now, FateOf(now.Digest) == Fate.Crashes ? now with { Crashing = true } : now with { Prepared = Math.Min(now.Replicas, now.Prepared + pods) });
    }

    public bool Propagate()
    {
        if (Side.Latest is not { } now)
        {
            return false;
        }

        return Write(Side, now, now.Going ? null : now with { Serving = Math.Min(now.Open, now.Prepared) });
    }

    public void Scale(int replicas)
    {
        var now = Stable.Latest;
        Stable.Write(now with
        {
            Replicas = replicas,
            Updated = Math.Min(now.Updated, Math.Max(0, replicas - now.Partition)),
            Available = Math.Min(now.Available, replicas),
        });
    }

    /// <summary>A pod is lost to a cause outside; another comes in its place, and is not ready yet.</summary>
    public void Lose(bool beside)
    {
        if (!beside)
        {
            Stable.Write(Stable.Latest with { Available = Math.Max(0, Stable.Latest.Available - 1), Updated = Math.Max(0, Stable.Latest.Updated - 1) });
        }
        else if (Side.Latest is { Prepared: > 0 } side)
        {
            Side.Write(side with { Prepared = side.Prepared - 1, Open = Math.Min(side.Open, side.Prepared - 1), Serving = Math.Min(side.Serving, side.Prepared - 1) });
        }
    }

    public void Set(int version, ImageWriter author)
    {
        Publish(version, Fate.Good);
        Stable.Write(Stable.Latest with { Tag = $"{version}", Digest = null, Author = author, Updated = 0, Crashing = false });
    }

    private static bool Write<T>(Versioned<T> stored, T before, T after)
    {
        if (EqualityComparer<T>.Default.Equals(before, after))
        {
            return false;
        }

        stored.Write(after);
        return true;
    }
}

/// <summary>The user's workload. <paramref name="Updated"/> and <paramref name="Available"/> count pods.</summary>
internal sealed record StableModel(string Tag, string? Digest, ImageWriter Author, int Replicas, int Updated, int Available, int Partition = 0, bool Crashing = false, bool Managed = false)
{
    public static readonly WorkloadKey Key = new("Deployment", "prod", "shop");

    public string Runs => Digest ?? SimulatedCluster.Digest(SimulatedCluster.Number(Tag));

    public TargetSnapshot Snapshot()
    {
        Health health = Replicas == 0 ? new Health.Healthy(0)
            : Crashing ? new Health.Failing("CrashLoopBackOff", "exit 1")
            : Updated >= Replicas - Partition && Available >= Replicas ? new Health.Healthy(Updated)
            : new Health.Progressing("waiting", Updated);
        return new TargetSnapshot(Key, [new RunningImage("web", true, Tag, Digest, Author, Author.ToString())], health)
        {
            Managed = Managed,
            Replicas = Replicas,
            Available = Available,
            Partition = Partition,
            OwnsPartition = Partition > 0,
            Updated = Updated,
        };
    }
}

/// <summary>The sibling. Its pods are alike, so they are counted.</summary>
internal sealed record SideModel(string Digest, int Replicas, int Prepared = 0, int Open = 0, int Serving = 0, bool Crashing = false, bool Going = false)
{
    public SideSnapshot Snapshot(RouterKind router) => new(
        "shop", Digest, Replicas, Prepared, router == RouterKind.Pods ? Serving : Prepared, Crashing ? new Health.Failing("CrashLoopBackOff", "exit 1") : new Health.Healthy(Prepared))
    {
        Open = router == RouterKind.Pods ? Open : Prepared,
        Going = Going,
    };
}

/// <summary>The route, or the Service whose selector is one.</summary>
internal sealed record RouteModel(int Weight = 0, int? Rules = null, bool Acked = true, bool Touched = false)
{
    public TrafficSnapshot Snapshot() => new(Weight, Acked) { Touched = Touched, Rules = Rules };
}
