using System.Text.Json;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Sources;
using Xunit.Sdk;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Tests.Simulation;

/// <summary>Watches every decision and every write of a schedule. Each check is one invariant of the rollout engine, by its number.</summary>
/// <param name="thorough">Also make the checks that cost several plans per pass; one schedule in four does.</param>
internal sealed class SimulationLog(SimulatedCluster cluster, bool thorough)
{
    // As many moves as the planner may make while nothing else moves: each hands on to the next, and none comes round again.
    private const int MostMovesAtOnce = 8;

    private readonly HashSet<string> _good = [];
    private readonly HashSet<(string Digest, string Terms)> _rejected = [];
    private readonly Dictionary<long, Attempt> _attempts = [];
    private readonly HashSet<long> _removed = [];

    public bool Suspended { get; set; }

    /// <summary>The faults are over; what remains is to settle.</summary>
    public bool Calm { get; set; }

    /// <summary>To the status, the workloads and the history.</summary>
    public int Writes { get; private set; }

    public IReadOnlyDictionary<long, Attempt> Attempts => _attempts;

    /// <summary>Releases that were deleted, by their numbers.</summary>
    public IReadOnlySet<long> Removed => _removed;

    private bool PinnedByHand { get; set; }

    public void Deleted(long number)
    {
        _removed.Add(number);
        if (cluster.Statuses.Latest.LastRelease < number)
        {
            // The status had been lost, and now nothing in the cluster knows the number any more.
            _attempts.Remove(number);
        }
    }

    /// <summary>All that only the status knew is forgotten. Numbers that stand in no Release may be drawn again.</summary>
    public void Wiped()
    {
        PinnedByHand = false;
        _rejected.Clear();
        var known = cluster.Releases.Latest.Select(release => release.Spec.Number).ToHashSet();
        foreach (var number in _attempts.Keys.Where(number => !known.Contains(number)).ToArray())
        {
            _attempts.Remove(number);
        }
    }

    public void Planned(DeliverySnapshot snapshot, DeliveryPlan plan)
    {
        if (!thorough)
        {
            return;
        }

        Require(plan.Status.SameAs(DeliveryPlanner.Plan(snapshot).Status), "I22", "the planner is not a function of its snapshot");
        if (!plan.Status.SameAs(snapshot.Status))
        {
            CheckComesToRest(snapshot, plan);
            return;
        }

        // I25: by time alone nothing changes before the instant at which it asked to be woken.
        var before = (plan.Wake ?? snapshot.Now.AddDays(30)).AddTicks(-1);
        var later = before < snapshot.Now ? plan : DeliveryPlanner.Plan(snapshot with { Now = before });
        Require(later.Status.SameAs(plan.Status), "I25", $"moves by time alone before {plan.Wake}: {plan.Status.Rollout} → {later.Status.Rollout}");
    }

    // I25, I31: with the world as it is, the planner comes to rest; no two of its rules hand a state to and fro.
    private static void CheckComesToRest(DeliverySnapshot snapshot, DeliveryPlan plan)
    {
        for (var move = 0; !plan.Status.SameAs(snapshot.Status); move++)
        {
            Require(move < MostMovesAtOnce, "I25", $"moves for ever while nothing else does: {snapshot.Status.Rollout} → {plan.Status.Rollout}");
            snapshot = snapshot with { Status = plan.Status };
            plan = DeliveryPlanner.Plan(snapshot);
        }
    }

