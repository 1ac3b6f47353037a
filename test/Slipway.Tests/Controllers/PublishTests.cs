using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Controllers;

public sealed class PublishTests
{
    private const string Published = """{"publish":{"configMap":{"name":"versions","key":"shop"}}}""";

    [Fact]
    public async Task The_version_that_passed_stands_in_the_config_map_and_keys_of_others_beside_it()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1, name: "cart");
        await world.ApplyAsync(ResourceTypes.ConfigMaps, "versions", JsonNode.Parse("""{"data":{"note":"kept"}}""")!.AsObject());
        await world.DeliverAsync(more: Published);
        await world.DeliverAsync("""[{"name":"cart"}]""", more: """{"publish":{"configMap":{"name":"versions","key":"cart"}}}""", name: "cart");
        await HoldsAsync(world, "shop", "1.0.0");
        await HoldsAsync(world, "cart", "1.0.0");

        await world.PushAsync("1.1.0");
        await HoldsAsync(world, "shop", "1.1.0");
        await HoldsAsync(world, "cart", "1.1.0");

        Assert.Equal("kept", (await DataAsync(world))["note"]?.ToString());
        Assert.Equal("1.1.0 is in ConfigMap versions, key shop", (await world.UntilAsync(
            "the condition tells", async () => (await world.DeliveryAsync()).Status!.Conditions!.FirstOrDefault(condition => condition is { Type: "Published", Status: "True" } && condition.Message.StartsWith("1.1.0", StringComparison.Ordinal)))).Message);
    }

    [Fact]
    public async Task A_key_that_somebody_else_owns_is_left_to_them_and_the_conflict_is_told()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.ApplyAsync(ResourceTypes.ConfigMaps, "versions", JsonNode.Parse("""{"data":{"shop":"mine"}}""")!.AsObject());
        await world.DeliverAsync(more: Published);

        var refused = await world.ConditionAsync("Published", "PublishConflict");

        Assert.Equal("False", refused.Status);
        Assert.Contains("kubectl", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mine", (await DataAsync(world))["shop"]?.ToString());
        Assert.Equal("True", (await world.ConditionAsync("Ready", "UpToDate")).Status);
    }

    [Fact]
    public async Task While_a_version_rolls_out_the_one_before_stays_published_and_what_stands_there_is_not_written_again()
    {
        await using var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync(more: """{"publish":{"configMap":{"name":"versions","key":"shop"}},"progressDeadline":"2s"}""");
        await HoldsAsync(world, "shop", "1.0.0");
        await world.ConditionAsync("Published", "Published");

        await world.PushAsync("1.1.0", (Slipway.Sandbox.Workloads.Nodes.ImageBehaviour.NeverReadyLabel, "true"));
        await world.EndsAsync(2, "RolledBack");
        await world.ConditionAsync("Ready", "RolledBack");

        Assert.Equal("1.0.0", (await DataAsync(world))["shop"]?.ToString());
        var writes = world.Sandbox.Api.Requests.Records.Count(request => request is { User: ControllerWorld.User, Resource: "configmaps", IsWrite: true });
        Assert.Equal(1, writes);
    }

    private static async Task<JsonObject> DataAsync(ControllerWorld world) =>
        (await world.Any(ResourceTypes.ConfigMaps).GetAsync(new ObjectKey("default", "versions"), TestContext.Current.CancellationToken))?.Value["data"] as JsonObject ?? [];

    private static Task<string> HoldsAsync(ControllerWorld world, string key, string version) =>
        world.UntilAsync($"{key} is {version}", async () => (await DataAsync(world))[key]?.ToString() == version ? version : null);
}
