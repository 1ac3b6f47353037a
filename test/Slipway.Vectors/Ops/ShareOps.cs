using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Rollouts;
using Slipway.Vectors.Rollouts;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Vectors.Ops;

/// <summary>
/// How many pods of either version there are at a weight. In between, ours come from the planner; at the ends (0 and 100) the Deployment moves by itself
/// from one version to the other, as <see cref="Promotion"/> has it.
/// </summary>
internal static class ShareOps
{
    public static JsonObject Approximate(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        return Answer(Beside(RouterKind.Pods, Int(input, "weight"), Int(input, "replicas")));
    }

    /// <summary>One pass of a controller: where a share is meant, it is made whole at once; where the Deployment goes, it is one step of its own.</summary>
    public static JsonObject Replicas(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var (weight, replicas) = (Int(input, "setWeight"), Int(input, "replicas"));
        if (one.Body.GetProperty("mode").ValueEquals("traffic-routed"))
        {
            return Answer(Beside(RouterKind.HttpRoute, weight, replicas));
        }

        if (one.Body.TryGetProperty("sameRS", out _))
        {
            return Answer(Unbeside(weight, replicas));
        }

        if (!input.GetProperty("promoteFull").GetBoolean() && weight is > 0 and < 100)
        {
            return Answer(Beside(RouterKind.Pods, weight, replicas));
        }

        // Back to 0 it goes the same way, in the other direction.
        var (stable, canary) = (input.GetProperty("stable"), input.GetProperty("canary"));
        var promotion = new Promotion(replicas, input.GetProperty("maxSurge"), input.GetProperty("maxUnavailable"));
        var isBack = weight == 0 && !input.GetProperty("promoteFull").GetBoolean();
        var (old, fresh) = isBack ? promotion.Step(Pods(canary), Pods(stable)) : promotion.Step(Pods(stable), Pods(canary));
        return isBack ? Answer((fresh, old)) : Answer((old, fresh));
    }

    /// <summary>From a stable side that is whole to where it comes to rest.</summary>
    public static JsonObject Trajectory(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var (weight, replicas) = (Int(input, "weight"), Int(input, "replicas"));
        if (weight is > 0 and < 100)
        {
            var sides = Beside(RouterKind.Pods, weight, replicas);
            return Path([(replicas, 0), sides], sides);
        }

        var promotion = new Promotion(replicas, input.GetProperty("maxSurge"), input.GetProperty("maxUnavailable"));
        var path = promotion.Path().ToArray();

        // Any way is right that keeps to the bounds.
        foreach (var (old, fresh) in path)
        {
            if (old + fresh > promotion.MaxTotal || old + fresh < promotion.MinAvailable)
            {
                throw new InvalidOperationException($"{old} and {fresh} pods are not between {promotion.MinAvailable} and {promotion.MaxTotal}");
            }
        }

        return Path(path, Beside(RouterKind.Pods, weight, replicas));
    }

    /// <summary>Argo's dynamicStableScale on the way out, where the route has not acknowledged yet that the new version gets nothing more.</summary>
    public static JsonObject Aborted(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var step = Int(input.GetProperty("steps")[Int(input, "currentStepIndex")], "setWeight");
        var weight = Math.Max(step, Int(input.GetProperty("actualWeights"), "canary"));
        var scenario = Held(RouterKind.HttpRoute, weight, Int(input, "replicas"));
        if (input.GetProperty("aborted").GetBoolean())
        {
            scenario.IsRouterLate = true;
            scenario.Now = scenario.Now with { Requests = new Requests { Abort = "1 by ann" } };
            scenario.Rest();
        }

        return Answer((scenario.Stable.Replicas, scenario.Now.Side?.Replicas ?? 0));
    }

    /// <summary>The pods of both versions when this weight is in effect, and nothing more is to come; 100 is the promotion.</summary>
    private static (int Stable, int Canary) Beside(RouterKind router, int weight, int replicas)
    {
        if (router == RouterKind.Pods && weight == 100)
        {
            var promoted = new RolloutScenario(Plan(router, 50), replicas).Until(now => now.State is Idle && now.Now.Status.Current!.Digest == RolloutScenario.New);
            return (promoted.Now.Side?.Replicas ?? 0, promoted.Stable.Replicas);
        }

        if (replicas == 0)
        {
            return Unbeside(weight, replicas);
        }

        var scenario = Held(router, weight, replicas);
        return (scenario.Stable.Replicas, router == RouterKind.Pods ? scenario.Now.Side!.Serving : scenario.Now.Side!.Replicas);
    }

    private static RolloutScenario Held(RouterKind router, int weight, int replicas)
    {
        var scenario = new RolloutScenario(Plan(router, weight), replicas).Until(now => now.State is Stepping { Stage: Stage.Holding });
        var image = scenario.Stable.Images[0].Digest;
        return image == RolloutScenario.Old ? scenario : throw new InvalidOperationException($"the stable side was given {image} before the new version had passed (I3)");
    }

    // Where nothing is known to be good, or nothing runs, there is nothing to step beside.
    private static (int Stable, int Canary) Unbeside(int weight, int replicas)
    {
        var scenario = new RolloutScenario(Plan(RouterKind.Pods, weight), replicas);
        if (replicas > 0)
        {
            scenario.Now = scenario.Now with
            {
                Status = new(),
                History = [],
                Targets = [scenario.Stable with { Available = 0, Health = new Workloads.Health.Failing("CrashLoopBackOff", "exit 1") }],
            };
        }

        scenario.Until(now => now.State is Advancing && now.Stable.Images[0].Digest == RolloutScenario.New);
        return (scenario.Now.Side?.Replicas ?? 0, scenario.Stable.Replicas);
    }

    private static RolloutPlan Plan(RouterKind router, int weight) => new()
    {
        Strategy = StrategyKind.Canary,
        Steps = [new PlanStep(weight) { Hold = TimeSpan.FromMinutes(1) }],
        AllowCoarse = true,
        Traffic = new TrafficPlan { Router = router },
    };

    private static (int Wanted, int Available) Pods(JsonElement set) => (Int(set, "specReplicas"), Int(set, "availableReplicas"));

    private static JsonObject Answer((int Stable, int Canary) pods) => new() { ["stable"] = pods.Stable, ["canary"] = pods.Canary };

    private static JsonObject Path(IEnumerable<(int Stable, int Canary)> path, (int Stable, int Canary) target) => new()
    {
        ["target"] = Answer(target),
        ["fixpoint"] = Answer(path.Last()),
        ["trajectoryStableCanary"] = new JsonArray([.. path.Select(pods => (JsonNode)new JsonArray(pods.Stable, pods.Canary))]),
    };

    private static int Int(JsonElement owner, string name) => owner.GetProperty(name).GetInt32();
}
