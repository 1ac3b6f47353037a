using System.Collections.Immutable;
using Slipway.Traffic;
using Slipway.Workloads;

namespace Slipway.Tests.Traffic;

/// <summary>Which pods take requests, and whether those who send them know.</summary>
public sealed class GateChoiceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void As_many_gates_are_opened_as_are_wished_and_only_of_pods_whose_containers_are_ready()
    {
        var (open, close) = GateChoice.Choose([Pod("c"), Pod("a"), Pod("b", ready: null)], 2, 0, Now);

        Assert.Equal(["a", "c"], open.Select(pod => pod.Name));
        Assert.Empty(close);
    }

    [Fact]
    public void What_is_open_counts()
    {
        var (open, close) = GateChoice.Choose([Pod("a"), Pod("b", gate: true)], 1, 0, Now);

        Assert.True(open.IsEmpty && close.IsEmpty);
    }

    [Fact]
    public void Too_many_are_closed_from_the_lowest_on_and_none_is_opened()
    {
        var (open, close) = GateChoice.Choose([Pod("c", gate: true), Pod("a", gate: true), Pod("b", gate: true), Pod("d")], 1, 0, Now);

        Assert.Equal(["a", "b"], close.Select(pod => pod.Name));
        Assert.Empty(open);
    }

    [Fact]
    public void When_nothing_is_to_come_every_gate_is_closed_also_of_a_pod_that_is_ending()
    {
        var (_, close) = GateChoice.Choose([Pod("a", gate: true), Pod("b", gate: true) with { Terminating = true }, Pod("c")], 0, 0, Now);

        Assert.Equal(["a", "b"], close.Select(pod => pod.Name));
    }

    [Fact]
    public void A_pod_that_is_ending_is_not_opened_and_does_not_count_as_open()
    {
        var (open, _) = GateChoice.Choose([Pod("a", gate: true) with { Terminating = true }, Pod("b") with { Terminating = true }, Pod("c")], 1, 0, Now);

        Assert.Equal("c", Assert.Single(open).Name);
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public void A_pod_is_prepared_when_it_was_ready_for_as_long_as_its_workload_says(int seconds, bool prepared)
    {
        var pod = Pod("a", ready: Now.AddSeconds(-seconds));

        Assert.Equal(prepared, GateChoice.IsPrepared(pod, 30, Now));
        Assert.Equal(prepared ? 1 : 0, GateChoice.Choose([pod], 1, 30, Now).Open.Length);
        Assert.Equal(Now.AddSeconds(30 - seconds), GateChoice.RipeAt(pod, 30));
    }

    [Fact]
    public void Endpoints_agree_when_they_have_the_open_pods_and_none_of_the_closed()
    {
        PodSnapshot[] side = [Serving("a"), Pod("b")];

        Assert.True(EndpointView.AgreesWithGates(side, [["a-uid", "stable"]]));
        Assert.False(EndpointView.AgreesWithGates(side, [["stable"]]));
        Assert.False(EndpointView.AgreesWithGates(side, [["a-uid", "b-uid"]]));
        Assert.False(EndpointView.AgreesWithGates(side, [["a-uid"], ["stable"]]));
    }

    [Fact]
    public void Where_endpoints_cannot_be_read_the_pods_readiness_has_to_do()
    {
        Assert.True(EndpointView.AgreesWithGates([Serving("a"), Pod("b")], null));
        Assert.False(EndpointView.AgreesWithGates([Pod("a", gate: true)], null));
        Assert.False(EndpointView.AgreesWithGates([Serving("a") with { GateOpen = false }], null));
    }

    [Fact]
    public void An_open_pod_that_is_broken_or_ending_is_not_waited_for()
    {
        PodSnapshot[] side = [Pod("a", ready: null, gate: true), Serving("b") with { Terminating = true }];

        Assert.True(EndpointView.AgreesWithGates(side, [["stable"]]));
    }

    [Fact]
    public void A_switch_is_in_effect_when_the_endpoints_have_the_side_and_nothing_else()
    {
        PodSnapshot[] side = [Serving("a"), Serving("b")];

        Assert.True(EndpointView.AgreesWithSelector(true, side, ["a-uid", "b-uid"]));
        Assert.False(EndpointView.AgreesWithSelector(true, side, ["a-uid"]));
        Assert.False(EndpointView.AgreesWithSelector(true, side, ["a-uid", "b-uid", "old"]));
        Assert.False(EndpointView.AgreesWithSelector(true, [], []));
        Assert.True(EndpointView.AgreesWithSelector(false, side, ["old"]));
        Assert.False(EndpointView.AgreesWithSelector(false, side, ["old", "a-uid"]));
        Assert.True(EndpointView.AgreesWithSelector(true, side, null));
    }

    [Theory]
    [InlineData(20, 100, 10, 2)]
    [InlineData(25, 100, 10, 3)]
    [InlineData(0, 100, 10, 0)]
    [InlineData(100_000_000, 100_000_000, 400, 400)]
    public void A_weight_takes_so_many_pods(long weight, long total, int replicas, int pods) => Assert.Equal(pods, Capacity.Pods(weight, total, replicas));

    [Fact]
    public void Nothing_is_sent_to_nobody()
    {
        Assert.False(Capacity.Bears(0, 1, 100, 0));
        Assert.True(Capacity.Bears(0, 0, 100, 10));
        Assert.True(Capacity.Bears(1, 1, 100, 10));
        Assert.False(Capacity.Bears(4, 50, 100, 10));
    }

    private static PodSnapshot Serving(string name) => Pod(name, gate: true) with { Ready = true, ReadySince = Now };

    private static PodSnapshot Pod(string name, bool gate = false) => Pod(name, Now, gate);

    private static PodSnapshot Pod(string name, DateTimeOffset? ready, bool gate = false) => new(
        "default", name, $"{name}-uid", ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, string>.Empty, Ready: false, Terminating: false, null, ImmutableDictionary<string, string>.Empty)
    {
        ContainersReadySince = ready,
        GateOpen = gate,
    };
}
