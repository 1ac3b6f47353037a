using System.Text.Json;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Simulation.SimulationLog;

namespace Slipway.Tests.Simulation.Sides;

/// <summary>Watches every decision and every write of a schedule with two sides. Each check is one invariant of the rollout engine, by its number.</summary>
internal sealed class SidedLog(SidedCluster cluster, SidedSchedule schedule, bool thorough)
{
    private const int MostMovesAtOnce = 12;

    private readonly HashSet<string> _good = [];
    private readonly HashSet<(string Digest, string Terms)> _rejected = [];
    private readonly Dictionary<long, string> _attempts = [];
    private readonly HashSet<long> _removed = [];
    private readonly HashSet<(string Release, int Step, string Check)> _passedOnce = [];
    private bool _pinned;

    public int Writes { get; private set; }

    public bool Suspended { get; set; }

    /// <summary>How often each invariant was put to the test: one that never was has proven nothing.</summary>
    public Dictionary<string, int> Held { get; } = [];

    /// <summary>When the data plane was last seen to use the new version for anything.</summary>
    public DateTimeOffset? ClosedSince { get; set; }

    public DateTimeOffset Now { get; set; }

    public IReadOnlyDictionary<long, string> Attempts => _attempts;

    public IReadOnlySet<long> Removed => _removed;

    public void Wiped()
    {
        _pinned = false;
        _rejected.Clear();
        var known = cluster.Releases.Latest.Select(release => release.Spec.Number).ToHashSet();
        foreach (var number in _attempts.Keys.Where(number => !known.Contains(number)).ToArray())
        {
            _attempts.Remove(number);
        }
    }

    public void Wrote() => Writes++;

    public void Passed(Measured made) => _passedOnce.Add((made.Release, made.Step, made.Check));

    public void Planned(DeliverySnapshot snapshot, DeliveryPlan plan)
    {
        // Abort is decided in the very pass that sees it, whatever else is the matter (I19).
        if (IsPending(snapshot.Requests.Abort, snapshot.Status.Handled?.Abort) && snapshot.State is Stepping or Advancing { Side: not null } && snapshot.State.Attempted!.Previous is not null && !snapshot.Leaving)
        {
            Check("I19", plan.Status.Rollout is Draining { Side.IsExposed: false } or Draining { Gently: true } or Reverting, "an abort was not obeyed at once");
        }

        if (snapshot.State is Stepping { BoxEnds: { } ends } && ends <= snapshot.Now)
        {
            Check("I33", plan.Status.Rollout is not Stepping { BoxEnds: { } still } || still > snapshot.Now, "an exposure outlasts its time box");
        }

        if (!thorough)
        {
            return;
        }

        Check("I22", plan.Status.SameAs(DeliveryPlanner.Plan(snapshot).Status), "the planner is not a function of its snapshot");
        if (!plan.Status.SameAs(snapshot.Status))
        {
            ComesToRest(snapshot, plan);
            return;
        }

        var before = (plan.Wake ?? snapshot.Now.AddDays(30)).AddTicks(-1);
        var later = before < snapshot.Now ? plan : DeliveryPlanner.Plan(snapshot with { Now = before });
        Check("I25", later.Status.SameAs(plan.Status), $"moves by time alone before {plan.Wake}: {plan.Status.Rollout} → {later.Status.Rollout}");
    }

    private void ComesToRest(DeliverySnapshot snapshot, DeliveryPlan plan)
    {
        for (var move = 0; !plan.Status.SameAs(snapshot.Status); move++)
        {
            Check("I25", move < MostMovesAtOnce, $"moves for ever while nothing else does: {snapshot.Status.Rollout} → {plan.Status.Rollout}");
            snapshot = snapshot with { Status = plan.Status };
            plan = DeliveryPlanner.Plan(snapshot);
        }
    }

