using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Workloads;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class RolloutScalingTests
{
    private static ReplicaSetView Set(string name, int wanted, int available, bool isNew = false, int? sizedFor = null) =>
        new(name, isNew ? 2 : 1, wanted, wanted, available, available, isNew, sizedFor) { Lingering = wanted };

    private static RolloutView View(int replicas, int surge, int unavailable, params ReplicaSetView[] sets) => new(replicas, new Fencepost(surge, unavailable), false, [.. sets]);

    private static string Text(ImmutableDictionary<string, int> sizes) => string.Join(' ', sizes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    [Theory]
    [InlineData(4, 1, 1, 4, 4, 0, 0, "new=1")]
    [InlineData(4, 1, 1, 4, 4, 1, 0, "old=3")]
    [InlineData(4, 1, 1, 3, 3, 1, 0, "new=2")]
    [InlineData(4, 1, 1, 3, 3, 2, 0, "")]
    [InlineData(4, 1, 1, 3, 3, 2, 2, "old=1")]
    [InlineData(4, 1, 1, 1, 1, 4, 3, "old=0")]
    [InlineData(4, 1, 1, 0, 0, 4, 4, "")]
    [InlineData(3, 1, 0, 3, 3, 1, 0, "")]
    [InlineData(3, 1, 0, 3, 3, 1, 1, "old=2")]
    [InlineData(3, 0, 1, 3, 3, 0, 0, "old=2")]
    [InlineData(3, 0, 1, 2, 2, 0, 0, "new=1")]
    [InlineData(4, 4, 0, 4, 0, 4, 0, "")]
    [InlineData(4, 1, 1, 3, 1, 2, 2, "old=1")]
    [InlineData(2, 1, 1, 0, 0, 3, 3, "new=2")]
    [InlineData(0, 1, 0, 2, 2, 0, 0, "old=0")]
    public void One_step_grows_the_new_set_or_shrinks_the_old_one(int replicas, int surge, int unavailable, int old, int oldAvailable, int fresh, int freshAvailable, string expected) =>
        Assert.Equal(expected, Text(RolloutScaling.Step(View(replicas, surge, unavailable, Set("old", old, oldAvailable), Set("new", fresh, freshAvailable, isNew: true)))));

    [Fact]
    public void Of_several_old_sets_the_pods_that_serve_nobody_go_first()
    {
        var view = View(4, 1, 1, Set("a", 2, 2), Set("b", 2, 0), Set("new", 1, 1, isNew: true));

        Assert.Equal("b=0", Text(RolloutScaling.Step(view)));
    }

    [Fact]
    public void Recreate_empties_the_old_sets_first()
    {
        var view = View(2, 0, 0, Set("old", 2, 2), Set("new", 0, 0, isNew: true)) with { Recreates = true };

        Assert.Equal("old=0", Text(RolloutScaling.Step(view)));
        Assert.Equal("", Text(RolloutScaling.Step(view with { Sets = [Set("old", 0, 0) with { Lingering = 1 }, Set("new", 0, 0, isNew: true)] })));
        Assert.Equal("new=2", Text(RolloutScaling.Step(view with { Sets = [Set("old", 0, 0), Set("new", 0, 0, isNew: true)] })));
    }

    [Theory]
    [InlineData(6, 1, 4, "old=6")]
    [InlineData(1, 1, 4, "old=1")]
    public void One_set_alone_takes_the_new_size_whole(int replicas, int surge, int old, string expected) =>
        Assert.Equal(expected, Text(RolloutScaling.Resize(View(replicas, surge, 0, Set("old", old, old), Set("new", 0, 0, isNew: true)))));

    [Fact]
    public void In_the_middle_of_a_rollout_the_sets_keep_their_proportions()
    {
        // The example of the documentation: 10 replicas, surge 3, scaled to 15.
        var view = View(15, 3, 2, Set("old", 8, 8), Set("new", 5, 0, isNew: true));

        Assert.Equal("new=7 old=11", Text(RolloutScaling.Resize(view)));
    }

    [Fact]
    public void Scaled_down_in_the_middle_of_a_rollout_no_set_falls_below_nothing()
    {
        var sizes = RolloutScaling.Resize(View(1, 0, 1, Set("old", 3, 3), Set("new", 2, 0, isNew: true)));

        Assert.Equal(1, sizes.Values.Sum());
        Assert.All(sizes.Values, size => Assert.InRange(size, 0, 1));
    }

    [Fact]
    public void It_was_scaled_when_the_sets_were_sized_for_another_number()
    {
        Assert.True(RolloutScaling.IsResized(View(3, 1, 0, Set("new", 2, 2, isNew: true, sizedFor: 2))));
        Assert.False(RolloutScaling.IsResized(View(2, 1, 0, Set("new", 2, 2, isNew: true, sizedFor: 2))));
        Assert.False(RolloutScaling.IsResized(View(3, 1, 0, Set("new", 0, 0, isNew: true, sizedFor: 2))));
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":4}}""", 1, 1)]
    [InlineData("""{"spec":{"replicas":3}}""", 1, 0)]
    [InlineData("""{"spec":{"replicas":1}}""", 1, 0)]
    [InlineData("""{"spec":{}}""", 1, 0)]
    [InlineData("""{"spec":{"replicas":0}}""", 0, 0)]
    [InlineData("""{"spec":{"replicas":10,"strategy":{"rollingUpdate":{"maxSurge":"15%","maxUnavailable":"15%"}}}}""", 2, 1)]
    [InlineData("""{"spec":{"replicas":3,"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}}}}""", 0, 1)]
    [InlineData("""{"spec":{"replicas":3,"strategy":{"rollingUpdate":{"maxSurge":2,"maxUnavailable":5}}}}""", 2, 3)]
    [InlineData("""{"spec":{"replicas":3,"strategy":{"type":"Recreate"}}}""", 0, 0)]
    public void Surge_is_rounded_up_and_unavailable_down(string deployment, int surge, int unavailable) =>
        Assert.Equal(new Fencepost(surge, unavailable), Fencepost.Of(JsonNode.Parse(deployment)!.AsObject()));
}
