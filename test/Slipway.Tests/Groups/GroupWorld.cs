using System.Globalization;
using Slipway.Api;
using Slipway.Groups;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Tests.Rollouts.Shop;

namespace Slipway.Tests.Groups;

/// <summary>One member: its stored status, and a cluster that does at once what it is told. Some run a canary, some roll; some get a bad version.</summary>
internal sealed class SimulatedMember(string name, bool canary, bool bad, int seenAt, GroupMembership membership)
{
    private readonly Dictionary<string, ReleaseRecord> _history = [];
    private ReleasedImage _image = Old.By(1);
    private SideSnapshot? _side;

    public string Name => name;

    public GroupMembership Membership => membership;

    public DeliveryStatus Status { get; private set; } = new() { Current = Old.By(1), LastRelease = 1, Candidate = new(Old.Tag, Old.Digest, Noon, "") };

    public int Order => membership.Order ?? 0;

    /// <summary>Its attempts within runs, by run: how each ended.</summary>
    public Dictionary<long, GroupOutcome> Ended { get; } = [];

    public bool HasNew => _image.Digest == New.Digest;

    public DeliverySnapshot Snapshot(DateTimeOffset now, IEnumerable<SimulatedMember> others)
    {
        // The newer version of the one that failed comes much later, and is good.
        var version = now >= Noon.AddHours(3) && bad ? Newer : now >= Noon.AddSeconds(seenAt) ? New : Old;
        return Settled with
        {
            Name = name,
            Uid = $"uid-{name}",
            Terms = Settled.Terms with
            {
                ProgressDeadline = TimeSpan.FromMinutes(10),
                Plan = canary ? new RolloutPlan { Strategy = StrategyKind.Canary, Steps = [new PlanStep(25)], AllowCoarse = true, Traffic = new TrafficPlan { Settle = TimeSpan.Zero, Drain = TimeSpan.Zero } } : null,
                Group = new GroupTerms("train", Order, membership.DependsOn ?? [], TimeSpan.FromHours(1)),
            },
            Status = Status,
            Sighting = version.Seen(),
            Targets = [new TargetSnapshot(Key(name), [Image(new(_image.Tag!, _image.Digest))], HealthOf(_image.Digest)) { Managed = true, Replicas = 3, Available = 3 }],
            Side = _side,
            History = [.. _history.Values, Old.Release(1, Slipway.History.Outcomes.Succeeded)],
            Group = [.. others.Where(other => other != this).Select(other => other.AsMember()).OfType<GroupMember>()],
            Now = now,
        };
    }

    public GroupMember? AsMember() => GroupMember.Of(new Delivery { Metadata = new ObjectMeta { Name = name }, Spec = new DeliverySpec { Group = membership }, Status = Status }, "train");

    /// <summary>Persist or act, as the controller does; a crash is that neither happened.</summary>
    public void Do(DeliveryPlan plan, bool crash)
    {
        if (crash)
        {
            return;
        }

        if (!Status.SameAs(plan.Status))
        {
            Status = plan.Status;
            if (Status.Group is { } outcome)
            {
                Ended[outcome.Run] = outcome;
            }

            return;
        }

        if (plan.World.Release is { } release)
        {
            _history[release.Metadata.Name] = new(release.Metadata.Name, "uid", release.Spec.Number, release.Spec.Tag, release.Spec.Digest, release.Status!.Outcome, release.Spec.StartedAt);
        }

        foreach (var wish in plan.World.Images)
        {
            _image = new ReleasedImage(wish.Tag, wish.Digest, wish.Release);
        }

        _side = plan.World.Side is { } side ? new SideSnapshot(name, side.Digest, side.Replicas, side.Replicas, side.Open, HealthOf(side.Digest)) { Open = side.Open } 
            : plan.World.NoSide ? null
            : plan.World.Traffic is { Weight: 0 } && _side is not null ? _side with { Open = 0, Serving = 0 }
            : _side;
    }

    private Health HealthOf(string digest) => bad && digest == New.Digest ? new Health.Failing("CrashLoopBackOff", $"{name} exits with 1") : new Health.Healthy(3);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{name}{(canary ? " canary" : "")}{(bad ? " bad" : "")}: {Status.Rollout?.GetType().Name} {Status.Rollout?.Attempted?.Group} held {Status.Held?.Reason} last {Status.Group}");
}
