using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.History;
using Slipway.Rollouts;
using Slipway.Traffic;
using Slipway.Vectors.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Vectors.Ops;

/// <summary>Flagger's sequences: its tick is a step of ours, its Finalising our drain.</summary>
internal static class StepOps
{
    private static readonly RoutePair Pair = new("stable", "canary");

    public static JsonObject Weights(VectorCase one)
    {
        var scenario = Begin([.. one.Body.GetProperty("input").GetProperty("analysis").GetProperty("stepWeights").EnumerateArray().Select(weight => new PlanStep(weight.GetInt32()))]);
        var (weights, phases) = (new List<int> { 0 }, new List<string>());
        scenario.Until(now =>
        {
            if (now.State is Stepping { Stage: Stage.Holding } && weights[^1] != now.Weight)
            {
                weights.Add(now.Weight);
            }
            else if (Phase(now, weights[^1]) is { } phase && (phases.Count == 0 || phases[^1] != phase))
            {
                phases.Add(phase);
            }

            return now.State is Idle && now.Now.Status.Current!.Digest == RolloutScenario.New;
        });
        return new()
        {
            ["canaryWeights"] = new JsonArray([.. weights.Select(weight => (JsonNode)weight)]),
            ["stableWeights"] = new JsonArray([.. weights.Select(weight => (JsonNode)(100 - weight))]),
            ["then"] = phases.Array(),
        };
    }

    /// <summary>The cases of one list, told apart by what they give.</summary>
    public static JsonObject Phases(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        return input.TryGetProperty("before", out var before) ? Superseded(before.GetProperty("canary").GetInt32())
            : input.TryGetProperty("phase", out _) ? Unpromoted()
            : input.GetProperty("analysis").TryGetProperty("match", out _) ? Matched()
            : Mirrored(input.GetProperty("analysis").GetProperty("stepWeight").GetInt32());
    }

    // After a newer version has come, until nothing of the one before is left.
    private static JsonObject Superseded(int weight)
    {
        var scenario = Begin([new PlanStep(weight) { Hold = TimeSpan.FromHours(1) }]).Until(now => now.State is Stepping { Stage: Stage.Holding });
        scenario.Now = scenario.Now with { Sighting = RolloutScenario.Sighted("3", RolloutScenario.Newer) };
        scenario.Until(now => now.State is Draining { Removing: true });
        return Sides(scenario);
    }

    // The pods of the promoted version do not come, and its time is over.
    private static JsonObject Unpromoted()
    {
        var scenario = Begin([new PlanStep(100)]).Until(now => now.State is Advancing && now.Stable.Images[0].Digest == RolloutScenario.New);
        var pods = scenario.Now.Side!.Replicas;
        scenario.IsStableStuck = true;
        scenario.Now = scenario.Now with { Targets = [scenario.Stable with { Available = 0, Health = new Health.Progressing("no pod is ready", 0) }] };
        scenario.Until(now => now.State is Reverting).Rest();
        var answer = Sides(scenario);
        answer["phase"] = scenario.Now.Status.Rejected?.Any(rejection => rejection.Digest == RolloutScenario.New) == true ? "Failed" : $"{scenario.State}";
        answer["canaryScaledDown"] = scenario.Now.Side is not { } side || side.Replicas < pods;
        return answer;
    }

    private static JsonObject Matched()
    {
        var route = JsonNode.Parse("""{"spec":{"rules":[{"backendRefs":[{"name":"stable","port":80}]}]}}""")!.AsObject();
        var step = new PlanStep(0) { Match = [new RequestMatch(Header: new NamedValue("x-canary", "always"))] };
        var rule = HttpRouteEditor.Edit(route, Pair, new(0, step, 0)).Part.First(rule => rule!["matches"] is not null)!;
        var (stable, canary) = (Backend(rule, Pair.Stable), Backend(rule, Pair.Canary));
        return new() { ["canary"] = Shares.Percent(stable, canary), ["stable"] = 100 - Shares.Percent(stable, canary), ["mirrored"] = rule["filters"] is not null };
    }

    // Flagger mirrors before it sends the first weight; in ours that is a step that says so.
    private static JsonObject Mirrored(int weight)
    {
        var ticks = new JsonArray();
        var scenario = Begin([new PlanStep(0) { Mirror = true }, new PlanStep(weight)]);
        scenario.Until(now =>
        {
            if (now.State is Stepping { Stage: Stage.Holding } at && ticks.Count == at.Step)
            {
                var tick = Sides(now);
                tick["mirrored"] = now.Now.Traffic?.Rules is { } rules && at.Attempt.Plan!.Steps[rules].Mirror;
                ticks.Add((JsonNode)tick);
            }

            return now.State is Advancing;
        });
        return new() { ["ticks"] = ticks };
    }

    private static RolloutScenario Begin(IReadOnlyList<PlanStep> steps) =>
        new(new RolloutPlan { Strategy = StrategyKind.Canary, Steps = steps, Traffic = new TrafficPlan { Router = RouterKind.HttpRoute, Route = "shop" } }, replicas: 2);

    private static string? Phase(RolloutScenario now, int last) => now.State switch
    {
        Advancing when now.Weight == last => "Promoting",
        Draining when now.Weight == 0 => "Finalising(100/0)",
        Idle when now.Now.History.Any(release => release.Digest == RolloutScenario.New && release.Outcome == Outcomes.Succeeded) => "Succeeded",
        _ => null,
    };

    private static JsonObject Sides(RolloutScenario now) => new() { ["stable"] = 100 - now.Weight, ["canary"] = now.Weight };

    private static int Backend(JsonNode rule, string name) =>
        (int?)rule["backendRefs"]!.AsArray().FirstOrDefault(backend => (string?)backend!["name"] == name)?["weight"] ?? 0;
}
