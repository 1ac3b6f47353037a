using Slipway.Api;
using Slipway.History;
using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Vectors.Rollouts;

/// <summary>
/// One Deployment whose version 1 is current while version 2 is in the registry, moved by the real planner. The cluster does at once what it is told,
/// unless a case says otherwise; each pass persists or acts, as the controller's do, and time passes only where nothing else happens.
/// </summary>
internal sealed class RolloutScenario
{
    public const string Old = "sha256:1";
    public const string New = "sha256:2";
    public const string Newer = "sha256:3";

    private const int MostPasses = 200;

    public static readonly DateTimeOffset Beginning = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkloadKey Workload = new("Deployment", "prod", "shop");

    public RolloutScenario(RolloutPlan? plan, int replicas) => Now = new DeliverySnapshot
    {
        Namespace = "prod",
        Name = "shop",
        Uid = "uid-1",
        CreatedAt = Beginning,
        Terms = new RolloutTerms { Repository = "ghcr.io/acme/shop", Plan = plan },
        Status = new DeliveryStatus { Current = new ReleasedImage("1", Old, 1), LastRelease = 1 },
        Targets = [new TargetSnapshot(Workload, [Image("1", Old)], new Health.Healthy(replicas)) { Managed = true, Replicas = replicas, Available = replicas }],
        History = [new ReleaseRecord("shop-1", "uid-of-1", 1, "1", Old, Outcomes.Succeeded, Beginning)],
        Sighting = Sighted("2", New),
        Now = Beginning,
    };

    public DeliverySnapshot Now { get; set; }

    public RolloutState State => Now.State;

    /// <summary>What the Deployment's own controller does is not played: the case says how its pods are.</summary>
    public bool IsStableStuck { get; set; }

    /// <summary>The router takes what is written and does not acknowledge it.</summary>
    public bool IsRouterLate { get; set; }

    public TargetSnapshot Stable => Now.Targets[0];

    /// <summary>What is written in the route, in percent.</summary>
    public int Weight => Now.Traffic?.Weight ?? 0;

    public static Sighting Sighted(string tag, string digest) => new Sighting.Seen(tag, digest, $"{tag} is the highest", PlatformSet.Unknown);

    /// <summary>Passes until it is so.</summary>
    public RolloutScenario Until(Func<RolloutScenario, bool> isSo)
    {
        for (var pass = 0; pass < MostPasses; pass++)
        {
            if (isSo(this))
            {
                return this;
            }

            if (!Pass())
            {
                break;
            }
        }

        throw new InvalidOperationException($"it came to rest, or went on for {MostPasses} passes, in {State}");
    }

    /// <summary>Passes until nothing happens by itself any more, without waiting for anything.</summary>
    public RolloutScenario Rest()
    {
        var instant = Now.Now;
        for (var pass = 0; pass < MostPasses && Pass(); pass++)
        {
            if (Now.Now > instant)
            {
                Now = Now with { Now = instant };
                return this;
            }
        }

        return this;
    }

    /// <summary>One pass; where it finds nothing to do, the time at which it wants to be woken comes. False: there is none.</summary>
    public bool Pass()
    {
        var plan = DeliveryPlanner.Plan(Now);
        if (!plan.Status.SameAs(Now.Status))
        {
            Now = Now with { Status = plan.Status };
            return true;
        }

        var before = Now;
        Apply(plan.World);
        if (before != Now)
        {
            return true;
        }

        if (plan.Wake is not { } wake || wake <= Now.Now)
        {
            return false;
        }

        Now = Now with { Now = wake };
        return true;
    }

    private void Apply(World world)
    {
        if (world.Release is { } release && !Now.History.Any(known => known.Name == release.Metadata.Name && known.Outcome == release.Status!.Outcome))
        {
            var spec = release.Spec;
            Now = Now with
            {
                History = [.. Now.History.Where(known => known.Name != release.Metadata.Name),
                    new ReleaseRecord(release.Metadata.Name, "uid", spec.Number, spec.Tag, spec.Digest, release.Status!.Outcome, spec.StartedAt)],
            };
        }

        foreach (var wish in world.Images.Where(wish => wish.Digest != Stable.Images[0].Digest))
        {
            Now = Now with { Targets = [Stable with { Images = [Image(wish.Tag!, wish.Digest)], Health = IsStableStuck ? Stable.Health : new Health.Healthy(Stable.Replicas) }] };
        }

        Now = Now with { Side = SideOf(world), Traffic = TrafficOf(world) };
    }

    private SideSnapshot? SideOf(World world)
    {
        if (world.Side is not { } wish)
        {
            // Where the pods are the weight, their gates are closed before they go.
            return world.NoSide ? null : world.Traffic is { Weight: 0 } ? Now.Side is { } side ? side with { Open = 0, Serving = 0 } : null : Now.Side;
        }

        if (Now.Side is { } there && there.Digest != wish.Digest)
        {
            throw new InvalidOperationException($"what runs {there.Digest} is given {wish.Digest} before it was drained (I8)");
        }

        return new SideSnapshot("shop", wish.Digest, wish.Replicas, wish.Replicas, wish.Open, new Health.Healthy(wish.Replicas)) { Open = wish.Open };
    }

    private TrafficSnapshot? TrafficOf(World world) => world.Traffic switch
    {
        null => Now.Traffic,
        { Traffic.Router: RouterKind.Pods } => null,
        { Restore: true } => null,
        var wish => new TrafficSnapshot(wish.Weight, InEffect: !IsRouterLate) { Rules = wish.RulesStep, Touched = true },
    };

    private static RunningImage Image(string tag, string digest) => new("web", InRepository: true, tag, digest, ImageWriter.Ours, "slipway");
}
