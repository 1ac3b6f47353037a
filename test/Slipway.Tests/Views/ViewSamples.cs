using System.Text.Json;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Explanations;
using Slipway.Rollouts;
using Slipway.Tests.Cli;
using Slipway.Views;
using Slipway.Workloads;

namespace Slipway.Tests.Views;

/// <summary>Deliveries as the caches have them at noon, and what is seen beside them.</summary>
internal static class ViewSamples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Delivery Calm { get; } = Read(Samples.Calm());

    public static Delivery RolledBack { get; } = Read(Samples.RolledBack());

    public static Delivery Advancing { get; } = Read(Samples.Advancing());

    /// <summary>A canary in its second step of three, which measures; the first one has measured too.</summary>
    public static Delivery Stepping { get; } = Advancing with
    {
        Spec = Advancing.Spec! with { Strategy = new(Canary: new CanaryStrategy()), Group = new GroupMembership { Name = "checkout" } },
        Status = Advancing.Status! with
        {
            Rollout = new RolloutState.Stepping(Attempt, 1, Stage.Holding, new Side("shop", 1, 4) { Open = 1, Weight = 25, InEffectSince = Noon.AddMinutes(-1) }, Noon.AddMinutes(9), 1, Noon.AddMinutes(-1))
            {
                Checks = [Progress],
            },
        },
    };

    public static LiveSides Live { get; } = new(Workload("shop", 4, "1.1.0"), Workload("shop-canary", 1, "1.2.0"));

    public static Release Release { get; } = new()
    {
        Metadata = new() { Name = "shop-3", Namespace = "prod" },
        Spec = new()
        {
            Delivery = "shop", Number = 3, Repository = "registry.example/shop", Tag = "1.2.0", Digest = Samples.Digest120, Previous = new("1.1.0", Samples.Digest110, 2), Cause = "NewImage", By = "ada from api/10.0.0.1", StartedAt = Noon.AddMinutes(-5),
        },
        Status = new()
        {
            Outcome = "RolledBack", Reason = "CheckFailed", Message = $"errors: 0.5 of {Samples.Digest120}", FinishedAt = Noon,
            Transitions = [new(1, Noon.AddMinutes(-5), "StepStarted", "step 1 of 3"), new(2, Noon, "Draining", "it was ended by ada", "ada")],
            Checks = [new("errors", 0, "Failed", 1, 2, 0) { Recent = [new(MeasuredAs.Fail, Noon, "0.5")] }],
        },
    };

    public static Facts FactsOf(Delivery delivery) => new(delivery, [Release], [], Noon);

    private static Attempt Attempt => new Attempt(3, "shop-3", "registry.example/shop", "1.2.0", Samples.Digest120, new("1.1.0", Samples.Digest110, 2), "NewImage", null, Noon.AddMinutes(-5)) with
    {
        Plan = new RolloutPlan
        {
            Strategy = StrategyKind.Canary,
            Steps = [new(5) { Hold = TimeSpan.FromMinutes(2) }, new(25) { Hold = TimeSpan.FromMinutes(10) }, new(50) { Approval = true }],
            Checks = [new CheckPlan { Name = "errors", Pass = "result < 0.05", Fail = "0.2 <= result", Interval = TimeSpan.FromSeconds(30), FailureLimit = 1 }],
            Traffic = new() { Router = RouterKind.HttpRoute, Route = "shop" },
        },
        Transitions = [new(1, Noon.AddMinutes(-5), "StepStarted", "step 1 of 3")],
        Checks = [new("errors", 0, "Passed", 4, 0, 0) { Recent = [new(MeasuredAs.Pass, Noon.AddMinutes(-2), "0.01")] }],
    };

    private static CheckProgress Progress => new("errors", 2, Noon.AddSeconds(20))
    {
        Passed = 1, Failed = 1,
        PassedInARow = 0,
        Recent = [new(MeasuredAs.Pass, Noon.AddSeconds(-40), "0.02"), new(MeasuredAs.Fail, Noon.AddSeconds(-10), "0.3")],
    };

    private static WorkloadSnapshot Workload(string name, int pods, string version) => new()
    {
        Key = new("Deployment", "prod", name),
        ApiVersion = "apps/v1",
        Progress = new() { Desired = pods, Total = pods, Updated = pods, Ready = pods, Available = pods },
        Side = name == "shop" ? null : new("u-shop", "shop", "shop", Samples.Digest120, version, ["shop"], null),
    };

    private static Delivery Read(string json) => JsonSerializer.Deserialize(json, ApiJson.Default.Delivery)!;
}
