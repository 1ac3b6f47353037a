using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class DaemonSetTests
{
    private static readonly WorkloadOptions ThreeNodes = new() { Nodes = [new SandboxNode("a"), new SandboxNode("b"), new SandboxNode("c")] };

    private static async Task<World> WithAgentAsync(string spec = "", WorkloadOptions? options = null, string pod = "")
    {
        var world = await World.StartAsync(options ?? ThreeNodes);
        await world.PushAsync("1.0");
        await world.PushAsync("1.1");
        await world.PushAsync("bad", (ImageBehaviour.CrashLabel, "exit 1"));
        await world.CreateAsync(Known.DaemonSets, Workload("agent", spec, Container(world.Image("1.0")), pod));
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));
        return world;
    }

    private static JsonObject Agent(World world) => world.Get(Known.DaemonSets, "agent");

    /// <summary>Desired, current, ready, updated, available, unavailable.</summary>
    private static (long, long, long, long, long, long) Counts(World world) => (
        Agent(world).Stat("desiredNumberScheduled"),
        Agent(world).Stat("currentNumberScheduled"),
        Agent(world).Stat("numberReady"),
        Agent(world).Stat("updatedNumberScheduled"),
        Agent(world).Stat("numberAvailable"),
        Agent(world).Stat("numberUnavailable"));

    [Fact]
    public async Task Every_node_has_one_and_an_update_takes_one_node_after_the_other()
    {
        await using var world = await WithAgentAsync();
        Assert.Equal(["a", "b", "c"], world.Pods.Select(pod => pod.Text("spec", "nodeName")).Order());
        Assert.Equal((3, 3, 3, 3, 3, 0), Counts(world));

        await world.SetImageAsync(Known.DaemonSets, "agent", "1.1");
        Assert.Equal((3, 3, 2, 0, 2, 1), Counts(world));
        await world.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal((3, 3, 2, 1, 2, 1), Counts(world));
        Assert.Single(world.PodsOf("1.1"));
        await world.AdvanceAsync(TimeSpan.FromSeconds(3));

        Assert.Equal((3, 3, 3, 3, 3, 0), Counts(world));
        Assert.Equal(3, world.PodsOf("1.1").Length);
    }

    [Fact]
    public async Task A_bad_update_stops_at_the_first_node_and_goes_back_by_itself()
    {
        await using var world = await WithAgentAsync();
        await world.SetImageAsync(Known.DaemonSets, "agent", "bad");
        await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((3, 3, 2, 1, 2, 1), Counts(world));

        await world.SetImageAsync(Known.DaemonSets, "agent", "1.0");
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((3, 3, 3, 3, 3, 0), Counts(world));
        Assert.Empty(world.PodsOf("bad"));
    }

    [Fact]
    public async Task As_many_nodes_at_a_time_as_may_be_unavailable()
    {
        await using var world = await WithAgentAsync("\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"50%\"}}");

        await world.SetImageAsync(Known.DaemonSets, "agent", "1.1");

        Assert.Equal(2, world.Pods.Count(pod => pod.IsBeingDeleted()));
    }

    [Fact]
    public async Task OnDelete_waits_for_somebody_to_delete()
    {
        await using var world = await WithAgentAsync("\"updateStrategy\":{\"type\":\"OnDelete\"}");
        await world.SetImageAsync(Known.DaemonSets, "agent", "1.1");
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((3, 3, 3, 0, 3, 0), Counts(world));

        await world.DeleteAsync(Known.Pods, world.Pods[0].Name());
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((3, 3, 3, 1, 3, 0), Counts(world));
    }

    [Fact]
    public async Task Only_nodes_that_fit_count()
    {
        var options = new WorkloadOptions { Nodes = [new SandboxNode("a"), new SandboxNode("b") { Os = "windows" }, new SandboxNode("c") { Taints = [new NodeTaint("x", "", "NoExecute")] }] };
        await using var world = await WithAgentAsync(options: options, pod: "\"nodeSelector\":{\"kubernetes.io/os\":\"linux\"}");

        Assert.Equal((1, 1, 1, 1, 1, 0), Counts(world));
    }

    [Fact]
    public async Task A_new_node_gets_one_and_a_cordoned_one_keeps_it()
    {
        await using var world = await WithAgentAsync();
        world.Store.Create(Known.Nodes, JsonTree.ParseObject("""{"metadata":{"name":"d","labels":{"kubernetes.io/arch":"amd64","kubernetes.io/os":"linux"}}}"""));
        world.Store.Update(new(Known.Nodes, "", "a"), node =>
        {
            node["spec"]!["unschedulable"] = true;
            return node;
        });
        await world.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((4, 4, 4, 4, 4, 0), Counts(world));
    }

    [Fact]
    public async Task Without_a_node_that_fits_it_wants_none()
    {
        await using var world = await WithAgentAsync(pod: "\"nodeSelector\":{\"zone\":\"x\"}");

        Assert.Equal((0, 0, 0, 0, 0, 0), Counts(world));
        Assert.Equal(1, Agent(world).Stat("observedGeneration"));
    }

    [Fact]
    public async Task A_pod_that_may_not_be_created_is_told_in_an_event_alone()
    {
        await using var world = await World.StartAsync(ThreeNodes);
        world.Workloads.Quota.SetLimit("default", 0);
        await world.CreateAsync(Known.DaemonSets, Workload("agent", "", Container(world.Image("1.0"))));

        Assert.StartsWith("FailedCreate: Error creating: pods \"agent-\" is forbidden: exceeded quota", Assert.Single(world.Events("agent")), StringComparison.Ordinal);
        Assert.Null(Agent(world).Field("status", "conditions"));
    }
}