    public void Persisted(DeliverySnapshot before, DeliveryPlan plan)
    {
        Writes++;
        var (from, to) = (before.State, plan.Status.Rollout ?? new Idle());
        Moved(before, plan.Status, from, to);
        Steps(before, plan.Status, from, to);
        if (plan.Status.Current is { } current && current != before.Status.Current)
        {
            Check("I12", EndOf(to) is { Outcome: Outcomes.Succeeded } || (before.Status.Current is null && _good.Contains(current.Digest)), $"{current.Digest} became current without passing");
            _good.Add(current.Digest);
            _rejected.RemoveWhere(known => known.Digest == current.Digest);
        }

        if (plan.Status.Handled?.Retry is { } retry && retry != before.Status.Handled?.Retry)
        {
            _rejected.RemoveWhere(known => retry.EndsWith($" {known.Digest}", StringComparison.Ordinal));
        }

        _pinned &= plan.Status.Handled?.Resume == before.Status.Handled?.Resume;
        _pinned |= to is RolloutState.Held { Reason: Reasons.ManualRollback };
        foreach (var rejection in plan.Status.Rejected ?? [])
        {
            Check("I16", rejection.Digest != plan.Status.Current?.Digest, $"{rejection.Digest} is current and rejected");
            _rejected.Add((rejection.Digest, rejection.Terms));
        }

        if (thorough)
        {
            var stored = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(new Delivery { Status = plan.Status }, ApiJson.Default.Delivery), ApiJson.Default.Delivery)!;
            Check("I28", plan.Status.SameAs(stored.Status!), "a status is not read back as it was written");
        }
    }

    private void Moved(DeliverySnapshot before, DeliveryStatus after, RolloutState from, RolloutState to)
    {
        if (to is Stepping or Advancing && from is not (Stepping or Advancing) && from is not Draining)
        {
            Started(before, to.Attempted!, after);
        }

        if (from is Stepping or Advancing && to.Attempted is { } kept)
        {
            Check("I8", kept.Number == from.Attempted!.Number && kept.Digest == from.Attempted.Digest, "an attempt changed under way");
        }

        // One that ends leaves nothing: with a side, only by way of the drain (I2, I36).
        if (from.Beside is not null && to.Beside is null && cluster.Router != RouterKind.Partition)
        {
            Check("I2", from is Draining { Removing: true } || to is RolloutState.Held { Reason: Reasons.RollbackDisabled } || to is Recording { Then: RolloutState.Held { Reason: Reasons.RollbackDisabled } }, $"the side was forgotten: {from} → {to}");
        }

        var stoodStill = before.Status.Held?.Reason == Reasons.Suspended;
        switch (from, to)
        {
            case (Stepping a, Stepping b) when a.Step == b.Step && a.Stage == b.Stage && b.Stage == Stage.Preparing:
                Check("I32", b.Deadline == a.Deadline || b.HighWater > (a.HighWater ?? -1) || stoodStill, "a deadline moved without progress");
                break;
            case (Stepping a, Stepping b) when a.Step == b.Step && a.Stage == b.Stage:
                Check("I32", b.Deadline == a.Deadline || stoodStill, "a deadline moved without progress");
                Check("I32", a.Since is null || b.Since <= a.Since || stoodStill, "a hold was given more time");
                break;
            case (Advancing a, Advancing b):
                Check("I32", b.Deadline == a.Deadline || b.Wave > a.Wave || b.HighWater > (a.HighWater ?? -1) || stoodStill, "a deadline moved without progress");
                break;
        }
    }

    // What is asked of one step after another.
    private void Steps(DeliverySnapshot before, DeliveryStatus after, RolloutState from, RolloutState to)
    {
        if (from is Stepping a && to is Stepping b)
        {
            Check("I13", b.Step == a.Step || b.Step == a.Step + 1, $"step {a.Step} was followed by {b.Step}");
            var sameSize = b.Side.Of == a.Side.Of;
            Check("I7", !sameSize || (b.Side.Open >= a.Side.Open && b.Side.Weight >= a.Side.Weight), "the exposure went down before the drain");
            // In place its pods are the workload's own, and whoever owns that makes them fewer.
            Check("I2", cluster.Router == RouterKind.Partition || b.Side.Replicas >= a.Side.Replicas, "the side was made smaller before the drain");
            Check("I18", !before.Terms.Suspended || (b.Side.Weight <= a.Side.Weight && b.Side.Open <= a.Side.Open), "the exposure was raised while suspended");
            Asked(b);
        }
        else if (to is Stepping first)
        {
            Asked(first);
        }

        if (from is Stepping done && (to is Advancing || (to is Stepping next && next.Step > done.Step)) && after.Handled?.Promote == before.Status.Handled?.Promote)
        {
            var plan = done.Attempt.Plan!;
            Check("I13", done.Stage == Stage.Holding, "a step that was not judged was left behind");
            foreach (var check in plan.ChecksOf(plan.Steps[done.Step]).Where(check => !check.DryRun))
            {
                Check("I14", _passedOnce.Contains((done.Attempt.Release, done.Step, check.Name)), $"step {done.Step} passed, and {check.Name} never did");
                Check("I14", cluster.FateOf(done.Attempt.Digest) != Fate.FailsChecks, "a step passed whose checks fail");
            }

            Check("I13", !plan.Steps[done.Step].Approval || before.Status.Approvals?.Any(yes => yes.Digest == done.Attempt.Digest) == true, "nobody had approved the step");
        }

        if (from is Draining x && to is Draining y)
        {
            Check("I7", y.Side.Open <= x.Side.Open && y.Side.Weight <= x.Side.Weight, "the exposure went up in the drain");
        }
    }

    // I6: never more than was asked for, but for the one pod that is the least.
    private void Asked(Stepping at)
    {
        var step = at.Attempt.Plan!.Steps[at.Step];
        Check("I6", at.Side.Weight <= step.Weight, $"{at.Side.Weight} % are more than {step.Weight}");
        var share = SideSize.Share(cluster.Router, at.Side.Open, at.Side.Of);
        Check("I6", cluster.Router is not (RouterKind.Pods or RouterKind.Partition) || at.Side.Open <= 1 || share <= step.Weight + 0.001, $"{at.Side.Open} of {at.Side.Of} pods are more than {step.Weight} %");
        Check("I4", at.Side.Replicas <= Math.Max(at.Side.Of, at.Side.Replicas) && SideSize.Of(cluster.Router, step.Weight, at.Side.Of) <= at.Side.Of, "the side is larger than the stable one");
        Check("I33", step.For is null || !at.Side.IsExposed || at.BoxEnds is not null || at.Stage == Stage.Preparing, "an exposure began without its end");
    }

    private void Started(DeliverySnapshot before, Attempt attempt, DeliveryStatus after)
    {
        Check("rule 11", _attempts.TryAdd(attempt.Number, attempt.Digest), $"number {attempt.Number} was drawn twice");
        _removed.Remove(attempt.Number);
        Check("rule 7", !before.Terms.Suspended, "started while suspended");
        Check("I20", !before.Leaving && before.State is Idle or RolloutState.Held, $"a rollout began in {before.State}");
        Check("rule 5", attempt.Previous == before.Status.Current || before.Status.Current!.Digest == attempt.Digest, "stable is not the last that passed");
        if (attempt.Cause == Causes.Rollback)
        {
            Check("I21", _good.Contains(attempt.Digest), $"rolled back to {attempt.Digest}, which never passed");
            return;
        }

        Check("I16", !_rejected.Contains((attempt.Digest, before.Terms.Fingerprint)) || after.Handled?.Promote != before.Status.Handled?.Promote, $"{attempt.Digest} was rejected and is tried again");
        Check("I17", !_pinned, "started though a person had rolled back");
    }

    public void Writing(DeliverySnapshot snapshot, TargetWish wish)
    {
        Writes++;
        var state = cluster.Statuses.Latest.Rollout;
        Check("rule 7", !snapshot.Terms.Suspended, "wrote to a workload while suspended");
        Check(
            "I12",
            state switch
            {
                Advancing at => wish.Digest == at.Attempt.Digest,
                Stepping at => cluster.Router == RouterKind.Partition && wish.Digest == at.Attempt.Digest && wish.Partition == at.Side.Of - at.Side.Open,
                Reverting back => wish.Digest == back.Attempt.Previous!.Digest,
                Correcting => wish.Digest == cluster.Statuses.Latest.Current!.Digest,
                _ => false,
            },
            $"{wish.Digest} was written in {state}");
        Check("rule 10", state is Advancing { Attempt.Cause: Causes.NewImage } or Stepping || _good.Contains(wish.Digest), $"went back to {wish.Digest}, which never passed");
    }

    public void Sizing(SideModel? there, SideWish wish)
    {
        Writes++;
        Check("I8", there is null || there.Digest == wish.Digest, "a side was given another image");
        Check("I2", there is null || wish.Replicas >= there.Replicas || cluster.Exposure == 0, "a side that takes requests was made smaller");
        Check("I29", cluster.Side.Latest is null || there is not null, "there are two sides");
    }

    public void Opening(SideModel there, int open, SideWish wish)
    {
        Writes++;
        Check("I1", open <= there.Open || there.Prepared >= open, "a pod that is not ready was opened");
        Check("I12", open <= there.Open || wish.Digest == cluster.Statuses.Latest.Rollout?.Attempted?.Digest, "requests are sent to what does not roll out");
    }

    public void Dividing(DeliverySnapshot snapshot, RouteModel before, TrafficWish wish)
    {
        Writes++;
        Check("I5", wish.Weight is >= 0 and <= 100, $"a weight of {wish.Weight}");
        var side = cluster.Side.Latest;
        if (wish.Weight > before.Weight)
        {
            Check("I1", side is { Going: false, Prepared: > 0 } && side.Prepared * 100 >= wish.Weight * cluster.Stable.Latest.Replicas, "a share was written for pods that are not there");
            Check("I18", !snapshot.Terms.Suspended, "a share was written while suspended");
        }

        Check("I9", cluster.Router != RouterKind.Selector || wish.Weight != 0 || before.Weight == 0 || !cluster.IsServedBesideAlone, "the Service was sent to no pod");
    }

    public void Removing(DeliverySnapshot snapshot)
    {
        Writes++;
        Check("I2", cluster.Exposure == 0 || snapshot.Leaving, $"the side was removed with an exposure of {cluster.Exposure}");
        Check("I2", snapshot.Leaving || ClosedSince is null || Now - ClosedSince >= TimeSpan.FromSeconds(10) || Now < ClosedSince, "the side was removed before its requests had time to end");
    }

    public void Pruned(ReleaseRecord old)
    {
        Writes++;
        _removed.Add(old.Number);
        Check("rule 11", old.Number != cluster.Statuses.Latest.Current?.Release && Outcomes.IsFinal(old.Outcome), "a Release was pruned that is needed");
    }

    private static ReleaseStatus? EndOf(RolloutState state) => state switch
    {
        Recording done => done.Result,
        Draining { Then: Recording done } => done.Result,
        _ => null,
    };

    private static bool IsPending(string? asked, string? handled) => !string.IsNullOrEmpty(asked) && asked != handled;

    public void Check(string invariant, bool holds, string otherwise)
    {
        Held[invariant] = Held.GetValueOrDefault(invariant) + 1;
        Require(holds, invariant, $"{otherwise} ({schedule.Router})");
    }
}
