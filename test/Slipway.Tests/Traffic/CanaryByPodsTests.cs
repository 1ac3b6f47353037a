using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Tests.Controllers;
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

    [Fact]
    public async Task An_abort_closes_the_gate_and_removes_the_canary_while_the_stable_side_is_never_written_to()
    {
        await using var world = await StartAsync(WaitsForYes);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        await world.AnnotateAsync("slipway.dev/abort", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "RolledBack");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-canary");
        Assert.Contains(":1.0.0", await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
        var records = world.Sandbox.Api.Requests.Records;
        Assert.DoesNotContain(records, request => request is { User: ControllerWorld.User, IsWrite: true, Resource: "deployments", Name: "shop" });

        // First no more requests, then no more pods.
        var closed = records.Select((request, at) => (request, at)).Last(one => one.request is { User: ControllerWorld.User, Verb: "patch", Resource: "pods" }).at;
        var deleted = records.Select((request, at) => (request, at)).First(one => one.request is { User: ControllerWorld.User, Verb: "delete", Resource: "deployments" }).at;
        Assert.True(closed < deleted);
    }

    [Fact]
    public async Task Every_write_to_what_is_shared_says_which_version_it_means()
    {
        await using var world = await StartAsync(WaitsForYes);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        var pod = await world.UntilAsync("the canary's pod", async () =>
            (await world.Any(ResourceTypes.Pods).ListAsync(new ListScope("default", "slipway.dev/side=shop-canary"), Stop)).Items is [var only] ? only.Value : null);
        var condition = pod["status"]!["conditions"]!.AsArray().Single(one => (string?)one!["type"] == "slipway.dev/serving")!;
        Assert.Equal(("True", "Open"), ((string?)condition["status"], (string?)condition["reason"]));

        // The kubelet's own conditions are still there.
        Assert.Contains(pod["status"]!["conditions"]!.AsArray(), one => (string?)one!["type"] == "ContainersReady");
    }

    [Fact]
    public async Task A_deployment_of_that_name_that_is_somebody_elses_is_never_taken_over()
    {
        await using var world = await StartAsync(WaitsForYes, before: world => world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", name: "shop-canary"));
        await world.PushAsync("1.1.0");

        var held = await world.UntilAsync("it is held", async () => (await world.DeliveryAsync()).Status?.Held is { Reason: "StrategyImpossible" } held ? held : null);
        Assert.Contains("Deployment shop-canary stands where Slipway would run the new version beside shop, and is not its own; rename or delete it", held.Message, StringComparison.Ordinal);
        Assert.Single(await world.HistoryAsync());
    }

    [Fact]
    public async Task A_worker_without_a_service_is_stepped_by_its_pods_all_the_same()
    {
        await using var world = await StartAsync(WaitsForYes, service: """{"app":"another"}""");
        await world.PushAsync("1.1.0");

        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);
        await world.AnnotateAsync("slipway.dev/approve", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task A_delivery_that_is_deleted_in_the_middle_takes_its_canary_along_before_it_goes()
    {
        await using var world = await StartAsync(WaitsForYes);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        await world.Deliveries.DeleteAsync(new ObjectKey("default", "shop"), new DeleteTerms(), Stop);
        await world.GoneAsync(ResourceTypes.Deliveries, "shop");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-canary");
        var records = world.Sandbox.Api.Requests.Records;
        Assert.Contains(records, request => request is { User: ControllerWorld.User, Verb: "delete", Resource: "deployments", Name: "shop-canary" });
        Assert.Equal(3, (await world.EndpointsAsync()).Length);
    }

    [Fact]
    public async Task A_delivery_whose_workload_is_gone_is_let_go_at_once()
    {
        await using var world = await StartAsync(WaitsForYes);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        // As in a namespace that is being deleted.
        await world.Deliveries.DeleteAsync(new ObjectKey("default", "shop"), new DeleteTerms(), Stop);
        await world.Any(ResourceTypes.Deployments).DeleteAsync(new ObjectKey("default", "shop"), new DeleteTerms(), Stop);
        await world.GoneAsync(ResourceTypes.Deliveries, "shop");
        await world.GoneAsync(ResourceTypes.Deployments, "shop-canary");
    }

    [Fact]
    public async Task A_canary_that_is_deleted_by_hand_is_made_again()
    {
        await using var world = await StartAsync(WaitsForYes);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);
        var first = (string?)(await world.FindAsync(ResourceTypes.Deployments, "shop-canary"))!["metadata"]!["uid"];

        await world.Any(ResourceTypes.Deployments).DeleteAsync(new ObjectKey("default", "shop-canary"), new DeleteTerms(Propagation: "Background"), Stop);
        await world.UntilAsync("another", async () => await world.FindAsync(ResourceTypes.Deployments, "shop-canary") is { } made && (string?)made["metadata"]!["uid"] != first ? made : null);
        await world.UntilAsync("it serves", async () => (await world.EndpointsAsync()) is { Length: 4 } all ? all : null);
    }

    private static string? Label(JsonObject deployment, string label) => (string?)deployment["spec"]!["template"]!["metadata"]!["labels"]![label];
}
