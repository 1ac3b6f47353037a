using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Tests.Controllers;
using static Slipway.Tests.Traffic.SideWorld;

namespace Slipway.Tests.Traffic;

/// <summary>A canary of a StatefulSet is its own partition: the highest ordinals run the new version.</summary>
public sealed class PartitionTests
{
    private const string Strategy = $$"""{"canary":{"allowCoarse":true,"steps":[{"weight":34,"approval":{} }],{{Fast}} } }""";
    private const string Target = """[{"kind":"StatefulSet","name":"shop"}]""";

    // A client-side apply, as 1.20 notes it: the defaults are its own too.
    private static async Task OwnDefaultsAsync(ControllerWorld world) => await world.Any(ResourceTypes.StatefulSets).MergePatchAsync(new ObjectKey("default", "shop"), new JsonObject
    {
        ["spec"] = JsonNode.Parse("""{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}}"""),
    }, Stop, manager: "kubectl-client-side-apply");

    private static async Task<ControllerWorld> StartAsync(int? partition = null)
    {
        var world = await ControllerWorld.StartAsync();
        await world.PushAsync("1.0.0");
        await world.ServiceAsync("shop", """{"app":"shop"}""");
        await world.ApplyWorkloadAsync(ResourceTypes.StatefulSets, "1.0.0", 3);
        if (partition is not null)
        {
            await world.Any(ResourceTypes.StatefulSets).MergePatchAsync(new ObjectKey("default", "shop"), new JsonObject
            {
                ["spec"] = new JsonObject { ["updateStrategy"] = new JsonObject { ["rollingUpdate"] = new JsonObject { ["partition"] = partition } } },
            }, Stop, manager: "kubectl-edit");
        }

        await world.DeliverAsync(Target, more: $$"""{"strategy":{{Strategy}}}""");
        await world.EndsAsync(1, "Succeeded");
        return world;
    }

    private static async Task<(int? Partition, string[] Images)> SeenAsync(ControllerWorld world)
    {
        var set = (await world.FindAsync(ResourceTypes.StatefulSets, "shop"))!;
        var pods = await world.Any(ResourceTypes.Pods).ListAsync(new ListScope("default", "app=shop"), Stop);
        return ((int?)set["spec"]!["updateStrategy"]?["rollingUpdate"]?["partition"],
            [.. pods.Items.OrderBy(pod => pod.Key.Name, StringComparer.Ordinal).Select(pod => ((string)pod.Value["spec"]!["containers"]![0]!["image"]!).Split('@')[0].Split(':')[^1])]);
    }

    [Fact]
    public async Task The_highest_ordinal_runs_the_new_version_until_the_step_is_over_and_then_the_partition_is_its_owners_again()
    {
        await using var world = await StartAsync();
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);
        var (partition, images) = await SeenAsync(world);
        Assert.Equal(2, partition);
        Assert.Equal(["1.0.0", "1.0.0", "1.1.0"], images);

        await world.AnnotateAsync("slipway.dev/approve", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "Succeeded");
        (partition, images) = await SeenAsync(world);
        Assert.Equal(0, partition ?? 0);
        Assert.Equal(["1.1.0", "1.1.0", "1.1.0"], images);
    }

    [Theory]
    [InlineData("approve", "1.1.0")]
    [InlineData("abort", "1.0.0")]
    public async Task Where_the_owner_has_the_default_too_it_is_written_back_and_not_only_left_out(string word, string version)
    {
        await using var world = await StartAsync();
        await OwnDefaultsAsync(world);
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        await world.AnnotateAsync($"slipway.dev/{word}", "2026-11-23T00:00:00Z by ann");
        await world.UntilAsync("it is over", async () => (await world.HistoryAsync()).FirstOrDefault(release => release is { Spec.Number: 2, Status.FinishedAt: not null }));
        var (partition, images) = await SeenAsync(world);
        Assert.Equal(0, partition ?? 0);
        Assert.Equal([version, version, version], images);
    }

    [Fact]
    public async Task An_abort_brings_the_version_before_back_to_every_ordinal()
    {
        await using var world = await StartAsync();
        await world.PushAsync("1.1.0");
        await world.StateAsync<RolloutState.Stepping>(at => at.Stage == Stage.Holding);

        await world.AnnotateAsync("slipway.dev/abort", "2026-11-23T00:00:00Z by ann");
        await world.EndsAsync(2, "RolledBack");
        var (partition, images) = await SeenAsync(world);
        Assert.Equal(0, partition ?? 0);
        Assert.Equal(["1.0.0", "1.0.0", "1.0.0"], images);
    }

    [Fact]
    public async Task A_partition_of_the_owners_own_is_left_alone_and_told()
    {
        await using var world = await StartAsync(partition: 1);
        await world.PushAsync("1.1.0");

        var held = await world.UntilAsync("it is held", async () => (await world.DeliveryAsync()).Status?.Held is { Reason: "StrategyImpossible" } held ? held : null);
        Assert.Contains("StatefulSet default/shop has a partition of its own (1), by which its owner steps it", held.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await SeenAsync(world)).Partition);
    }
}
