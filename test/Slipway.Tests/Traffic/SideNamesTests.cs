using Slipway.Rollouts;
using Slipway.Traffic;

namespace Slipway.Tests.Traffic;

public sealed class SideNamesTests
{
    [Theory]
    [InlineData(RouterKind.Pods, "shop-canary")]
    [InlineData(RouterKind.HttpRoute, "shop-canary")]
    [InlineData(RouterKind.Selector, "shop-preview")]
    public void A_sibling_is_called_after_what_it_stands_beside(RouterKind router, string name) => Assert.Equal(name, SideNames.Sibling("shop", router));

    [Fact]
    public void A_name_that_leaves_no_room_is_cut_and_stays_its_own()
    {
        var (one, other) = (new string('a', 60) + "b", new string('a', 60) + "c");

        Assert.NotEqual(SideNames.Beside(one, "canary"), SideNames.Beside(other, "canary"));
        Assert.All((string[])[one, other, new string('x', 200)], name => Assert.InRange(SideNames.Beside(name, "preview").Length, 1, 63));
        Assert.Equal(SideNames.Beside(one, "canary"), SideNames.Beside(one, "canary"));
    }

    [Theory]
    [InlineData(56, 63, "aaaaaaaa-canary")]
    [InlineData(57, 63, "-canary")]
    public void As_long_as_it_fits_it_is_whole(int length, int expected, string ends)
    {
        var name = SideNames.Beside(new string('a', length), "canary");

        Assert.Equal(expected, name.Length);
        Assert.EndsWith(ends, name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_never_ends_in_a_sign_that_a_name_cannot_have_there() =>
        Assert.Matches("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", SideNames.Beside(new string('a', 46) + "-.-.-" + new string('b', 40), "canary"));
}
