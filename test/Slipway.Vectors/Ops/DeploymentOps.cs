using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Rollouts;
using Slipway.Vectors.Rollouts;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Vectors.Ops;

/// <summary>A Deployment as the API server writes it: whether it is done, and how many pods it may have too many and too few.</summary>
internal static class DeploymentOps
{
    /// <summary>"Retryable" is whether waiting goes on.</summary>
    public static JsonObject Readiness(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        var given = input.GetProperty("deployment");
        using var json = JsonDocument.Parse(Deployment(given).ToJsonString());
        var health = WorkloadHealth.Of(new WorkloadReader(new ValuePool()).Read(WorkloadKinds.Deployment, "apps/v1", json.RootElement), []);

        var scenario = new RolloutScenario(plan: null, replicas: 2) { IsStableStuck = true };
        if (input.GetProperty("progressDeadlineSeconds").GetInt32() is > 0 and var seconds)
        {
            scenario.Now = scenario.Now with { Terms = scenario.Now.Terms with { ProgressDeadline = TimeSpan.FromSeconds(seconds) } };
        }

        // It is as it is since its conditions say so.
        scenario.Now = scenario.Now with { Targets = [scenario.Stable with { Health = new Health.Progressing("not yet", 0) }] };
        scenario.Until(now => now.State is Advancing { HighWater: not null });
        scenario.Now = scenario.Now with { Now = scenario.Now.Now + Since(given), Targets = [scenario.Stable with { Health = health switch { Health.Progressing waits => waits with { Available = 0 }, _ => health } }] };
        return new()
        {
            ["ready"] = health is Health.Healthy,
            ["retryable"] = DeliveryPlanner.Plan(scenario.Now).Status.Rollout is not Reverting,
        };
    }

    public static JsonObject Fenceposts(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        try
        {
            var fence = Promotion.Fence(input.GetProperty("replicas").GetInt32(), Field(input, "maxSurge"), Field(input, "maxUnavailable"));
            return new() { ["surge"] = fence.MaxSurge, ["unavailable"] = fence.MaxUnavailable, ["error"] = false };
        }
        catch (FormatException)
        {
            return new() { ["surge"] = 0, ["unavailable"] = 0, ["error"] = true };
        }
    }

    private static JsonObject Deployment(JsonElement given)
    {
        var (spec, status) = (new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray() } } }, new JsonObject());
        Copy(given, "specReplicas", spec, "replicas");
        foreach (var (name, field) in new[] { ("observedGeneration", "observedGeneration"), ("replicas", "replicas"), ("updated", "updatedReplicas"), ("ready", "readyReplicas"), ("available", "availableReplicas") })
        {
            Copy(given, name, status, field);
        }

        status["conditions"] = new JsonArray([.. Conditions(given).Select(condition => (JsonNode)new JsonObject
        {
            ["type"] = Text(condition, "type"),
            ["reason"] = Text(condition, "reason"),

            // A condition always has a status (apps/v1, DeploymentCondition), and with this reason it is False (Deployments, "Failed Deployment").
            ["status"] = Text(condition, "status") is { Length: > 0 } said ? said : Text(condition, "reason") == "ProgressDeadlineExceeded" ? "False" : "True",
        })]);
        var metadata = new JsonObject { ["name"] = "shop", ["namespace"] = "prod" };
        Copy(given, "generation", metadata, "generation");
        return new() { ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
    }

    private static TimeSpan Since(JsonElement given) => TimeSpan.FromSeconds(
        Conditions(given).Select(condition => condition.TryGetProperty("lastUpdateSecondsAgo", out var ago) ? ago.GetInt32() : 0).DefaultIfEmpty(0).Max());

    private static JsonElement[] Conditions(JsonElement given) => given.TryGetProperty("conditions", out var conditions) ? [.. conditions.EnumerateArray()] : [];

    private static void Copy(JsonElement from, string name, JsonObject to, string field)
    {
        if (from.TryGetProperty(name, out var value))
        {
            to[field] = value.GetInt64();
        }
    }

    private static string Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static JsonElement Field(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value : default;
}
