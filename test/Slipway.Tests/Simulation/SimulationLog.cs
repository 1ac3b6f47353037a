using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using Xunit.Sdk;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Tests.Simulation;

/// <summary>Watches every decision and every write of a schedule. Each check is one invariant of the rollout engine, by its number.</summary>
internal sealed class SimulationLog(SimulatedCluster cluster)
{
    private readonly HashSet<string> _good = [];
    private readonly HashSet<(string Digest, string Terms)> _rejected = [];
    private readonly Dictionary<long, Attempt> _attempts = [];

    public bool Suspended { get; set; }

    /// <summary>The faults are over; what remains is to settle.</summary>
    public bool Calm { get; set; }

    private bool PinnedByHand { get; set; }

    /// <summary>To the status, the workloads and the history.</summary>
    public int Writes { get; private set; }

    public IReadOnlyDictionary<long, Attempt> Attempts => _attempts;

    public void Retried(string? digest) => _rejected.RemoveWhere(known => known.Digest == digest);

    public void Planned(DeliverySnapshot snapshot, DeliveryPlan plan)
    {
        if (Calm)
        {
            return;
        }

        // I22: equal inputs, equal decisions.
        Require(plan.Status.SameAs(DeliveryPlanner.Plan(snapshot).Status), "I22", "the planner is not a function of its snapshot");
    }

    public void Persisted(DeliverySnapshot before, DeliveryPlan plan)
    {
        Writes++;
        var (from, to) = (before.State, plan.Status.Rollout ?? new Idle());
        switch (from, to)
        {
            case (not Advancing, Advancing started):
                Started(before, plan.Status.Candidate, started);
                break;
            case (Advancing a, Advancing b):
                Require(a.Attempt == b.Attempt, "I8", "an attempt changed under way");
                Require(b.Wave >= a.Wave, "I13", "a wave was taken back");
                // I32: the deadline moves only with a new wave, with the image's arrival or with more pods than ever before.
                Require(b.Deadline == a.Deadline || b.Wave > a.Wave || b.HighWater > (a.HighWater ?? -1), "I32", "a deadline moved without progress");
                break;
            case (Idle or Held or Correcting, Recording { Attempt.Cause: not Causes.Adopted }):
                Require(false, "I12", "an attempt ended that was not under way");
                break;
        }

        if (plan.Status.Current is { } current && current != before.Status.Current)
        {
            Require(to is Recording { Result.Outcome: Outcomes.Succeeded }, "I12", $"{current.Digest} became current without passing");
            _good.Add(current.Digest);
        }

        PinnedByHand &= plan.Status.Handled?.Resume == before.Status.Handled?.Resume;
        PinnedByHand |= to is Held { Reason: Reasons.ManualRollback };
        foreach (var rejection in plan.Status.Rejected ?? [])
        {
            _rejected.Add((rejection.Digest, rejection.Terms));
        }
    }

    private void Started(DeliverySnapshot before, CandidateStatus? candidate, Advancing started)
    {
        var attempt = started.Attempt;
        Require(_attempts.TryAdd(attempt.Number, attempt), "rule 11", $"number {attempt.Number} was drawn twice");
        Require(!Suspended, "rule 7", "started while suspended");
        Require(attempt.Previous == before.Status.Current, "rule 5", "stable is not the last that passed");
        Require(attempt.Cause != Causes.NewImage || attempt.Digest != attempt.Previous?.Digest, "rule 2", "the same digest was released again");
        if (attempt.Cause == Causes.Rollback)
        {
            Require(_good.Contains(attempt.Digest), "I21", $"rolled back to {attempt.Digest}, which never passed");
            return;
        }

        Require(!_rejected.Contains((attempt.Digest, before.Terms.Fingerprint)), "I16", $"{attempt.Digest} was rejected and is tried again");
        Require(!PinnedByHand, "I17", "started though a person had rolled back");
        Require(before.Now >= candidate!.FirstSeen + before.Terms.MinimumAge, "rule 7", "started too young");
    }

    public void Writing(DeliverySnapshot snapshot, TargetWish wish)
    {
        Writes++;
        var state = cluster.Statuses.Latest.Rollout;
        Require(!Suspended || snapshot.Terms.Suspended is false, "rule 7", "wrote to a workload while suspended");
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

    public void Recorded(Release? before, Release after)
    {
        Writes++;
        Require(before is null || before.Status!.Outcome == Outcomes.Running, "I21", $"release {after.Spec.Number} was rewritten");
        Require(cluster.Releases.Latest.Count(release => release.Spec.Number == after.Spec.Number) == 1, "rule 11", $"release {after.Spec.Number} is there twice");
    }

    public static void Require(bool holds, string invariant, string otherwise)
    {
        if (!holds)
        {
            throw new XunitException($"{invariant}: {otherwise}");
        }
    }
}
