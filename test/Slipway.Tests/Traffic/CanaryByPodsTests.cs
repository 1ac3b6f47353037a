using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Rollouts;
using static Slipway.Tests.Traffic.SideWorld;

namespace Slipway.Tests.Traffic;

/// <summary>A canary whose weight are its pods: no router, one Service, and a Deployment that nobody touches before the new version has passed.</summary>
public sealed class CanaryByPodsTests
{
    private const string WaitsForYes = $$"""{"canary":{"allowCoarse":true,"steps":[{"weight":25,"approval":{} }],{{Fast}} } }""";

    [Fact]
    public async Task The_new_version_runs_beside_the_stable_one_takes_its_share_and_goes_when_the_stable_one_has_it()
    {
        await using var world = await StartAsync(WaitsForYes);
        var before = (await world.FindAsync(ResourceTypes.Deployments, "shop"))!;
        var digest = await world.PushAsync("1.1.0");

        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);
        var canary = (await world.FindAsync(ResourceTypes.Deployments, "shop-canary"))!;
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", Image(canary));
        Assert.Equal("slipway.dev/serving", (string?)canary["spec"]!["template"]!["spec"]!["readinessGates"]![0]!["conditionType"]);
        Assert.Equal(("shop", "canary", "shop-canary"), (Label(canary, "app"), Label(canary, "slipway.dev/track"), Label(canary, "slipway.dev/side")));
        Assert.Equal("""{"matchLabels":{"slipway.dev/side":"shop-canary"}}""", canary["spec"]!["selector"]!.ToJsonString());
        Assert.Equal("Delivery", (string?)canary["metadata"]!["ownerReferences"]![0]!["kind"]);
        var serving = await world.EndpointsAsync();
        Assert.Equal(4, serving.Length);
        Assert.Single(serving, pod => pod.StartsWith("shop-canary", StringComparison.Ordinal));

        // The workload itself is as it was.
        var meanwhile = (await world.FindAsync(ResourceTypes.Deployments, "shop"))!;
        Assert.Equal(before["spec"]!.ToJsonString(), meanwhile["spec"]!.ToJsonString());

        await world.AnnotateAsync("slipway.dev/approve", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "Succeeded");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-canary");
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", await world.ImageAsync(ResourceTypes.Deployments));
        await world.UntilAsync("nothing is left of it", async () => (await world.DeliveryAsync()).Metadata.Finalizers is null or { Count: 0 } ? "free" : null);
        Assert.All(await world.EndpointsAsync(), pod => Assert.DoesNotContain("canary", pod, StringComparison.Ordinal));
    }

    private static string? Label(JsonObject deployment, string label) => (string?)deployment["spec"]!["template"]!["metadata"]!["labels"]![label];
}
