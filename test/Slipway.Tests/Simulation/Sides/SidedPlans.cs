using Slipway.Checks;
using Slipway.Rollouts;

namespace Slipway.Tests.Simulation.Sides;

/// <summary>The plans that a schedule draws from: every kind of step occurs.</summary>
internal static class SidedPlans
{
    private static readonly PlanStep[][] Canaries =
    [
        [new PlanStep(20) { Hold = TimeSpan.FromSeconds(30) }],
        [new PlanStep(5) { Hold = TimeSpan.FromSeconds(10) }, new PlanStep(25) { Hold = TimeSpan.FromSeconds(20) }, new PlanStep(50)],
        [new PlanStep(10), new PlanStep(10) { Approval = true }, new PlanStep(40) { Hold = TimeSpan.FromSeconds(5) }],
        [new PlanStep(25) { For = TimeSpan.FromSeconds(120) }],
        [new PlanStep(10) { For = TimeSpan.FromSeconds(60), Then = BoxEnd.Promote, Hold = TimeSpan.FromSeconds(10) }, new PlanStep(30)],
        [new PlanStep(10) { For = TimeSpan.FromSeconds(60), Then = BoxEnd.Ask }],
        [new PlanStep(0), new PlanStep(30) { Hold = TimeSpan.FromSeconds(30), Approval = true, ApprovalExpires = TimeSpan.FromSeconds(300) }],
        [new PlanStep(50) { Hold = TimeSpan.FromSeconds(600) }],
    ];

    public static readonly CheckPlan[] Checks =
    [
        new CheckPlan { Name = "errors", Interval = TimeSpan.FromSeconds(10), FailureLimit = 1 },
        new CheckPlan { Name = "smoke", When = CheckMoment.Before, Count = 1 },
        new CheckPlan { Name = "after", When = CheckMoment.After, Count = 2, Interval = TimeSpan.FromSeconds(5) },
        new CheckPlan { Name = "latency", DryRun = true, Interval = TimeSpan.FromSeconds(10) },
    ];

    public static RolloutPlan Of(RouterKind router, int index, bool waits)
    {
        var traffic = new TrafficPlan { Router = router, Service = "shop", Route = "shop" };
        var plan = router == RouterKind.Selector
            ? new RolloutPlan
            {
                Strategy = StrategyKind.BlueGreen,
                Steps = [new PlanStep(0) { Hold = TimeSpan.FromSeconds(10), Approval = index == 2 }, new PlanStep(100) { Hold = TimeSpan.FromSeconds(30 * index) }],
            }
            // Only a router can give it all of them.
            : new RolloutPlan { Strategy = StrategyKind.Canary, Steps = router == RouterKind.HttpRoute && index == 1 ? [.. Canaries[1], new PlanStep(100)] : Canaries[index] };
        return plan with { Traffic = traffic, AllowCoarse = true, WaitsForEvidence = waits, Bake = TimeSpan.FromSeconds(index * 3) };
    }

    /// <summary>Half of the plans are judged by nothing but pods.</summary>
    public static IReadOnlyList<CheckPlan> ChecksOf(int index) => index % 2 == 0 ? Checks : [];
}
