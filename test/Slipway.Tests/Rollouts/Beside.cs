using Slipway.Api;
using Slipway.Checks;
using Slipway.Conditions;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Tests.Rollouts;

/// <summary>The canonical canary of the planner's tables: 1.1.0 beside ten pods of 1.0.0, first at 10 %, then at 50 %.</summary>
internal static class Beside
{
    public static readonly CheckPlan Errors = new() { Name = "errors", Interval = TimeSpan.FromSeconds(10), FailureLimit = 0 };

    public static readonly RolloutPlan Canary = new()
    {
        Strategy = StrategyKind.Canary,
        Steps = [new PlanStep(10) { Hold = TimeSpan.FromMinutes(5) }, new PlanStep(50)],
        Traffic = new TrafficPlan { Router = RouterKind.Pods },
        Bake = TimeSpan.FromMinutes(1),
    };

    public static readonly RolloutPlan ByRoute = Canary with { Traffic = new TrafficPlan { Router = RouterKind.HttpRoute, Route = "shop" } };

    public static readonly RolloutPlan BlueGreen = new()
    {
        Strategy = StrategyKind.BlueGreen,
        Steps = [new PlanStep(0) { Hold = TimeSpan.FromMinutes(1) }, new PlanStep(100) { Hold = TimeSpan.FromMinutes(30) }],
        Traffic = new TrafficPlan { Router = RouterKind.Selector, Service = "shop" },
    };

    /// <summary>Ten pods of 1.0.0, and 1.1.0 is what the source has.</summary>
    public static DeliverySnapshot Ready(RolloutPlan plan, params CheckPlan[] checks)
    {
        var now = Shop.Settled.Seeing(Shop.New);
        return now with
        {
            Terms = now.Terms with { Plan = plan },
            Checks = checks,
            Targets = [now.Targets[0] with { Replicas = 10, Available = 10, Health = new Health.Healthy(10) }],
        };
    }

    public static DeliverySnapshot With(this DeliverySnapshot now, SideSnapshot? side) => now with { Side = side };

    public static DeliverySnapshot Routing(this DeliverySnapshot now, int weight, bool inEffect = true, string? problem = null) =>
        now with { Traffic = new TrafficSnapshot(weight, inEffect, problem) { Touched = true } };

    /// <summary>The side's pods, so many of them prepared, open and serving.</summary>
    public static SideSnapshot Side(int replicas, int prepared, int serving = 0, int? open = null, Health? health = null, string? digest = null) =>
        new("shop", digest ?? Shop.New.Digest, replicas, prepared, serving, health ?? new Health.Healthy(prepared)) { Open = open ?? serving };

    public static DeliverySnapshot Scaled(this DeliverySnapshot now, int replicas, int? available = null) =>
        now with { Targets = [now.Targets[0] with { Replicas = replicas, Available = available ?? replicas }] };

    public static Stepping Stepping(this DeliverySnapshot now) => Assert.IsType<Stepping>(now.State);

    /// <summary>Passes until nothing moves any more, as the shell would make them.</summary>
    public static DeliverySnapshot Moved(this DeliverySnapshot now)
    {
        for (var pass = 0; pass < 10; pass++)
        {
            var plan = now.Plan();
            if (plan.Status.SameAs(now.Status))
            {
                return now;
            }

            now = now with { Status = plan.Status };
        }

        throw new InvalidOperationException("it does not come to rest");
    }

    /// <summary>The first step, at its share and judged since now.</summary>
    public static DeliverySnapshot Holding(RolloutPlan plan, params CheckPlan[] checks)
    {
        var now = Ready(plan, checks).Moved();
        var replicas = now.Stepping().Side.Replicas;
        now = now.With(Side(replicas, replicas)).Moved();
        now = plan.Traffic.Router == RouterKind.Pods ? now.With(Side(replicas, replicas, replicas)) : now.Routed();
        now = now.Moved().After(plan.Traffic.Settle).Moved();
        Assert.Equal(Stage.Holding, now.Stepping().Stage);
        return now;
    }

    public static DeliverySnapshot Measuring(this DeliverySnapshot now, MeasuredAs result, string? value = null)
    {
        var wish = Assert.Single(now.Plan().World.Measure);
        return now with { Measurements = [new Measured(wish.Context.Release, wish.Step, wish.Plan.Name, wish.Ordinal, new Measurement(result, now.Now, value))] };
    }

    public static Draining Drains(this DeliverySnapshot now) => now.Next<Draining>();

    public static string? Reason(this Draining drain) => drain.Then switch
    {
        Reverting back => back.Reason,
        Recording done => done.Result.Reason,
        _ => null,
    };

    /// <summary>Every pod of the side is ready, and the router has written what was asked for: the first step that exposes is at its share.</summary>
    public static DeliverySnapshot AtItsShare(this DeliverySnapshot now)
    {
        var side = now.Stepping().Side;
        now = now.With(Side(side.Replicas, side.Replicas, side.Open)).Moved();
        side = now.Stepping().Side;
        now = now.Attempted().Plan!.Traffic.Router == RouterKind.Pods ? now.With(Side(side.Replicas, side.Replicas, side.Open)) : now.Routed();
        return now.Moved().After(now.Attempted().Plan!.Traffic.Settle).Moved();
    }

    /// <summary>The router has acknowledged what the state asks for.</summary>
    public static DeliverySnapshot Routed(this DeliverySnapshot now) => now.Routing(now.State.Beside!.Weight) is var routed
        ? routed with { Traffic = routed.Traffic! with { Rules = now.State.Beside!.Rules } } : now;

    /// <summary>Somebody wants nothing to move for two days.</summary>
    public static DeliverySnapshot Frozen(this DeliverySnapshot now) => now with { Freezes = [new FreezeTerms { Name = "sale", Reason = "sale", Until = now.Now.AddDays(2) }] };

    /// <summary>It moves with cart, which is as far as this says.</summary>
    public static DeliverySnapshot InGroup(this DeliverySnapshot now, GroupPhase mine, MemberStanding cart)
    {
        var attempt = now.Attempted() with { Group = new GroupProgress(7, mine, now.Now) };
        var grouped = now with { Terms = now.Terms with { Group = new GroupTerms("train", 0, [], TimeSpan.FromHours(1)) }, Group = [new GroupMember("cart", 0, [], cart)] };
        return grouped.In(now.State switch
        {
            Stepping at => at with { Attempt = attempt },
            Advancing at => at with { Attempt = attempt },
            _ => throw new InvalidOperationException($"{now.State} is no part of a run"),
        });
    }

    /// <summary>The workload cannot be found any more.</summary>
    public static DeliverySnapshot Gone(this DeliverySnapshot now) => now with { Targets = [], TargetProblem = new("TargetNotFound", "spec.targets[0]: Deployment prod/shop does not exist") };

    /// <summary>Said while it is under way.</summary>
    public static string Told(this DeliverySnapshot now) => now.Plan().Condition(DeliveryConditions.Reconciling)!.Message;

    public static Attempt Attempted(this DeliverySnapshot now) => now.State.Attempted!;

    public static HeldStatus? Held(this DeliverySnapshot now) => now.Plan().Status.Held;

    public static bool Tells(this DeliveryPlan plan, string reason) => plan.Condition(DeliveryConditions.Reconciling)?.Reason == reason;
}
