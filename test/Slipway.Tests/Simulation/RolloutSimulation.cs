using System.Globalization;
using CsCheck;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Sources;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Simulation.SimulationLog;

namespace Slipway.Tests.Simulation;

/// <summary>
/// The real planner against a model of the API server, with schedules drawn from a seed: versions are pushed, good and bad, pods come and
/// go, people and tools write images, ask and suspend, caches lag, processes die after any write. A failure prints its seed; setting
/// CsCheck_Seed replays it.
/// </summary>
public sealed class RolloutSimulation
{
    private const int Schedules = 100_000;

    // Longer than any deadline of the schedules, which are of ten minutes: what has not moved by then will not.
    private const int QuietPasses = 12;

    private static readonly string[] Asks = ["retry", "resume", "rollback", "rollback to 1"];

    internal abstract record Event
    {
        public sealed record Push(int Version, bool Good) : Event;

        public sealed record Tick(int Seconds) : Event;

        public sealed record PodsCome(int Target, int Pods) : Event;

        public sealed record PodGoes(int Target) : Event;

        public sealed record ImageSet(int Target, int Version, bool ByPerson) : Event;

        public sealed record Suspend(bool On) : Event;

        public sealed record Ask(string What) : Event;

        public sealed record SpecEdit : Event;

        public sealed record Reconcile(int Lag, int CrashAfter) : Event;
    }

    internal sealed record Schedule(int Targets, bool MovingTag, int Hold, int MinimumAge, bool RollsBack, Event[] Events);

