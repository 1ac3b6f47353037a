using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts;
using static Slipway.Rollouts.RolloutState;
using static Slipway.Tests.Simulation.SimulatedCluster;
using static Slipway.Tests.Simulation.SimulationLog;

namespace Slipway.Tests.Simulation;

/// <summary>What must hold of a world that has come to rest, whatever happened before.</summary>
internal static class SettledChecks
{
    public static void Check(SimulatedWorld world)
    {
        var status = world.Cluster.Statuses.Latest;
        Require(status.Rollout is null or Idle or Held, "I31", $"came to rest in {status.Rollout}");
        CheckRequests(world.Asked, status.Handled ?? new());
        CheckHistory(world);
        CheckImages(world, status);

        var writes = world.Log.Writes;
        world.Reconcile();
        Require(writes == world.Log.Writes, "I25", "a pass over a settled world writes");
    }

    // A person's request is never lost: it is done, or refused, but it is handled.
    private static void CheckRequests(Requests asked, HandledRequests handled) =>
        Require(
            (asked.Check, asked.Retry, asked.Rollback, asked.Resume) == (handled.Check, handled.Retry, handled.Rollback, handled.Resume),
            "requests",
            $"{asked} were made, {handled} were handled");

    // I20, I24, rule 11: whatever was lost on the way, each attempt has one Release, with its outcome.
    private static void CheckHistory(SimulatedWorld world)
    {
        var releases = world.Cluster.Releases.Latest;
        Require(releases.Select(release => release.Spec.Number).Distinct().Count() == releases.Count, "rule 11", "two Releases have one number");
        Require(releases.All(release => Outcomes.IsFinal(release.Status?.Outcome ?? "")), "I20", "a Release has no outcome");
        foreach (var (number, attempt) in world.Log.Attempts)
        {
            Require(
                world.Log.Removed.Contains(number) || releases.Any(release => release.Spec.Number == number && release.Spec.Digest == attempt.Digest),
                "rule 11",
                $"attempt {number} has no Release");
        }
    }

    private static void CheckImages(SimulatedWorld world, DeliveryStatus status)
    {
        if (status.Rollout is Held held)
        {
            // I17 and rule 9: only what people decided, or what cannot be gone back from, holds for good.
            Require(held.Reason is Reasons.ManualRollback or Reasons.Drifted or Reasons.Contested or Reasons.NothingToRollBackTo or Reasons.RollbackDisabled, "I35", $"held for {held.Reason}");
            Require(status.Held?.Reason == held.Reason, "I35", "is held, and does not say so");
            return;
        }

        var wanted = Digest(world.Wanted);
        var rejected = Rejections.Find(status.Rejected, wanted, world.Fingerprint) is not null;
        if (status.Current is null)
        {
            Require(rejected || world.IsMute, "I34", "a version that nobody rejected never became current");
            return;
        }

        // What was found running may be newer than all that the source has.
        var newer = world.IsOrdered && Number(status.Current.Tag) > world.Wanted;
        Require(status.Current.Digest == wanted || rejected || newer, "I20", $"{wanted} is neither deployed nor rejected; {status.Current.Digest} runs");
        Require(status.Current.Digest == wanted || status.Held is not null, "I35", $"{wanted} is not deployed, and no reason is given");
        Require(world.Cluster.IsGood(status.Current.Digest), "I12", $"{status.Current.Digest} is bad and current");
        Require(world.Cluster.Targets.All(target => target.Latest.Runs == status.Current.Digest), "I36", $"{status.Current.Digest} is current, and something else remains");
    }
}
