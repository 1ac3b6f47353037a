using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Checks;
using Slipway.CheckSources;
using Slipway.Conditions;
using Slipway.Kube;
using Slipway.Queue;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Controllers;

/// <summary>The checks of Deliveries: what they are for a rollout that may start, and what is measured for one that is under way.</summary>
public sealed class DeliveryChecks(CheckRunner runner, CheckTemplates templates, WorkQueue<ObjectKey> queue)
{
    // Whoever makes or mends a template tells nobody of it.
    private static readonly TimeSpan Reread = TimeSpan.FromMinutes(1);

    /// <summary>The plans that a rollout would take along; none where nothing could start, for then nobody needs them.</summary>
    public async Task<(IReadOnlyList<CheckPlan> Plans, TargetProblem? Problem)> PlansAsync(ObjectKey key, Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Spec?.Checks is not { Count: > 0 } || !MayStart(delivery))
        {
            return ([], null);
        }

        try
        {
            var found = await templates.ReadAsync(delivery.Spec, cancellationToken);
            if (CheckPlans.TryRead(delivery.Spec, found, out var plans, out var problem))
            {
                return (plans, null);
            }

            queue.AddAfter(key, Reread, Urgency.Routine);
            return ([], new TargetProblem(Reasons.CheckUnusable, $"{problem}"));
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            queue.AddAfter(key, Reread, Urgency.Routine);
            return ([], new TargetProblem(Reasons.CheckUnusable, $"{e.Message}; the ClusterRole that 'slipway install' prints has the right"));
        }
    }

    public ImmutableArray<Measured> Results(ObjectKey key) => runner.Results(key);

    public void Follow(ObjectKey key, ImmutableArray<MeasureWish> wishes) => runner.Follow(key, wishes);

    public void Forget(ObjectKey key) => runner.Forget(key);

    // A rollout that is under way has its plans with it.
    private static bool MayStart(Delivery delivery) => delivery.Status?.Rollout is null or RolloutState.Idle or RolloutState.Held;
}
