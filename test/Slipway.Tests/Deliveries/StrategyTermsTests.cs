using Slipway.Api;
using Slipway.Rollouts;

namespace Slipway.Tests.Deliveries;

/// <summary>Which steps are refused where they are written.</summary>
public sealed class StrategyTermsTests
{
    private static readonly Slipway.Api.Traffic Routed = new() { HttpRoute = new() { Name = "shop" } };

    public static TheoryData<DeliverySpec, string> Refusals => new()
    {
        { Canary(null, 51), "spec.strategy.canary.steps[0].weight: 51 is more than 50: without a router the pods are the weight, and the stable side keeps all of its own; name a router in traffic, or end with 50" },
        { Canary(null, 10, 100), "spec.strategy.canary.steps[1].weight: 100 is more than 50" },
        { Canary(null, 101), "spec.strategy.canary.steps[0].weight: 101 is not between 0 and 50" },
        { Canary(Routed, 200), "spec.strategy.canary.steps[0].weight: 200 is not between 0 and 100" },
        { Canary(Routed, -1), "spec.strategy.canary.steps[0].weight: -1 is not between 0 and 100" },
        { Canary(Routed, 20, 10), "spec.strategy.canary.steps[1].weight: 10 is less than the 20 of the step before: a share only grows until the rollout ends" },
        { Canary(Routed, 0, 10), "spec.strategy.canary.steps[0]: the first step sends nobody to the new version; give it a weight" },
        { Canary(Routed), "spec.strategy.canary.steps: there is no step; write for example steps: [{weight: 10, hold: 10m}]" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_a_step_is_refused_with_the_way_out(DeliverySpec spec, string problem) => Assert.StartsWith(problem, spec.Problem(), StringComparison.Ordinal);

    [Fact]
    public void Half_of_the_requests_by_pods_and_all_of_them_by_a_router_are_the_most()
    {
        Assert.Equal((RouterKind.Pods, 50), Last(Canary(null, 10, 50)));
        Assert.Equal((RouterKind.HttpRoute, 100), Last(Canary(Routed, 10, 100)));
    }

    private static (RouterKind, int) Last(DeliverySpec spec) => spec.Terms().Rollout.Plan is { } plan ? (plan.Traffic.Router, plan.Steps[^1].Weight) : default;

    private static DeliverySpec Canary(Slipway.Api.Traffic? traffic, params int[] weights) => Specs.Smallest with
    {
        Strategy = new Strategy(Canary: new CanaryStrategy { Traffic = traffic, Steps = [.. weights.Select(weight => new CanaryStep { Weight = weight })] }),
    };
}
