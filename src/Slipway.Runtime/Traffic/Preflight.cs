using System.Collections.Concurrent;
using Slipway.Deliveries;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Whether the rollout that the spec describes can be made here, found out before it starts, and only when one is to start.</summary>
public sealed class Preflight(SidePlaces places, LiveSide live, Controllers.ClusterView cluster, TimeProvider time)
{
    /// <summary>For so long an answer is good; and so long after one that says no, it is asked again.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<ObjectKey, (string About, long At, TargetProblem? Answer)> _known = new();

    public void Forget(ObjectKey delivery) => _known.TryRemove(delivery, out _);

    /// <returns>Null where it can.</returns>
    public async Task<TargetProblem?> ProblemAsync(ObjectKey delivery, DeliveryFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Terms.Rollout.Plan is not { } plan || facts.Targets.Targets is not [{ Workload: { } stable }, ..])
        {
            return null;
        }

        var about = $"{facts.Delivery.Metadata.Generation}/{stable.ResourceVersion}";
        if (_known.TryGetValue(delivery, out var known) && known.About == about && time.GetElapsedTime(known.At) < Fresh)
        {
            return known.Answer;
        }

        var why = plan.Traffic.Router == RouterKind.Partition ? Partition(stable) : await BesideAsync(delivery, facts, plan, stable, cancellationToken);
        var answer = why is null ? null : new TargetProblem(TargetProblems.StrategyImpossible, why);
        _known[delivery] = (about, time.GetTimestamp(), answer);
        return answer;
    }

    private static string? Partition(WorkloadSnapshot stable) => stable.Progress switch
    {
        { Partition: > 0 and var own, PartitionIsOurs: false } =>
            $"{stable.Key} has a partition of its own ({own}), by which its owner steps it; set spec.updateStrategy.rollingUpdate.partition to 0, or use rolling",
        { UpdateStrategy: "OnDelete" } => $"{stable.Key} replaces a pod only when someone deletes it (updateStrategy OnDelete); set spec.updateStrategy.type: RollingUpdate, or use rolling",
        _ => null,
    };

    private async Task<string?> BesideAsync(ObjectKey delivery, DeliveryFacts facts, RolloutPlan plan, WorkloadSnapshot stable, CancellationToken cancellationToken)
    {
        var uid = facts.Delivery.Metadata.Uid ?? "";
        var sibling = SideNames.Sibling(stable.Key.Name, plan.Traffic.Router);
        if (cluster.Workload(stable.Key with { Name = sibling }) is { } there && there.Side?.Owner != uid)
        {
            return Taken(stable.Key.Name, sibling);
        }

        try
        {
            var (place, _) = await places.ResolveAsync(delivery, uid, stable.Key.Name, plan.Traffic, live, withLabel: true, cancellationToken);
            return places.RouterOf(plan.Traffic.Router) is { } router ? await router.RefusalAsync(place, plan.Steps, cancellationToken) : null;
        }
        catch (TrafficRefusedException e)
        {
            return e.Message;
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            return $"{e.Message}; give the controller the rights of 'slipway install', which this strategy needs";
        }
    }

    public static string Taken(string stable, string sibling) =>
        $"Deployment {sibling} stands where Slipway would run the new version beside {stable}, and is not its own; rename or delete it";
}
