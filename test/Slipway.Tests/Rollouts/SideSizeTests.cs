using Slipway.Rollouts;

namespace Slipway.Tests.Rollouts;

/// <summary>What holds of the size of a side for every weight and every number of stable pods.</summary>
public sealed class SideSizeTests
{
    private static IEnumerable<(int Weight, int Stable)> Canaries => from weight in Enumerable.Range(1, 50) from stable in Enumerable.Range(1, 200) select (weight, stable);

    private static IEnumerable<(int Weight, int Stable)> Shares => from weight in Enumerable.Range(1, 100) from stable in Enumerable.Range(1, 200) select (weight, stable);

    [Fact]
    public void Beside_some_pods_there_is_at_least_one_and_beside_none_there_is_none()
    {
        Assert.All(Shares, at => Assert.All(Enum.GetValues<RouterKind>(), router => Assert.True(SideSize.Of(router, at.Weight, at.Stable) >= 1)));
        Assert.All(Enum.GetValues<RouterKind>(), router => Assert.Equal(0, SideSize.Of(router, 50, 0)));
    }

    [Fact]
    public void It_is_never_larger_than_the_stable_side() =>
        Assert.All(Shares, at => Assert.All(Enum.GetValues<RouterKind>(), router => Assert.True(SideSize.Of(router, at.Weight, at.Stable) <= at.Stable)));

    [Theory]
    [InlineData(RouterKind.Pods)]
    [InlineData(RouterKind.Partition)]
    public void Where_pods_are_the_weight_it_shows_no_more_than_was_asked_for_but_for_the_one_pod(RouterKind router) => Assert.All(Canaries, at =>
    {
        var pods = SideSize.Of(router, at.Weight, at.Stable);

        Assert.True(pods == 1 || SideSize.Share(router, pods, at.Stable) <= at.Weight + 0.001, $"{pods} beside {at.Stable} are more than {at.Weight} %");
    });

    [Theory]
    [InlineData(RouterKind.Pods)]
    [InlineData(RouterKind.Partition)]
    public void One_pod_more_would_be_more_than_was_asked_for(RouterKind router) => Assert.All(Canaries, at =>
    {
        var pods = SideSize.Of(router, at.Weight, at.Stable);

        Assert.True(pods == at.Stable || SideSize.Share(router, pods + 1, at.Stable) > at.Weight, $"{pods} beside {at.Stable} are too few for {at.Weight} %");
    });

    [Fact]
    public void Behind_a_router_it_has_the_pods_that_its_requests_take_and_not_one_more() => Assert.All(Shares, at =>
    {
        var pods = SideSize.Of(RouterKind.HttpRoute, at.Weight, at.Stable);

        Assert.True(pods * 100 >= at.Weight * at.Stable && (pods - 1) * 100 < at.Weight * at.Stable, $"{pods} pods for {at.Weight} % of {at.Stable}");
    });

    [Fact]
    public void Where_no_pod_is_open_or_none_is_stable_there_is_no_share() => Assert.All(Enum.GetValues<RouterKind>(), router =>
    {
        Assert.Equal(0, SideSize.Share(router, 0, 10));
        Assert.Equal(0, SideSize.Share(router, 5, 0));
    });
}
