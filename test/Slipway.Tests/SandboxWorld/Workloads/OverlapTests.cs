using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

/// <summary>A Deployment, and beside it one whose pods have all its labels and one more.</summary>
public sealed class OverlapTests
{
    private static string Sibling(World world, int replicas = 1) => $$$"""
        {"metadata":{"name":"shop-canary","namespace":"default","labels":{"app":"shop","track":"canary"}},
         "spec":{"replicas":{{{replicas}}},"selector":{"matchLabels":{"app":"shop","track":"canary"}},
                 "template":{"metadata":{"labels":{"app":"shop","track":"canary"}},"spec":{"containers":[{{{Container(world.Image("2.0"))}}}]} } } }
        """;

    private static async Task<World> WithBothAsync()
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.PushAsync("2.0");
        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":3", Container(world.Image("1.0"))));
        await world.CreateAsync(Known.Deployments, Sibling(world));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        return world;
    }

    [Fact]
    public async Task Each_counts_its_own_pods_and_leaves_those_of_the_other()
    {
        await using var world = await WithBothAsync();

        Assert.Equal((3, 3, 3, 3, 0), world.Get(Known.Deployments, "shop").Counts());
        Assert.Equal((1, 1, 1, 1, 0), world.Get(Known.Deployments, "shop-canary").Counts());
        Assert.Equal((3, 1), (world.PodsOf("1.0").Length, world.PodsOf("2.0").Length));
    }

    [Fact]
    public async Task A_scaled_or_updated_one_does_not_touch_the_other()
    {
        await using var world = await WithBothAsync();
        var canary = world.PodsOf("2.0").Single().Uid();

        await world.ScaleAsync(Known.Deployments, "shop", 1);
        await world.ChangeAsync(Known.Deployments, "shop", shop => shop["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject { ["again"] = "1" });
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(canary, world.PodsOf("2.0").Single().Uid());
        Assert.Equal((1, 1, 1, 1, 0), world.Get(Known.Deployments, "shop").Counts());
    }

    [Fact]
    public async Task What_the_sibling_leaves_behind_is_adopted_by_the_stable_one_and_goes()
    {
        await using var world = await WithBothAsync();
        var left = world.List(Known.ReplicaSets).Single(set => set.Label("track") == "canary").Name();

        await world.DeleteAsync(Known.Deployments, "shop-canary", new() { Propagation = Propagation.Orphan });
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(world.Get(Known.Deployments, "shop").Uid(), world.Get(Known.ReplicaSets, left).Objects("metadata", "ownerReferences").Single().Text("uid"));
        Assert.Equal(0, world.Get(Known.ReplicaSets, left).Number("spec", "replicas"));
        Assert.Equal((3, 0), (world.PodsOf("1.0").Length, world.PodsOf("2.0").Length));
    }

    [Fact]
    public async Task An_orphaned_pod_is_adopted_by_the_set_whose_selector_it_fits_and_is_one_too_many()
    {
        await using var world = await WithBothAsync();
        var set = world.List(Known.ReplicaSets).Single(set => set.Label("track") is null);
        var labels = set.Section("spec", "selector", "matchLabels")!.ToJsonString();

        await world.CreateAsync(Known.Pods, $$"""{"metadata":{"name":"stray","namespace":"default","labels":{{labels}} },"spec":{"containers":[{{Container(world.Image("1.0"))}}]} }""");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Null(world.Store.Find(Known.Pods, "default", "stray"));
        Assert.Equal((3, 3, 3, 3, 0), world.Get(Known.Deployments, "shop").Counts());
    }

    [Fact]
    public async Task A_pod_that_loses_its_labels_is_let_go_and_replaced()
    {
        await using var world = await WithBothAsync();
        var pod = world.PodsOf("1.0")[0].Name();

        await world.ChangeAsync(Known.Pods, pod, value => value["metadata"]!["labels"] = new JsonObject { ["quarantined"] = "yes" });
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Empty(world.Get(Known.Pods, pod).Objects("metadata", "ownerReferences"));
        Assert.Equal((3, 3, 3, 3, 0), world.Get(Known.Deployments, "shop").Counts());
        Assert.Equal(4, world.PodsOf("1.0").Length);
    }

    [Fact]
    public async Task A_pod_without_an_owner_that_fits_no_selector_is_nobodys()
    {
        await using var world = await WithBothAsync();

        await world.CreateAsync(Known.Pods, $$"""{"metadata":{"name":"debug","namespace":"default","labels":{"app":"shop"} },"spec":{"containers":[{{Container(world.Image("1.0"))}}]} }""");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Empty(world.Get(Known.Pods, "debug").Objects("metadata", "ownerReferences"));
    }
}
