using Slipway.Api;
using Slipway.Checks;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Simulation.SimulatedCluster;

namespace Slipway.Tests.Simulation.Sides;

/// <summary>One Delivery with two sides and all that happens to it, until nothing happens any more.</summary>
internal sealed class SidedWorld
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int MostPasses = 3000;

    private readonly SidedSchedule _schedule;
    private readonly SidedController _first, _second;
    private readonly List<Measured> _measured = [];
    private DateTimeOffset _now = Start;
    private TimeSpan _back;
    private int _requests, _plan;
    private bool _leaving;
    private SourceMood _mood;

    public SidedWorld(SidedSchedule schedule)
    {
        (_schedule, _plan) = (schedule, schedule.Plan);
        Cluster = new(schedule);
        Log = new(Cluster, schedule, thorough: schedule.Events.Length % 4 == 0);
        (_first, _second) = (new(Cluster, Log), new(Cluster, Log));
    }

    public SidedCluster Cluster { get; }

    public SidedLog Log { get; }

    public int Wanted { get; private set; } = 1;

    public Requests Asked { get; private set; } = new();

    public static string Fingerprint => "v1";

    public void Apply(Event happening)
    {
        switch (happening)
        {
            case Event.Push push:
                Cluster.Publish(push.Version, push.Fate);
                Wanted = Math.Max(Wanted, push.Version);
                break;
            case Event.Tick tick: _now += TimeSpan.FromSeconds(tick.Seconds); break;
            case Event.ClockBack back: (_now, _back) = (_now - TimeSpan.FromSeconds(back.Seconds), _back + TimeSpan.FromSeconds(back.Seconds)); break;
            case Event.PodsReady { Beside: true } pods: Cluster.GrowSide(pods.Pods); break;
            case Event.PodsReady pods: Cluster.GrowStable(pods.Pods); break;
            case Event.PodGone gone: Cluster.Lose(gone.Beside); break;
            case Event.Propagated: Cluster.Propagate(); break;
            case Event.Acknowledged: Cluster.Acknowledge(); break;
            case Event.Scaled scaled: Cluster.Scale(scaled.Replicas); break;
            case Event.Measured: Measure(); break;
            case Event.Mood mood: _mood = mood.Source; break;
            case Event.ImageSet set: Cluster.Set(set.Version, set.ByPerson ? ImageWriter.Person : ImageWriter.Declarative); break;
            case Event.RouteReverted when Cluster.Route.Latest.Touched: Cluster.WriteRoute(new RouteModel(0, null, Acked: false, Touched: Cluster.Router != RouterKind.Selector)); break;
            case Event.SideDeleted when Cluster.Side.Latest is { } side: Cluster.Side.Write(side with { Going = true, Open = 0, Serving = 0, Prepared = 0 }); break;
            case Event.Ask ask: Ask(ask.What); break;
            case Event.Suspend suspend: Log.Suspended = suspend.On; break;
            case Event.Refuse refuse: Cluster.RefusesWrites = refuse.On; break;
            case Event.StatusWiped: Wipe(); break;
            case Event.PlanEdited edited: _plan = edited.Plan; break;
            case Event.Reconcile pass: Pass(pass.Second ? _second : _first, pass.Lag, pass.CrashAfter); break;
        }

        Note();
    }

    public DateTimeOffset? Pass() => Pass(_first, lag: 0, crashAfter: int.MaxValue);

    private DateTimeOffset? Pass(SidedController controller, int lag, int crashAfter)
    {
        Log.Now = _now + _back;
        return controller.Reconcile(Observe, lag, crashAfter);
    }

    // When the data plane last used the new version, as nobody but the world knows.
    private void Note() => Log.ClosedSince = Cluster.Exposure > 0 ? null : Log.ClosedSince ?? _now + _back;

    // Results are kept by name until they are taken; what nobody wishes for any more is let go.
    private bool Measure()
    {
        var world = DeliveryPlanner.Plan(Observe(Live())).World;
        _measured.RemoveAll(made => !world.Measure.Any(wish => wish.Context.Release == made.Release && wish.Step == made.Step && wish.Plan.Name == made.Check && wish.Ordinal == made.Ordinal));
        var due = world.Measure.Where(wish => wish.Due <= _now && _measured.All(made => made.Check != wish.Plan.Name)).ToArray();
        foreach (var wish in due)
        {
            var result = _mood switch
            {
                SourceMood.IsDown => MeasuredAs.Error,
                SourceMood.Empty => MeasuredAs.NoData,
                SourceMood.Unclear => MeasuredAs.Inconclusive,
                _ => Cluster.FateOf(wish.Step == Steps.Rollback ? wish.Context.PreviousDigest! : wish.Context.Digest) == Fate.FailsChecks ? MeasuredAs.Fail : MeasuredAs.Pass,
            };
            var made = new Measured(wish.Context.Release, wish.Step, wish.Plan.Name, wish.Ordinal, new Measurement(result, _now));
            _measured.Add(made);
            if (result == MeasuredAs.Pass)
            {
                Log.Passed(made);
            }
        }

        return due.Length > 0;
    }

    private DeliverySnapshot Live() => new()
    {
        Namespace = "prod",
        Name = "shop",
        Uid = "uid",
        Terms = new RolloutTerms { Repository = "docker.io/acme/shop" },
        Status = Cluster.Statuses.Latest,
        Targets = [Cluster.Stable.Latest.Snapshot()],
        Side = Cluster.Side.Latest?.Snapshot(Cluster.Router),
        Traffic = Cluster.Router is RouterKind.Pods or RouterKind.Partition ? null : Cluster.Route.Latest.Snapshot(),
        History = [.. Cluster.Releases.Latest.Select(SimulatedController.Record)],
        Now = _now,
    };

    private DeliverySnapshot Observe(DeliverySnapshot read) => read with
    {
        Now = _now,
        CreatedAt = Start,
        Sighting = new Sighting.Seen($"{Wanted}", Digest(Wanted), "newest", PlatformSet.Unknown),
        RunningDigest = Digest(Number(read.Targets[0].Images[0].Tag)),
        Requests = Asked,
        Checks = SidedPlans.ChecksOf(_plan),
        Measurements = [.. _measured],
        Leaving = _leaving,
        Terms = new RolloutTerms
        {
            Repository = "docker.io/acme/shop",
            Hold = TimeSpan.FromSeconds(5),
            ProgressDeadline = TimeSpan.FromMinutes(5),
            Suspended = Log.Suspended,
            HistoryLimit = 4,
            Fingerprint = Fingerprint,
            Plan = SidedPlans.Of(_schedule.Router, _plan, _schedule.Waits),
            CompareTags = (a, b) => Number(a) - Number(b),
        },
    };

    private void Ask(string what)
    {
        var value = $"{_requests++} {what}";
        Asked = what switch
        {
            "abort" => Asked with { Abort = value },
            "promote" or "promote all" => Asked with { Promote = $"{_requests} {what["promote".Length..]}" },
            "rollback" => Asked with { Rollback = value },
            "resume" => Asked with { Resume = value },
            "retry" => Asked with { Retry = $"{value} digest {Digest(Wanted)}" },
            _ => Asked,
        };
        if (what == "approve")
        {
            Approve();
        }
    }

    private void Approve()
    {
        var status = Cluster.Statuses.Latest;
        var digest = status.Rollout?.Attempted?.Digest ?? Digest(Wanted);
        Cluster.Statuses.Write(status with { Approvals = [.. (status.Approvals ?? []).TakeLast(5), new Approval(digest, "ann", "test", _now)] });
    }

    private void Wipe()
    {
        Cluster.Statuses.Write(new());
        Asked = new();
        _measured.Clear();
        Log.Wiped();
        _first.SeeReleases();
        _second.SeeReleases();
    }

    /// <summary>No more faults. Passes come from what changes and from the planner's own wish to be woken, and from nothing else.</summary>
    public void CalmDown()
    {
        (Log.Suspended, Cluster.RefusesWrites, _mood, _leaving) = (false, false, SourceMood.Tells, _schedule.Leaves);
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var writes = Log.Writes;
            var wake = Pass();
            var changed = writes != Log.Writes;
            changed |= Cluster.GrowStable(20) | Cluster.GrowSide(20) | Cluster.Propagate() | (Cluster.Router is not (RouterKind.Pods or RouterKind.Partition) && Cluster.Acknowledge()) | Measure();
            if (!changed && Cluster.Statuses.Latest.Held?.Reason is Reasons.AwaitingApproval)
            {
                Approve();
                changed = true;
            }

            // Nobody but a person ends that.
            if (!changed && wake is null && _schedule.Waits && Cluster.Statuses.Latest.Held?.Reason is Reasons.Inconclusive)
            {
                Ask(Cluster.Statuses.Latest.Rollout?.Attempted?.Previous is null ? "promote" : "abort");
                changed = true;
            }

            Note();
            var due = Due();
            if (!changed && wake is null && due is null)
            {
                return;
            }

            Log.Check("I25", changed || wake is null || wake > _now, "asks to be woken at once, for nothing");
            _now = changed ? _now.AddSeconds(1) : wake is null || due < wake ? due!.Value : wake.Value;
        }

        Log.Check("I31", false, $"never settles: {Cluster.Statuses.Latest.Rollout}");
    }

    private DateTimeOffset? Due() => DeliveryPlanner.Plan(Observe(Live())).World.Measure.Select(wish => (DateTimeOffset?)wish.Due).Where(due => due > _now).Min();

    public void Settled()
    {
        var status = Cluster.Statuses.Latest;
        if (status.Rollout is Draining && Cluster.IsServedBesideAlone && !_leaving)
        {
            // Nobody is sent to nobody, so it waits for a pod of the workload, and says so; until one is there, the side serves.
            Log.Check("I35", status.Held?.Reason == Reasons.DrainBlocked, "waits for the workload's pods, and does not say so");
            Log.Check("I9", Cluster.Side.Latest is { Going: false } && Cluster.Exposure > 0, "nothing serves");
            return;
        }

        Log.Check("I31", status.Rollout is null or Idle or RolloutState.Held, $"came to rest in {status.Rollout}");
        Log.Check("I36", Cluster.Side.Latest is null && !Cluster.Route.Latest.Touched && Cluster.Exposure == 0, $"something remains beside the workload: {Cluster.Side.Latest} {Cluster.Route.Latest}");
        Log.Check("I36", Cluster.Stable.Latest.Partition == 0 || _schedule.Leaves, "a partition remains");
        if (!_leaving)
        {
            History();
            Images(status);
        }

        var writes = Log.Writes;
        Pass();
        Log.Check("I25", writes == Log.Writes, "a pass over a settled world writes");
    }

    private void History()
    {
        var releases = Cluster.Releases.Latest;
        Log.Check("rule 11", releases.Select(release => release.Spec.Number).Distinct().Count() == releases.Count, "two Releases have one number");
        Log.Check("I20", releases.All(release => Outcomes.IsFinal(release.Status?.Outcome ?? "")), "a Release has no outcome");
        foreach (var (number, digest) in Log.Attempts)
        {
            Log.Check("I20", Log.Removed.Contains(number) || releases.Any(release => release.Spec.Number == number && release.Spec.Digest == digest), $"attempt {number} has no Release");
        }
    }

    // I24: whatever was lost and whoever died on the way, this is where every schedule of the same wishes ends.
    private void Images(DeliveryStatus status)
    {
        if (status.Rollout is RolloutState.Held held)
        {
            Log.Check("I35", held.Reason is Reasons.ManualRollback or Reasons.Drifted or Reasons.Contested or Reasons.NothingToRollBackTo or Reasons.ExposureEnded, $"held for {held.Reason}");
            Log.Check("I35", status.Held?.Reason == held.Reason, "is held, and does not say so");
            return;
        }

        var wanted = Digest(Wanted);
        var rejected = Rejections.Find(status.Rejected, wanted, Fingerprint) is not null;
        Log.Check("I34", status.Current is not null || rejected || Cluster.FateOf(Cluster.Stable.Latest.Runs) != Fate.Good, "a version that nobody rejected never became current");
        if (status.Current is not { } current)
        {
            return;
        }

        Log.Check("I20", current.Digest == wanted || rejected || Number(current.Tag) > Wanted, $"{wanted} is neither deployed nor rejected; {current.Digest} runs");
        Log.Check("I35", current.Digest == wanted || status.Held is not null, $"{wanted} is not deployed, and no reason is given");
        Log.Check("I24", Cluster.Stable.Latest.Runs == current.Digest, $"{current.Digest} is current, and something else runs");
    }
}
