using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class ReadinessGateTests
{
    private const string Gate = "slipway.dev/serving";
    private const string Gated = $$"""
        "readinessGates":[{"conditionType":"{{Gate}}"}]
        """;

    private static async Task<World> WithShopAsync(string spec = "\"replicas\":2")
    {
        var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.CreateAsync(Known.Deployments, Workload("shop", spec, Container(world.Image("1.0")), Gated));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        return world;
    }

    private static Task SetGateAsync(World world, string pod, string state, string type = Gate) => world.ChangeAsync(Known.Pods, pod, value =>
    {
        var conditions = value["status"]!["conditions"]!.AsArray();
        conditions.RemoveAll(one => one!["type"]!.ToString() == type);
        conditions.Add((JsonNode)new JsonObject { ["type"] = type, ["status"] = state });
    });

    [Fact]
    public async Task A_pod_whose_gate_is_not_there_runs_and_is_not_ready()
    {
        await using var world = await WithShopAsync();

        var pod = world.Pods[0];
        Assert.Equal(("Running", "True/"), (pod.Text("status", "phase"), pod.Condition("ContainersReady")));
        Assert.Equal("False/ReadinessGatesNotReady", pod.Condition("Ready"));
        Assert.Equal($"corresponding condition of pod readiness gate \"{Gate}\" does not exist.", pod.ConditionMessage("Ready"));
        Assert.Equal((2, 2, 0, 0, 2), world.Get(Known.Deployments, "shop").Counts());
    }

    [Fact]
    public async Task An_open_gate_makes_ready_and_a_closed_one_takes_it_back()
    {
        await using var world = await WithShopAsync();
        var pod = world.Pods[0].Name();

        await SetGateAsync(world, pod, "True");
        Assert.Equal("True/", world.Get(Known.Pods, pod).Condition("Ready"));
        Assert.Equal((2, 2, 1, 1, 1), world.Get(Known.Deployments, "shop").Counts());

        await SetGateAsync(world, pod, "False");
        Assert.Equal($"the status of pod readiness gate \"{Gate}\" is not \"True\", but False", world.Get(Known.Pods, pod).ConditionMessage("Ready"));
        Assert.Equal((2, 2, 0, 0, 2), world.Get(Known.Deployments, "shop").Counts());
    }

    [Fact]
    public async Task Other_conditions_open_no_gate()
    {
        await using var world = await WithShopAsync();

        await SetGateAsync(world, world.Pods[0].Name(), "True", "example.com/other");

        Assert.Equal("False/ReadinessGatesNotReady", world.Pods[0].Condition("Ready"));
    }

    [Fact]
    public async Task Of_several_gates_each_must_be_open()
    {
        await using var world = await World.StartAsync();
        await world.PushAsync("1.0");
        await world.CreateAsync(Known.Pods, Pod("shop", Container(world.Image("1.0")), """
            "readinessGates":[{"conditionType":"a.dev/one"},{"conditionType":"a.dev/two"}]
            """));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        await SetGateAsync(world, "shop", "True", "a.dev/one");
        Assert.Equal("corresponding condition of pod readiness gate \"a.dev/two\" does not exist.", world.Get(Known.Pods, "shop").ConditionMessage("Ready"));

        await SetGateAsync(world, "shop", "True", "a.dev/two");
        Assert.Equal("True/", world.Get(Known.Pods, "shop").Condition("Ready"));
    }

    [Fact]
    public async Task Availability_is_counted_from_the_opening_of_the_gate()
    {
        await using var world = await WithShopAsync("\"replicas\":1,\"minReadySeconds\":10");
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));

        await SetGateAsync(world, world.Pods[0].Name(), "True");
        Assert.Equal((1, 1, 1, 0, 1), world.Get(Known.Deployments, "shop").Counts());
        await world.AdvanceAsync(TimeSpan.FromSeconds(11));

        Assert.Equal((1, 1, 1, 1, 0), world.Get(Known.Deployments, "shop").Counts());
    }

    [Fact]
    public async Task A_rolling_update_waits_for_the_gate_and_takes_no_old_pod_before()
    {
        await using var world = await WithShopAsync("\"replicas\":1,\"strategy\":{\"rollingUpdate\":{\"maxSurge\":1,\"maxUnavailable\":0}}");
        var old = world.Pods[0].Name();
        await SetGateAsync(world, old, "True");
        await world.PushAsync("2.0");

        await world.SetImageAsync(Known.Deployments, "shop", "2.0");
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, world.Pods.Length);

        await SetGateAsync(world, world.PodsOf("2.0").Single().Name(), "True");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(old, world.Pods.Select(pod => pod.Name()));
    }
}
