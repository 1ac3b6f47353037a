using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class SchedulingTests
{
    private static readonly WorkloadOptions ThreeNodes = new()
    {
        Nodes =
        [
            new SandboxNode("a") { Labels = new SandboxNode("").Labels.Add("disk", "ssd").Add("gen", "3") },
            new SandboxNode("b") { Architecture = "arm64" },
            new SandboxNode("c") { Taints = [new NodeTaint("gpu", "yes", "NoSchedule")] },
        ],
    };

    private static JsonObject Node(string name) => Nodes[name];

    private static readonly Dictionary<string, JsonObject> Nodes = new()
    {
        ["plain"] = JsonTree.ParseObject("""{"metadata":{"name":"plain","labels":{"disk":"ssd","gen":"3"}}}"""),
        ["tainted"] = JsonTree.ParseObject("""{"metadata":{"name":"tainted"},"spec":{"taints":[{"key":"gpu","value":"yes","effect":"NoSchedule"}]}}"""),
        ["preferred"] = JsonTree.ParseObject("""{"metadata":{"name":"preferred"},"spec":{"taints":[{"key":"gpu","value":"yes","effect":"PreferNoSchedule"}]}}"""),
        ["cordoned"] = JsonTree.ParseObject("""{"metadata":{"name":"cordoned"},"spec":{"unschedulable":true}}"""),
    };

    private static string Affinity(string expression) =>
        $$"""{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{{expression}}]}]} } } }""";

    public static TheoryData<string, string, bool> Fits => new()
    {
        { "plain", "{}", true },
        { "plain", """{"nodeSelector":{"disk":"ssd"}}""", true },
        { "plain", """{"nodeSelector":{"disk":"hdd"}}""", false },
        { "plain", """{"nodeSelector":{"zone":"x"}}""", false },
        { "plain", Affinity("""{"key":"disk","operator":"In","values":["hdd","ssd"]}"""), true },
        { "plain", Affinity("""{"key":"disk","operator":"NotIn","values":["ssd"]}"""), false },
        { "plain", Affinity("""{"key":"zone","operator":"NotIn","values":["x"]}"""), true },
        { "plain", Affinity("""{"key":"disk","operator":"Exists"}"""), true },
        { "plain", Affinity("""{"key":"zone","operator":"DoesNotExist"}"""), true },
        { "plain", Affinity("""{"key":"gen","operator":"Gt","values":["2"]}"""), true },
        { "plain", Affinity("""{"key":"gen","operator":"Lt","values":["3"]}"""), false },
        { "plain", Affinity("""{"key":"disk","operator":"Gt","values":["2"]}"""), false },
        { "plain", Affinity("""{"key":"gen","operator":"Near","values":["2"]}"""), false },
        { "plain", """{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{}]}}}}""", false },
        { "tainted", "{}", false },
        { "tainted", """{"tolerations":[{"key":"gpu","operator":"Exists"}]}""", true },
        { "tainted", """{"tolerations":[{"operator":"Exists"}]}""", true },
        { "tainted", """{"tolerations":[{"key":"gpu","value":"yes","effect":"NoSchedule"}]}""", true },
        { "tainted", """{"tolerations":[{"key":"gpu","value":"no"}]}""", false },
        { "tainted", """{"tolerations":[{"key":"gpu","operator":"Exists","effect":"NoExecute"}]}""", false },
        { "preferred", "{}", true },
        { "cordoned", "{}", false },
        { "cordoned", """{"tolerations":[{"key":"node.kubernetes.io/unschedulable","operator":"Exists"}]}""", true },
    };

    [Theory]
    [MemberData(nameof(Fits))]
    public void A_pod_fits_where_selector_affinity_and_tolerations_let_it(string node, string spec, bool fits) =>
        Assert.Equal(fits, NodeFit.Complaint(new JsonObject { ["spec"] = JsonTree.ParseObject(spec) }, Node(node)) is null);

    [Fact]
    public async Task Pods_are_spread_over_the_nodes_they_fit_on()
    {
        await using var world = await World.StartAsync(ThreeNodes);
        await world.CreateAsync(Known.Deployments, Workload("shop", "\"replicas\":4", Container("127.0.0.1:9/shop:1")));

        Assert.Equal(["a", "a", "b", "b"], world.Pods.Select(pod => pod.Text("spec", "nodeName")).Order());
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_stays_pending_and_says_why_until_there_is_a_node_for_it()
    {
        await using var world = await World.StartAsync(ThreeNodes);
        await world.CreateAsync(Known.Pods, Pod("p", Container("127.0.0.1:9/shop:1"), "\"nodeSelector\":{\"zone\":\"x\"}"));
        var pod = world.Get(Known.Pods, "p");
        Assert.Equal(("Pending", "", "False/Unschedulable"), (pod.Text("status", "phase"), pod.Text("spec", "nodeName"), pod.Condition("PodScheduled")));
        Assert.Equal(
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
            pod.ConditionMessage("PodScheduled"));
        Assert.Contains(world.Events("p"), told => told.StartsWith("FailedScheduling: 0/3 nodes", StringComparison.Ordinal));

        world.Store.Update(new(Known.Nodes, "", "a"), node =>
        {
            node["metadata"]!["labels"]!["zone"] = "x";
            return node;
        });
        await world.SettleAsync();

        Assert.Equal("a", world.Get(Known.Pods, "p").Text("spec", "nodeName"));
    }

    [Fact]
    public async Task Nodes_say_what_they_are()
    {
        await using var world = await World.StartAsync(ThreeNodes);
        var node = world.Store.Find(Known.Nodes, "", "b")!;

        Assert.Equal(("arm64", "linux", "b"), (node.Label("kubernetes.io/arch"), node.Label("kubernetes.io/os"), node.Label("kubernetes.io/hostname")));
        Assert.Equal(("arm64", "True/KubeletReady"), (node.Text("status", "nodeInfo", "architecture"), node.Condition("Ready")));
    }
}
