using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using Slipway.Sandbox.Workloads.Autoscaling;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class AutoscalerTests
{
    private static readonly WorkloadOptions Fast = new() { Autoscaling = new() { Period = TimeSpan.FromSeconds(5), DownscaleWindow = TimeSpan.FromSeconds(30) } };

    private static string Scaler(string load, string name = "shop", int least = 1, int most = 10) => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"default","annotations":{"sandbox.slipway.dev/load":"{{{load}}}"}},
         "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"shop"},"minReplicas":{{{least}}},"maxReplicas":{{{most}}},
                 "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50} } }]} }
        """;

    private static async Task<World> WithShopAsync(string load, int replicas = 4, WorkloadOptions? options = null)
    {
        var world = await World.StartAsync(options ?? Fast);
        await world.PushAsync("1.0");
        await world.CreateAsync(Known.Deployments, Workload("shop", $"\"replicas\":{replicas}", Container(world.Image("1.0"))));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        await world.CreateAsync(Known.HorizontalPodAutoscalers, Scaler(load));
        return world;
    }

    private static Task LoadAsync(World world, string load) =>
        world.ChangeAsync(Known.HorizontalPodAutoscalers, "shop", scaler => scaler["metadata"]!["annotations"]!["sandbox.slipway.dev/load"] = load);

    private static long Replicas(World world) => world.Get(Known.Deployments, "shop").Number("spec", "replicas") ?? 0;

    [Theory]
    [InlineData(4, 50, new double[] { 50, 50, 50, 50 }, 0, 4)]
    [InlineData(4, 50, new double[] { 100, 100, 100, 100 }, 0, 8)]
    [InlineData(4, 50, new double[] { 25, 25, 25, 25 }, 0, 2)]
    [InlineData(4, 50, new double[] { 54, 54, 54, 54 }, 0, 4)] // within the tolerance
    [InlineData(4, 50, new double[] { 100, 100 }, 2, 4)] // the two that come are about to help
    [InlineData(4, 50, new double[] { 20, 20 }, 2, 1)] // on the way down they do not count
    [InlineData(3, 50, new double[] { 37.5, 37.5, 37.5, 37.5 }, 0, 3)] // three of the stable and one beside them share the load of three
    [InlineData(4, 50, new double[0], 4, 4)]
    public void What_is_wanted_follows_from_the_load_of_the_pods(int current, int target, double[] loads, int unready, int wanted) =>
        Assert.Equal(wanted, AutoscalerRule.Wanted(current, target, loads, unready));

    [Theory]
    [InlineData(50, 4, 1, 100, 8)] // at most the double
    [InlineData(50, 1, 1, 100, 4)] // or four
    [InlineData(50, 8, 1, 10, 10)]
    [InlineData(1, 8, 3, 10, 3)]
    public void What_is_wanted_is_limited(int wanted, int current, int least, int most, int expected) =>
        Assert.Equal(expected, AutoscalerRule.Limited(wanted, current, least, most));

    [Fact]
    public async Task More_load_makes_more_pods_in_the_name_of_the_controller_manager()
    {
        await using var world = await WithShopAsync("200");
        Assert.Equal(4, Replicas(world));

        await LoadAsync(world, "400");
        await world.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(8, Replicas(world));
        var owner = world.Get(Known.Deployments, "shop").Objects("metadata", "managedFields").Single(entry => entry.Text("manager") == "kube-controller-manager");
        Assert.Equal(("Update", "scale", """{"f:spec":{"f:replicas":{}}}"""), (owner.Text("operation"), owner.Text("subresource"), owner["fieldsV1"]!.ToJsonString()));
        Assert.Equal("True/ValidMetricFound", world.Get(Known.HorizontalPodAutoscalers, "shop").Condition("ScalingActive"));
    }

    [Fact]
    public async Task Less_load_makes_fewer_pods_once_it_has_stayed_low()
    {
        await using var world = await WithShopAsync("200");

        await LoadAsync(world, "50");
        await world.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(4, Replicas(world));

        await world.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, Replicas(world));
    }

    [Fact]
    public async Task Pods_beside_the_target_that_its_selector_matches_share_the_load_and_change_nothing()
    {
        await using var world = await WithShopAsync("200");

        await world.CreateAsync(Known.Deployments, $$$"""
            {"metadata":{"name":"shop-canary","namespace":"default"},
             "spec":{"replicas":1,"selector":{"matchLabels":{"app":"shop","track":"canary"} },
                     "template":{"metadata":{"labels":{"app":"shop","track":"canary"} },"spec":{"containers":[{{{Container(world.Image("1.0"))}}}]} } } }
            """);
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal((4, 5), (Replicas(world), world.Pods.Length));
        Assert.Equal(40, world.Get(Known.HorizontalPodAutoscalers, "shop").Objects("status", "currentMetrics").Single().Number("resource", "current", "averageUtilization"));
    }

    [Fact]
    public async Task The_load_of_each_pod_can_be_said_in_process()
    {
        await using var world = await WithShopAsync("200");

        world.Workloads.PodLoad = _ => 100;
        await world.AdvanceAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(10, Replicas(world));
    }

    [Fact]
    public async Task Two_autoscalers_of_the_same_pods_do_nothing_and_say_so()
    {
        await using var world = await WithShopAsync("400", replicas: 4);
        await world.AdvanceAsync(TimeSpan.FromSeconds(10));
        var before = Replicas(world);

        await world.CreateAsync(Known.HorizontalPodAutoscalers, Scaler("9000", "other"));
        await LoadAsync(world, "9000");
        await world.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(before, Replicas(world));
        Assert.Equal("False/AmbiguousSelector", world.Get(Known.HorizontalPodAutoscalers, "shop").Condition("ScalingActive"));
    }

    [Fact]
    public async Task A_target_of_zero_is_left_alone()
    {
        await using var world = await WithShopAsync("400", replicas: 0);
        await world.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, Replicas(world));
        Assert.Equal("False/ScalingDisabled", world.Get(Known.HorizontalPodAutoscalers, "shop").Condition("ScalingActive"));
    }

    [Fact]
    public async Task A_target_that_is_not_there_is_said()
    {
        await using var world = await World.StartAsync(Fast);

        await world.CreateAsync(Known.HorizontalPodAutoscalers, Scaler("100"));

        Assert.Equal("False/FailedGetScale", world.Get(Known.HorizontalPodAutoscalers, "shop").Condition("AbleToScale"));
    }
}
