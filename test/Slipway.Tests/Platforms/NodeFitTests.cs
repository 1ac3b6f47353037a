using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Platforms;
using Slipway.Tests.Workloads;
using Slipway.Workloads;

namespace Slipway.Tests.Platforms;

public sealed class NodeFitTests
{
    private static readonly NodeSnapshot Amd = Node("amd", ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64"), ("pool", "general"), ("generation", "3"));
    private static readonly NodeSnapshot Arm = Node("arm", ("kubernetes.io/os", "linux"), ("beta.kubernetes.io/arch", "arm64"), ("pool", "edge"), ("generation", "2"));
    private static readonly NodeSnapshot Windows = Node("windows", ("kubernetes.io/os", "windows"), ("kubernetes.io/arch", "amd64"), ("pool", "general"), ("generation", "4"));

    [Fact]
    public void Without_constraints_every_node_is_possible() => Assert.Equal("amd arm windows", Fit(new()));

    [Theory]
    [InlineData("pool", "general", "amd windows")]
    [InlineData("beta.kubernetes.io/arch", "arm64", "arm")]
    [InlineData("pool", "gpu", "")]
    [InlineData("zone", "a", "")]
    public void A_node_selector_is_exact(string key, string value, string expected) =>
        Assert.Equal(expected, Fit(new() { NodeSelector = Sample.Map((key, value)) }));

    [Fact]
    public void All_labels_of_a_node_selector_hold_together() =>
        Assert.Equal("amd", Fit(new() { NodeSelector = Sample.Map(("pool", "general"), ("kubernetes.io/os", "linux")) }));

    [Theory]
    [InlineData("pool", "In", "general edge", "amd arm windows")]
    [InlineData("pool", "In", "edge", "arm")]
    [InlineData("pool", "NotIn", "edge", "amd windows")]
    [InlineData("zone", "NotIn", "a", "amd arm windows")]
    [InlineData("pool", "Exists", "", "amd arm windows")]
    [InlineData("zone", "Exists", "", "")]
    [InlineData("zone", "DoesNotExist", "", "amd arm windows")]
    [InlineData("generation", "Gt", "3", "windows")]
    [InlineData("generation", "Gt", "2", "amd windows")]
    [InlineData("generation", "Lt", "3", "arm")]
    [InlineData("generation", "Gt", "three", "")]
    [InlineData("generation", "Gt", "", "")]
    [InlineData("pool", "Gt", "1", "")]
    [InlineData("zone", "Lt", "9", "")]
    [InlineData("@metadata.name", "In", "arm windows", "arm windows")]
    [InlineData("@metadata.name", "NotIn", "arm", "amd windows")]
    [InlineData("@metadata.name", "Exists", "", "")]
    public void A_required_affinity_holds_as_kubernetes_says(string key, string @operator, string values, string expected) =>
        Assert.Equal(expected, Fit(Affinity([Sample.Requirement(key, @operator, values.Split(' ', StringSplitOptions.RemoveEmptyEntries))])));

    [Fact]
    public void The_expressions_of_a_term_hold_together() =>
        Assert.Equal("windows", Fit(Affinity([Sample.Requirement("pool", "In", "general"), Sample.Requirement("generation", "Gt", "3")])));

    [Fact]
    public void The_terms_are_alternatives() =>
        Assert.Equal("arm windows", Fit(Affinity([Sample.Requirement("pool", "In", "edge")], [Sample.Requirement("generation", "Gt", "3")])));

    [Fact]
    public void A_term_without_expressions_matches_no_node()
    {
        Assert.Equal("", Fit(Affinity([[]])));
        Assert.Equal("arm", Fit(Affinity([], [Sample.Requirement("pool", "In", "edge")])));
    }

    [Fact]
    public void A_selector_and_an_affinity_hold_together() =>
        Assert.Equal("windows", Fit(Affinity([Sample.Requirement("generation", "Gt", "2")]) with { NodeSelector = Sample.Map(("kubernetes.io/os", "windows")) }));

    [Fact]
    public void A_node_name_leaves_that_node() => Assert.Equal("arm", Fit(new() { NodeName = "arm" }));

    [Theory]
    [InlineData("windows", "windows")]
    [InlineData("linux", "amd arm")]
    public void The_pods_operating_system_leaves_its_nodes(string os, string expected) => Assert.Equal(expected, Fit(new() { Os = os }));

    [Theory]
    [InlineData("NoSchedule", false)]
    [InlineData("NoExecute", false)]
    [InlineData("PreferNoSchedule", true)]
    public void A_taint_that_is_not_tolerated_keeps_pods_away_where_it_is_strict(string effect, bool expected) =>
        Assert.Equal(expected, NodeFit.MayLandOn(new(), Amd with { Taints = [new("dedicated", "gpu", effect)] }));

    [Theory]
    [InlineData("dedicated", "Equal", "gpu", "NoSchedule", true)]
    [InlineData("dedicated", null, "gpu", "NoSchedule", true)]
    [InlineData("dedicated", "", "gpu", "", true)]
    [InlineData("dedicated", "Equal", "cpu", "NoSchedule", false)]
    [InlineData("dedicated", "Equal", null, "NoSchedule", false)]
    [InlineData("dedicated", "Equal", "gpu", "NoExecute", false)]
    [InlineData("other", "Equal", "gpu", "NoSchedule", false)]
    [InlineData("dedicated", "Exists", null, null, true)]
    [InlineData("other", "Exists", null, null, false)]
    [InlineData(null, "Exists", null, null, true)]
    [InlineData("", "Exists", null, "NoSchedule", true)]
    [InlineData(null, "Exists", null, "NoExecute", false)]
    [InlineData(null, null, "gpu", null, false)]
    [InlineData("dedicated", "Gt", "1", null, false)]
    public void A_toleration_covers_what_kubernetes_says(string? key, string? @operator, string? value, string? effect, bool expected)
    {
        var tainted = Amd with { Taints = [new("dedicated", "gpu", "NoSchedule")] };

        Assert.Equal(expected, NodeFit.MayLandOn(new() { Tolerations = [new(key, @operator, value, effect)] }, tainted));
    }

    [Fact]
    public void A_taint_without_value_is_tolerated_without_value() =>
        Assert.True(NodeFit.MayLandOn(
            new() { Tolerations = [new("node-role.kubernetes.io/control-plane", "Equal", "", "NoSchedule")] },
            Amd with { Taints = [new("node-role.kubernetes.io/control-plane", null, "NoSchedule")] }));

    [Fact]
    public void Every_taint_must_be_tolerated() =>
        Assert.False(NodeFit.MayLandOn(
            new() { Tolerations = [new("a", "Exists", null, null)] },
            Amd with { Taints = [new("a", null, "NoSchedule"), new("b", null, "NoSchedule")] }));

    [Fact]
    public void A_cordoned_node_counts_because_it_comes_back() =>
        Assert.True(NodeFit.MayLandOn(new(), Amd with { Unschedulable = true, Taints = [new("node.kubernetes.io/unschedulable", null, "NoSchedule")] }));

    [Theory]
    [InlineData("node.kubernetes.io/not-ready", true)]
    [InlineData("node.kubernetes.io/disk-pressure", true)]
    [InlineData("node-role.kubernetes.io/control-plane", false)]
    [InlineData("node.cloudprovider.kubernetes.io/shutdown", false)]
    public void A_condition_of_a_node_passes_and_its_purpose_does_not(string taint, bool expected) =>
        Assert.Equal(expected, NodeFit.MayLandOn(new(), Amd with { Taints = [new(taint, null, "NoExecute")] }));

    private static string Fit(NodeConstraint placement) => string.Join(' ', NodeFit.Of(placement, [Amd, Arm, Windows]).Select(node => node.Name));

    private static NodeConstraint Affinity(params ImmutableArray<LabelRequirement>[] terms) => new() { Affinity = [.. terms] };

    private static NodeSnapshot Node(string name, params (string Key, string Value)[] labels) => new(name, Sample.Map(labels), [], false);
}
