using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Tests.Controllers;
using static Slipway.Tests.Traffic.SideWorld;

namespace Slipway.Tests.Traffic;

/// <summary>Blue/green on a plain Deployment and Service: one label of the selector is switched, and switched back.</summary>
public sealed class BlueGreenTests
{
    private const string Strategy = """{"blueGreen":{"previewService":"shop-next","approval":{},"keepOld":"0s","settle":"0s","drain":"0s"}}""";
    private const string KeepsOld = """{"blueGreen":{"keepOld":"1h","settle":"0s","drain":"0s"}}""";

    [Fact]
    public async Task The_new_version_is_previewed_then_gets_all_requests_and_in_the_end_the_selector_is_the_users_again()
    {
        await using var world = await StartAsync(Strategy);
        var digest = await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at is { Step: 0, Stage: Stage.Holding });

        Assert.All(await world.EndpointsAsync(), pod => Assert.DoesNotContain("preview", pod, StringComparison.Ordinal));
        var preview = await world.UntilAsync("the preview has its pods", async () => await world.EndpointsAsync("shop-next") is { Length: 3 } all ? all : null);
        Assert.All(preview, pod => Assert.StartsWith("shop-preview", pod, StringComparison.Ordinal));

        await world.AnnotateAsync("slipway.dev/approve", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "Succeeded");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-preview");
        await world.GoneAsync(ResourceTypes.Services, "shop-next");
        var service = (await world.FindAsync(ResourceTypes.Services, "shop"))!;
        Assert.Equal("""{"app":"shop"}""", service["spec"]!["selector"]!.ToJsonString());
        Assert.Null((service["metadata"]!["annotations"] as JsonObject)?["slipway.dev/selector"]);
        Assert.Equal($"{world.Sandbox.Image("acme/shop", "1.1.0")}@{digest}", await world.ImageAsync(ResourceTypes.Deployments));

        // The switch was one write, and the way back another.
        Assert.Equal(2, world.Sandbox.Api.Requests.Records.Count(request => request is { User: ControllerWorld.User, Verb: "patch", Resource: "services", Name: "shop" }));
    }

    [Fact]
    public async Task After_the_switch_all_requests_go_to_the_new_version_and_an_abort_takes_them_back()
    {
        await using var world = await StartAsync(KeepsOld);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at is { Step: 1, Stage: Stage.Holding });

        var service = (await world.FindAsync(ResourceTypes.Services, "shop"))!;
        Assert.Equal("""{"app":"shop-preview"}""", service["spec"]!["selector"]!.ToJsonString());
        Assert.Equal("""{"app":"shop"}""", (string?)service["metadata"]!["annotations"]!["slipway.dev/selector"]);
        var serving = await world.EndpointsAsync();
        Assert.Equal(3, serving.Length);
        Assert.All(serving, pod => Assert.StartsWith("shop-preview", pod, StringComparison.Ordinal));

        await world.AnnotateAsync("slipway.dev/abort", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "RolledBack");
        Assert.Equal("""{"app":"shop"}""", (await world.FindAsync(ResourceTypes.Services, "shop"))!["spec"]!["selector"]!.ToJsonString());
        Assert.Contains(":1.0.0", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_selector_that_git_puts_back_sends_requests_to_the_stable_side_and_is_switched_again()
    {
        await using var world = await StartAsync(KeepsOld);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at is { Step: 1, Stage: Stage.Holding });

        await world.ServiceAsync("shop", """{"app":"shop"}""");
        await world.UntilAsync("it is switched again", async () =>
            (string?)(await world.FindAsync(ResourceTypes.Services, "shop"))!["spec"]!["selector"]!["app"] == "shop-preview" ? "yes" : null);
    }

    [Fact]
    public async Task A_preview_service_of_the_users_gets_its_own_selector_back()
    {
        const string own = """{"app":"shop","tier":"none"}""";
        await using var world = await StartAsync(Strategy, before: world => world.ServiceAsync("shop-next", own));
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at is { Step: 0, Stage: Stage.Holding });
        await world.UntilAsync("it is on the preview", async () => await world.EndpointsAsync("shop-next") is { Length: 3 } all ? all : null);

        await world.AnnotateAsync("slipway.dev/abort", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "RolledBack");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-preview");
        var service = (await world.FindAsync(ResourceTypes.Services, "shop-next"))!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(own), service["spec"]!["selector"]));
    }

    [Fact]
    public async Task A_pod_of_another_that_would_get_requests_by_the_new_selector_holds_up_the_switch()
    {
        await using var world = await StartAsync(KeepsOld, before: world => world.ApplyWorkloadAsync(ResourceTypes.StatefulSets, "1.0.0", 1, name: "stranger"));
        var stranger = (await world.Any(ResourceTypes.Pods).GetAsync(new ObjectKey("default", "stranger-0"), Stop))!;
        await world.Any(ResourceTypes.Pods).MergePatchAsync(stranger.Key, JsonNode.Parse("""{"metadata":{"labels":{"app":"shop-preview"}}}""")!.AsObject(), Stop);
        await world.PushAsync("1.1.0");

        var condition = await world.UntilAsync("it is told", async () => world.Log.Contains("pod stranger-0 has the label app: shop-preview too", StringComparison.Ordinal) ? "told" : null);
        Assert.Equal("told", condition);
        Assert.Equal("""{"app":"shop"}""", (await world.FindAsync(ResourceTypes.Services, "shop"))!["spec"]!["selector"]!.ToJsonString());
    }
}
