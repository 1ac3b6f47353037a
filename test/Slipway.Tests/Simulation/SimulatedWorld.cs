using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Tests.Simulation.SimulatedCluster;
using static Slipway.Tests.Simulation.SimulationLog;

namespace Slipway.Tests.Simulation;

/// <summary>One Delivery and all that happens to it, until nothing happens any more.</summary>
internal sealed class SimulatedWorld
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Nothing of a schedule takes as many passes as this: what has not settled by then never will.
    private const int MostPasses = 300;

    private readonly SimulatedSchedule _schedule;
    private readonly SimulatedController _controller;
    private readonly HashSet<int> _unfit = [];
    private readonly HashSet<int> _deleted = [];
    private DateTimeOffset _now = Start;
    private int _terms, _requests;
    private bool _rollsBack;
    private RegistryMood _registry;

    public SimulatedWorld(SimulatedSchedule schedule)
    {
        _schedule = schedule;
        _rollsBack = schedule.RollsBack;
        Cluster = new(schedule.Targets);
        Log = new(Cluster, thorough: schedule.Happenings.Length % 4 == 0);
        _controller = new(Cluster, Log);
    }

    public SimulatedCluster Cluster { get; }

    public SimulationLog Log { get; }

    public int Wanted { get; private set; } = 1;

    public Requests Asked { get; private set; } = new();

    public string Fingerprint => $"{_terms}";

    public void Apply(Happening happening)
    {
        switch (happening)
        {
            case Happening.Push push:
                Cluster.Publish(push.Version, push.Good);
                _deleted.Remove(push.Version);
                // A version policy only ever picks a higher one; a moving tag goes where it is put.
                Wanted = _schedule.MovingTag ? push.Version : Math.Max(Wanted, push.Version);
                break;
            case Happening.Tick tick: _now += TimeSpan.FromSeconds(tick.Seconds); break;
            case Happening.ClockBack back: _now -= TimeSpan.FromSeconds(back.Seconds); break;
            case Happening.Registry registry: _registry = registry.Mood; break;
            case Happening.Platform { Fits: true } platform: _unfit.Remove(platform.Version); break;
            case Happening.Platform platform: _unfit.Add(platform.Version); break;
            case Happening.TagDeleted deleted: _deleted.Add(deleted.Version); break;
            case Happening.Suspend suspend: Log.Suspended = suspend.On; break;
            case Happening.Ask ask: Ask(ask.What); break;
            case Happening.SpecEdit: _terms++; break;
            case Happening.RollbackEdit edit: (_rollsBack, _terms) = (edit.On, _terms + 1); break;
            case Happening.WritesRefused refused: Cluster.RefusesWrites = refused.On; break;
            case Happening.ReleaseDeleted deleted: DeleteRelease(deleted.Index); break;
            case Happening.StatusWiped: WipeStatus(); break;
            case Happening.Reconcile r: _controller.Reconcile(Observe, r.Lag, r.CrashAfter); break;
            default: ApplyToTarget(happening); break;
        }
    }

    private void ApplyToTarget(Happening happening)
    {
        switch (happening)
        {
            case Happening.PodsCome come when come.Target < _schedule.Targets: Cluster.Grow(come.Target, come.Pods); break;
            case Happening.PodGoes goes when goes.Target < _schedule.Targets: Cluster.Shrink(goes.Target); break;
            case Happening.ImageSet set when set.Target < _schedule.Targets: Cluster.Set(set.Target, set.Version, set.ByPerson ? ImageWriter.Person : ImageWriter.Declarative); break;
            case Happening.TargetGoes { Returns: true } back when back.Target < _schedule.Targets: Cluster.Restore(back.Target); break;
            case Happening.TargetGoes { Returns: false } gone when gone.Target < _schedule.Targets: Cluster.Remove(gone.Target); break;
        }
    }

    private void Ask(string what)
    {
        var value = $"{_requests++} {what}";
        switch (what)
        {
            case "retry" or "retry old":
                Asked = Asked with { Retry = $"{value} digest {Digest(what == "retry" ? Wanted : Math.Max(1, Wanted - 1))}" };
                break;
            case "resume": Asked = Asked with { Resume = value }; break;
            case "check": Asked = Asked with { Check = value }; break;
            default: Asked = Asked with { Rollback = value }; break;
        }
    }

    private void DeleteRelease(int index)
    {
        if (index < Cluster.Releases.Latest.Count)
        {
            Log.Deleted(Cluster.Releases.Latest[index].Spec.Number);
            Cluster.Releases.Write([.. Cluster.Releases.Latest.Where((_, position) => position != index)]);
            _controller.SeeReleases();
        }
    }

    // A request that was handled would be done again without its memory: an old annotation would roll back out of the blue. The person who
    // deletes a status is taken to delete those, too.
    private void WipeStatus()
    {
        Cluster.Statuses.Write(new());
        Asked = new();
        Log.Wiped();
        _controller.SeeReleases();
    }

    private DeliverySnapshot Observe(DeliverySnapshot read) => read with
    {
        Now = _now,
        CreatedAt = Start,
        Sighting = _registry switch
        {
            RegistryMood.NoMatch => new Sighting.NoMatch("no tag fits"),
            RegistryMood.Problem => new Sighting.Problem("RegistryUnavailable", "503"),
            RegistryMood.Pending => new Sighting.Pending(),
            _ => new Sighting.Seen($"{Wanted}", Digest(Wanted), "newest", PlatformSet.Unknown),
        },
        PlatformProblem = _registry == RegistryMood.Seen && _unfit.Contains(Wanted) ? "no variant for node-7" : null,
        Rested = _registry == RegistryMood.Seen && Resting.Ripe(read.Status, Terms, _now) is { } ripe
            ? new RestedImage(ripe.Digest, IsThere: !_deleted.Contains(Number(ripe.Tag)), _unfit.Contains(Number(ripe.Tag)) ? "no variant for node-7" : null)
            : null,
        RunningDigest = read.Targets is [var first, ..] ? Digest(Number(first.Images[0].Tag)) : null,
        Requests = Asked,
        Terms = Terms,
    };

    private RolloutTerms Terms => new()
    {
        Repository = "docker.io/acme/shop",
        Hold = TimeSpan.FromSeconds(_schedule.Hold),
        MinimumAge = TimeSpan.FromSeconds(_schedule.MinimumAge),
        RollsBack = _rollsBack,
        Suspended = Log.Suspended,
        FollowsMovingTag = _schedule.MovingTag,
        HistoryLimit = 4,
        Fingerprint = Fingerprint,
        CompareTags = (a, b) => _schedule.MovingTag ? null : Number(a) - Number(b),
    };

    /// <summary>
    /// No more faults, nobody suspends. Passes come from what changes and from the planner's own wish to be woken, and from nothing else: a
    /// state that is left in time but never woken for would stand still here.
    /// </summary>
    public void CalmDown()
    {
        (Log.Suspended, Log.Calm, _registry, Cluster.RefusesWrites) = (false, true, RegistryMood.Seen, false);
        _unfit.Clear();
        for (var target = 0; target < _schedule.Targets; target++)
        {
            Cluster.Restore(target);
        }

        for (var pass = 0; pass < MostPasses; pass++)
        {
            var writes = Log.Writes;
            var wake = _controller.Reconcile(Observe, lag: 0, crashAfter: int.MaxValue);
            var changed = writes != Log.Writes;
            for (var target = 0; target < _schedule.Targets && !_schedule.Mute; target++)
            {
                changed |= Cluster.Grow(target, Pods);
            }

            if (!changed && wake is null)
            {
                return;
            }

            Require(changed || wake > _now, "I25", "asks to be woken at once, for nothing");
            _now = changed ? _now.AddSeconds(1) : wake!.Value;
        }

        Require(false, "I31", $"never settles: {Cluster.Statuses.Latest.Rollout}");
    }

    /// <summary>One more pass, for which there is no reason.</summary>
    public void Reconcile() => _controller.Reconcile(Observe, lag: 0, crashAfter: int.MaxValue);

    public bool IsMute => _schedule.Mute;

    public bool IsOrdered => !_schedule.MovingTag;
}