    private static readonly Gen<Event> Events = Gen.Frequency(
        (3, Gen.Select(Gen.Int[2, 6], Gen.Bool, Event (version, good) => new Event.Push(version, good))),
        (4, Gen.Int[1, 400].Select(Event (seconds) => new Event.Tick(seconds))),
        (6, Gen.Select(Gen.Int[0, 1], Gen.Int[1, 3], Event (target, pods) => new Event.PodsCome(target, pods))),
        (2, Gen.Int[0, 1].Select(Event (target) => new Event.PodGoes(target))),
        (1, Gen.Select(Gen.Int[0, 1], Gen.Int[1, 6], Gen.Bool, Event (target, version, person) => new Event.ImageSet(target, version, person))),
        (1, Gen.Bool.Select(Event (on) => new Event.Suspend(on))),
        (1, Gen.Int[0, Asks.Length - 1].Select(Event (which) => new Event.Ask(Asks[which]))),
        (1, Gen.Const<Event>(new Event.SpecEdit())),
        (14, Gen.Select(Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 4])), Gen.Frequency((4, Gen.Const(100)), (1, Gen.Int[0, 2])), Event (lag, crash) => new Event.Reconcile(lag, crash))));

    internal static readonly Gen<Schedule> AnySchedule =
        Gen.Select(Gen.Int[1, 2], Gen.Bool, Gen.Int[0, 1].Select(on => 30 * on), Gen.Int[0, 1].Select(on => 60 * on), Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))), Events.Array[0, 60],
            (targets, moving, hold, age, back, events) => new Schedule(targets, moving, hold, age, back, events));

    [Fact]
    public void Whatever_happens_no_invariant_breaks_and_once_the_world_is_calm_the_rollout_settles() =>
        AnySchedule.Sample(Run, iter: Schedules, print: schedule => string.Join("\n", schedule.Events.Prepend<object>(schedule with { Events = [] })));

    internal static void Run(Schedule schedule)
    {
        var world = new World(schedule);
        foreach (var e in schedule.Events)
        {
            world.Apply(e);
        }

        world.CalmDown();
        world.CheckSettled();
    }

    private sealed class World
    {
        private readonly Schedule _schedule;
        private readonly SimulatedCluster _cluster;
        private readonly SimulationLog _log;
        private readonly SimulatedController _controller;
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private int _wanted = 1, _terms, _requests;
        private Requests _asked = new();

        public World(Schedule schedule)
        {
            _schedule = schedule;
            _cluster = new(schedule.Targets);
            _log = new(_cluster);
            _controller = new(_cluster, _log);
        }

        public void Apply(Event e)
        {
            switch (e)
            {
                case Event.Push push:
                    _cluster.Publish(push.Version, push.Good);
                    // A version policy only ever picks a higher one; a moving tag goes where it is put.
                    _wanted = _schedule.MovingTag ? push.Version : Math.Max(_wanted, push.Version);
                    break;
                case Event.Tick tick: _now += TimeSpan.FromSeconds(tick.Seconds); break;
                case Event.PodsCome come when come.Target < _schedule.Targets: _cluster.Grow(come.Target, come.Pods); break;
                case Event.PodGoes goes when goes.Target < _schedule.Targets: _cluster.Shrink(goes.Target); break;
                case Event.ImageSet set when set.Target < _schedule.Targets:
                    _cluster.Set(set.Target, set.Version, set.ByPerson ? ImageWriter.Person : ImageWriter.Declarative);
                    break;
                case Event.Suspend suspend: _log.Suspended = suspend.On; break;
                case Event.Ask ask: Ask(ask.What); break;
                case Event.SpecEdit: _terms++; break;
                case Event.Reconcile r: _controller.Reconcile(Observe, r.Lag, r.CrashAfter); break;
            }
        }

        private void Ask(string what)
        {
            var value = $"{_requests++} {what}";
            if (what == "retry")
            {
                var digest = SimulatedCluster.Digest(_wanted);
                _asked = _asked with { Retry = $"{value} digest {digest}" };
                _log.Retried(digest);
            }
            else if (what == "resume")
            {
                _asked = _asked with { Resume = value };
            }
            else
            {
                _asked = _asked with { Rollback = value };
            }
        }

        private DeliverySnapshot Observe(DeliverySnapshot read) => read with
        {
            Now = _now,
            CreatedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Sighting = new Sighting.Seen($"{_wanted}", SimulatedCluster.Digest(_wanted), "newest", Slipway.Images.PlatformSet.Unknown),
            RunningDigest = SimulatedCluster.Digest(Number(read.Targets[0].Images[0].Tag)),
            Requests = _asked,
            Terms = new RolloutTerms
            {
                Repository = "docker.io/acme/shop",
                Hold = TimeSpan.FromSeconds(_schedule.Hold),
                MinimumAge = TimeSpan.FromSeconds(_schedule.MinimumAge),
                RollsBack = _schedule.RollsBack,
                Suspended = _log.Suspended,
                FollowsMovingTag = _schedule.MovingTag,
                Fingerprint = $"{_terms}",
                CompareTags = (a, b) => _schedule.MovingTag ? null : Number(a) - Number(b),
            },
        };

        /// <summary>No more faults, nobody suspends, good images become available, time passes.</summary>
        public void CalmDown()
        {
            (_log.Suspended, _log.Calm) = (false, true);
            for (var (pass, quiet) = (0, 0); pass < 150 && quiet < QuietPasses; pass++)
            {
                var writes = _log.Writes;
                _now += TimeSpan.FromMinutes(1);
                for (var target = 0; target < _schedule.Targets; target++)
                {
                    _cluster.Grow(target, SimulatedCluster.Pods);
                }

                _controller.Reconcile(Observe, lag: 0, crashAfter: int.MaxValue);
                quiet = writes == _log.Writes ? quiet + 1 : 0;
            }
        }

        public void CheckSettled()
        {
            var status = _cluster.Statuses.Latest;
            Require(status.Rollout is null or Idle or Held, "I31", $"never settles: {status.Rollout}");
            CheckHistory(status);
            CheckImages(status);

            var writes = _log.Writes;
            _controller.Reconcile(Observe, lag: 0, crashAfter: int.MaxValue);
            Require(writes == _log.Writes, "I25", "a pass over a settled world writes");
        }

        // I20, I24, rule 11: whatever was lost on the way, each attempt has one Release, with its outcome.
        private void CheckHistory(DeliveryStatus status)
        {
            var releases = _cluster.Releases.Latest;
            Require(releases.Select(release => release.Spec.Number).Distinct().Count() == releases.Count, "rule 11", "two Releases have one number");
            Require(releases.Count == status.LastRelease, "rule 11", $"{status.LastRelease} attempts, {releases.Count} Releases");
            Require(releases.All(release => release.Status!.Outcome != Outcomes.Running), "I20", "a Release has no outcome");
            foreach (var (number, attempt) in _log.Attempts)
            {
                Require(releases.Any(release => release.Spec.Number == number && release.Spec.Digest == attempt.Digest), "rule 11", $"attempt {number} has no Release");
            }
        }

        private static int Number(string? tag) => int.Parse(tag!, CultureInfo.InvariantCulture);

        private void CheckImages(DeliveryStatus status)
        {
            var wanted = SimulatedCluster.Digest(_wanted);
            if (status.Rollout is Held held)
            {
                // I17 and rule 9: only what people decided, or what cannot be gone back from, holds for good.
                Require(held.Reason is Reasons.ManualRollback or Reasons.Drifted or Reasons.Contested or Reasons.NothingToRollBackTo or Reasons.RollbackDisabled, "I35", $"held for {held.Reason}");
                return;
            }

            var rejected = Rejections.Find(status.Rejected, wanted, $"{_terms}") is not null;
            if (status.Current is null)
            {
                Require(rejected, "I34", "a version that nobody rejected never became current");
                return;
            }

            // What was found running may be newer than all that the source has.
            var newer = !_schedule.MovingTag && Number(status.Current.Tag) > _wanted;
            Require(status.Current.Digest == wanted || rejected || newer, "I20", $"{wanted} is neither deployed nor rejected; {status.Current.Digest} runs");
            Require(_cluster.IsGood(status.Current.Digest), "I12", $"{status.Current.Digest} is bad and current");
            foreach (var target in _cluster.Targets)
            {
                var digest = target.Latest.Digest ?? SimulatedCluster.Digest(Number(target.Latest.Tag));
                Require(digest == status.Current.Digest, "I36", $"{target.Latest} remains, {status.Current.Digest} is current");
            }
        }
    }
}
