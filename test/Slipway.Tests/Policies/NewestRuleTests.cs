using CsCheck;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class NewestRuleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_last_build_is_picked_and_explained()
    {
        var picked = Assert.IsType<Selection.Picked>(Pick(("b", 2), ("c", 3), ("a", 1)));

        Assert.Equal("c", picked.Tag);
        Assert.Equal(Noon.AddMinutes(3), picked.Built);
        Assert.Equal("c is the newest of 3 builds, of 2026-01-01 12:03:00Z", picked.Why);
    }

    [Fact]
    public void Of_one_instant_the_last_name_wins_so_that_the_list_decides_nothing()
    {
        Assert.Equal("v2", Assert.IsType<Selection.Picked>(Pick(("v1", 5), ("v2", 5), ("v0", 5))).Tag);
        Assert.Equal("v2", Assert.IsType<Selection.Picked>(Pick(("v2", 5), ("v0", 5), ("v1", 5))).Tag);
    }

    [Fact]
    public void What_tells_no_time_is_passed_over_and_counted() =>
        Assert.Equal(
            "a is the newest of 1 build, of 2026-01-01 12:01:00Z; 1 other does not match; 2 tell no time of their build and were passed over",
            Assert.IsType<Selection.Picked>(Pick(("a", 1), ("chart", null), ("b", null), ("b.sig", 9))).Why);

    [Fact]
    public void Where_none_tells_the_way_out_is_said() =>
        Assert.Contains("follow semver, calver or numeric instead", Assert.IsType<Selection.None>(Pick(("a", null))).Why, StringComparison.Ordinal);

    [Fact]
    public void An_empty_repository_is_called_one() => Assert.Equal("the repository has no tags", Assert.IsType<Selection.None>(Pick()).Why);

    [Fact]
    public void A_filter_says_what_is_considered()
    {
        var rule = Rule(new Filter("^main-", Exclude: ["-pr"]));

        Assert.Equal("main-1", Assert.IsType<Selection.Picked>(rule.Pick(["main-1", "main-2-pr", "dev-9"], _ => Noon)).Tag);
        Assert.True(rule.Takes("main-1"));
        Assert.False(rule.Takes("main-2-pr"));
        Assert.False(rule.Takes("sha256-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526"));
    }

    [Fact]
    public void An_extract_says_nothing_here_and_is_refused()
    {
        Assert.False(FollowRule.TryRead(new Source { Follow = new Follow { Newest = new NewestPolicy() }, Filter = new Filter("^(.*)$", "$1") }, out _, out var problem));
        Assert.Equal("spec.source.filter.extract", problem.Field);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:01Z")]
    [InlineData("1980-01-01T00:00:01Z")]
    public void A_date_that_tools_write_to_build_the_same_bytes_twice_tells_nothing(string created) =>
        Assert.Null(BuildTime.Told(DateTimeOffset.Parse(created, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void A_time_is_kept_to_the_millisecond() => Assert.Equal(Noon.AddMilliseconds(1), BuildTime.Told(Noon.AddMilliseconds(1).AddTicks(9)));

    [Fact]
    public void Nothing_is_built_after_what_is_picked_whatever_the_order_of_the_list() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 5]).Select((name, minute) => ($"t{name}", (int?)minute)).Array[1, 12].Sample(builds =>
        {
            var distinct = builds.DistinctBy(build => build.Item1).ToArray();
            var picked = Assert.IsType<Selection.Picked>(Pick(distinct));

            Assert.Equal(distinct.Max(build => build.Item2), distinct.Single(build => build.Item1 == picked.Tag).Item2);
            Assert.Equal(picked, Pick([.. distinct.Reverse()]));
            Assert.Equal(picked.Tag, Rule().Order(Times(distinct))!.Top(distinct.Select(build => build.Item1), 1)[0]);
        });

    private static Selection Pick(params (string Tag, int? Minute)[] builds) => Rule().Pick([.. builds.Select(build => build.Tag)], Times(builds));

    private static BuildTimes Times((string Tag, int? Minute)[] builds) =>
        tag => builds.First(build => build.Tag == tag).Minute is { } minute ? Noon.AddMinutes(minute) : null;

    private static SourceRule Rule(Filter? filter = null) => FollowRuleTests.Read(new Follow { Newest = new NewestPolicy() }, filter);
}