    public void Persisted(DeliverySnapshot before, DeliveryPlan plan)
    {
        Writes++;
        var (from, to) = (before.State, plan.Status.Rollout ?? new Idle());
        CheckMove(before, plan, from, to);
        CheckConditions(before, plan.Status, to);
        if (plan.Status.Current is { } current && current != before.Status.Current)
        {
            // Either it passed just now, or it had passed before the status was lost.
            Require(
                to is Recording { Result.Outcome: Outcomes.Succeeded } || (before.Status.Current is null && _good.Contains(current.Digest)), "I12", $"{current.Digest} became current without passing");
            _good.Add(current.Digest);
            _rejected.RemoveWhere(known => known.Digest == current.Digest);
        }

        if (plan.Status.Handled?.Retry is { } retry && retry != before.Status.Handled?.Retry)
        {
            _rejected.RemoveWhere(known => retry.EndsWith($" {known.Digest}", StringComparison.Ordinal));
        }

        PinnedByHand &= plan.Status.Handled?.Resume == before.Status.Handled?.Resume;
        PinnedByHand |= to is Held { Reason: Reasons.ManualRollback };
        foreach (var rejection in plan.Status.Rejected ?? [])
        {
            Require(rejection.Digest != plan.Status.Current?.Digest, "I16", $"{rejection.Digest} is current and rejected");
            _rejected.Add((rejection.Digest, rejection.Terms));
        }

        if (thorough)
        {
            var stored = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(new Delivery { Status = plan.Status }, ApiJson.Default.Delivery), ApiJson.Default.Delivery)!;
            Require(plan.Status.SameAs(stored.Status!), "I25", "a status is not read back as it was written");
        }
    }

    private void CheckMove(DeliverySnapshot before, DeliveryPlan plan, RolloutState from, RolloutState to)
    {
        // I32: a deadline moves only with a new wave, the image's arrival, more pods than ever before, or the end of a suspension.
        var stoodStill = before.Status.Held?.Reason == Reasons.Suspended;
        switch (from, to)
        {
            case (not Advancing, Advancing started):
                Started(before, plan.Status.Candidate, started);
                break;
            case (Advancing a, Advancing b):
                Require(a.Attempt == b.Attempt, "I8", "an attempt changed under way");
                Require(b.Wave >= a.Wave, "I13", "a wave was taken back");
                Require(b.Deadline == a.Deadline || b.Wave > a.Wave || b.HighWater > (a.HighWater ?? -1) || stoodStill, "I32", "a deadline moved without progress");
                Require(b.FirstHealthy == a.FirstHealthy || a.FirstHealthy is null || b.Wave > a.Wave || stoodStill, "I32", "a hold was given more time");
                break;
            case (Reverting a, Reverting b):
                Require(a.Attempt == b.Attempt, "I8", "an attempt changed on the way back");
                Require(b.Deadline == a.Deadline || b.HighWater > (a.HighWater ?? -1) || stoodStill, "I32", "a deadline moved without progress");
                break;
            case (Idle or Held or Correcting, Recording { Attempt.Cause: not Causes.Adopted, Result.Reason: not Reasons.StatusLost }):
                Require(false, "I12", "an attempt ended that was not under way");
                break;
        }
    }

    // kstatus: what is true only while it is true, never two that contradict each other, and always Ready.
    private static void CheckConditions(DeliverySnapshot before, DeliveryStatus after, RolloutState to)
    {
        var types = after.Conditions!.Select(condition => condition.Type).ToArray();
        Require(types.Distinct().Count() == types.Length && types.Contains(DeliveryConditions.Ready), "kstatus", "a condition is missing or there twice");
        var reconciling = types.Contains(DeliveryConditions.Reconciling);
        Require(reconciling == (to is Recording || (to is Advancing or Reverting or Correcting && !before.Terms.Suspended)), "kstatus", $"Reconciling is {reconciling} in {to}");
        Require(!(reconciling && types.Contains(DeliveryConditions.Stalled)), "kstatus", "Reconciling and Stalled at once");
        Require(!reconciling || after.Conditions!.Single(condition => condition.Type == DeliveryConditions.Ready).Status == "False", "kstatus", "Ready and Reconciling at once");
    }

    private void Started(DeliverySnapshot before, CandidateStatus? candidate, Advancing started)
    {
        var attempt = started.Attempt;
        Require(_attempts.TryAdd(attempt.Number, attempt), "rule 11", $"number {attempt.Number} was drawn twice");
        _removed.Remove(attempt.Number);
        Require(!before.Terms.Suspended, "rule 7", "started while suspended");
        Require(attempt.Previous == before.Status.Current || before.Status.Current!.Digest == attempt.Digest, "rule 5", "stable is not the last that passed");
        Require(attempt.Cause != Causes.NewImage || attempt.Digest != before.Status.Current?.Digest, "rule 2", "the same digest was released again");
        Require(before.TargetProblem is null, "I35", "started though the targets have a problem");
        if (attempt.Cause == Causes.Rollback)
        {
            Require(_good.Contains(attempt.Digest), "I21", $"rolled back to {attempt.Digest}, which never passed");
            return;
        }

        Require(before.Sighting is Sighting.Seen seen && (seen.Digest == attempt.Digest ? before.PlatformProblem is null
            : before.Rested is { IsThere: true, PlatformProblem: null } rested && rested.Digest == attempt.Digest), "rule 6", $"{attempt.Digest} was started unseen");
        Require(!_rejected.Contains((attempt.Digest, before.Terms.Fingerprint)), "I16", $"{attempt.Digest} was rejected and is tried again");
        Require(!PinnedByHand, "I17", "started though a person had rolled back");
        var begun = candidate?.Digest == attempt.Digest ? candidate : before.Status.Resting!.Single(resting => resting.Digest == attempt.Digest);
        Require(before.Now >= begun.FirstSeen + before.Terms.MinimumAge, "rule 7", "started too young");
        Require(begun == candidate || !before.Terms.FollowsMovingTag, "rule 3", "started what a moving tag was moved away from");
    }

    public void Writing(DeliverySnapshot snapshot, TargetWish wish)
    {
        Writes++;
        var state = cluster.Statuses.Latest.Rollout;
        Require(!snapshot.Terms.Suspended, "rule 7", "wrote to a workload while suspended");
        Require(
            state switch
            {
                Advancing at => wish.Digest == at.Attempt.Digest,
                Reverting back => wish.Digest == back.Attempt.Previous!.Digest,
                Correcting => wish.Digest == cluster.Statuses.Latest.Current!.Digest,
                _ => false,
            },
            "I12",
            $"{wish.Digest} was written in {state}");
        Require(state is Advancing { Attempt.Cause: Causes.NewImage } || _good.Contains(wish.Digest), "rule 10", $"went back to {wish.Digest}, which never passed");
    }

    public void Created(Release release)
    {
        Writes++;
        _removed.Remove(release.Spec.Number);
        Require(cluster.Releases.Latest.Count(other => other.Spec.Number == release.Spec.Number) == 1, "rule 11", $"release {release.Spec.Number} is there twice");
    }

    public void Recorded() => Writes++;

    public void Pruned(ReleaseRecord old)
    {
        Writes++;
        _removed.Add(old.Number);
        var current = cluster.Statuses.Latest.Current;
        Require(old.Number != current?.Release, "rule 11", "the current Release was pruned");
        Require(Outcomes.IsFinal(old.Outcome), "rule 11", "a Release was pruned under way");
    }

    public static void Require(bool holds, string invariant, string otherwise)
    {
        if (!holds)
        {
            throw new XunitException($"{invariant}: {otherwise}");
        }
    }
}
