using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Conditions;
using Slipway.Rollouts;
using Slipway.Traffic;
using Slipway.Vectors.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Vectors.Ops;

/// <summary>What the planner takes for progress, when it gives up, and which pods it counts.</summary>
internal static class ProgressOps
{
    /// <summary>Whether a step goes on with these pods.</summary>
    public static JsonObject IsReached(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var scenario = new RolloutScenario(BlueGreen, input.GetProperty("desired").GetInt32());
        scenario.Pass();
        scenario.Now = scenario.Now with { Side = SetOf(input) is var (spec, available) ? new SideSnapshot("shop", RolloutScenario.New, spec, available, 0, new Health.Healthy(available)) : null };
        return new() { [VectorCase.Answer] = Next(scenario) is Stepping { Stage: not Stage.Preparing } };
    }

    /// <summary>The pods that the share takes which the stable side is given back on a gentle way out: those are what is counted on.</summary>
    public static JsonObject CountedOn(VectorCase one)
    {
        const int Whole = 99;
        var set = SetOf(one.Body.GetProperty("input"));
        var wanted = set?.Spec ?? 1;
        var scenario = new RolloutScenario(ByRoute(Whole), wanted).Until(now => now.State is Stepping { Stage: Stage.Holding });
        scenario.IsStableStuck = true;
        scenario.Now = scenario.Now with
        {
            Targets = [scenario.Stable with { Available = set?.Available ?? 0 }],
            Sighting = RolloutScenario.Sighted("3", RolloutScenario.Newer),
        };
        scenario.Rest();
        return new() { [VectorCase.Answer] = Capacity.Pods(Whole - scenario.Weight, 100, wanted) };
    }

    public static JsonObject TimedOut(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var reason = input.GetProperty("reason").GetString();
        var scenario = new RolloutScenario(plan: null, replicas: 2) { IsStableStuck = true };
        if (Seconds(input, "progressDeadlineSeconds") is { } deadline)
        {
            scenario.Now = scenario.Now with { Terms = scenario.Now.Terms with { ProgressDeadline = deadline } };
        }

        if (reason is null)
        {
            // Nothing is under way, and nothing is to come.
            scenario.Now = scenario.Now with { Sighting = RolloutScenario.Sighted("1", RolloutScenario.Old) };
        }
        else
        {
            scenario.Now = scenario.Now with { Targets = [scenario.Stable with { Health = new Health.Progressing("no pod yet", 0), Available = 0 }] };
            scenario.Until(now => now.State is Advancing { HighWater: not null });
        }

        scenario.Now = (reason switch
        {
            "Paused" => scenario.Now with { Terms = scenario.Now.Terms with { Suspended = true } },
            "Aborted" => scenario.Now with { Requests = new Requests { Abort = "1 by ann" } },
            "TimedOut" => scenario.Now with { Targets = [scenario.Stable with { Health = new Health.Failing(Reasons.ProgressDeadlineExceeded, "the Deployment's own word") }] },
            _ => scenario.Now,
        }) with { Now = scenario.Now.Now + (Seconds(input, "lastUpdateSecondsAgo") ?? TimeSpan.Zero) };
        return new() { ["timedOut"] = Next(scenario) is Reverting { Reason: Reasons.ProgressDeadlineExceeded } };
    }

    /// <summary>Whether the second observation moves the deadline that the first one left.</summary>
    public static JsonObject HasProgressed(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var scenario = new RolloutScenario(plan: null, replicas: 3) { IsStableStuck = true };
        scenario.Now = scenario.Now with { Targets = [Seen(scenario, input.GetProperty("old"))] };
        scenario.Until(now => now.State is Advancing { HighWater: not null });
        var before = ((Advancing)scenario.State).Deadline;
        scenario.Now = scenario.Now with { Targets = [Seen(scenario, input.GetProperty("new"))], Now = scenario.Now.Now + TimeSpan.FromSeconds(1) };
        return new() { ["progressed"] = Next(scenario) is not Advancing after || after.Deadline > before };
    }

    private static readonly RolloutPlan BlueGreen = new()
    {
        Strategy = StrategyKind.BlueGreen,
        Steps = [new PlanStep(100)],
        Traffic = new TrafficPlan { Router = RouterKind.Selector, Service = "shop" },
    };

    private static RolloutPlan ByRoute(int weight) => new()
    {
        Strategy = StrategyKind.Canary,
        Steps = [new PlanStep(weight) { Hold = TimeSpan.FromHours(1) }],
        Traffic = new TrafficPlan { Router = RouterKind.HttpRoute, Route = "shop" },
    };

    private static RolloutState? Next(RolloutScenario scenario) => DeliveryPlanner.Plan(scenario.Now).Status.Rollout;

    private static TargetSnapshot Seen(RolloutScenario scenario, JsonElement pods) =>
        scenario.Stable with { Health = new Health.Progressing("not yet", pods.GetProperty("available").GetInt32()), Available = pods.GetProperty("available").GetInt32() };

    // Replicas that are not written are 1: the server's default.
    private static (int Spec, int Available)? SetOf(JsonElement input) => input.GetProperty("replicaSet") is { ValueKind: JsonValueKind.Object } set
        ? (set.GetProperty("specReplicas") is { ValueKind: JsonValueKind.Number } spec ? spec.GetInt32() : 1, set.GetProperty("availableReplicas").GetInt32())
        : null;

    private static TimeSpan? Seconds(JsonElement owner, string name) =>
        owner.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? TimeSpan.FromSeconds(value.GetInt32()) : null;
}
