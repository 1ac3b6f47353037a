using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class SemverRuleTests
{
    [Theory]
    [InlineData(">=1.4 <2", "1.3.9 1.4.2 1.4.10 1.9.0-rc.1 2.0.0 latest", "1.4.10")]
    [InlineData("*", "latest main v1.2.3 v1.10.0 1.9.0", "v1.10.0")]
    [InlineData("*", "1.0.0-rc.1 1.0.0-rc.2", null)]
    [InlineData("*-0", "1.0.0-rc.9 1.0.0-rc.10", "1.0.0-rc.10")]
    [InlineData("^0.2", "0.1.9 0.2.7 0.3.0", "0.2.7")]
    [InlineData("1.0.x", "", null)]
    [InlineData("*", "1.2.3.sig sha256-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526", null)]
    [InlineData("<2024.2", "2024.01.15 2024.1.2 2023.12.31 20240115", "2024.01.15")]
    public void The_highest_version_in_the_range_is_picked(string range, string tags, string? expected) => Assert.Equal(expected, Pick(Rule(range), tags));

    [Theory]
    [InlineData("1.27 1.27.0", "1.27.0")]
    [InlineData("1.27.0 1.27", "1.27.0")]
    [InlineData("v1.4.0 1.4.0 1.4", "1.4.0")]
    [InlineData("01.4.0 1.4.0", "1.4.0")]
    [InlineData("1.4.00 01.4.0", "01.4.0")]
    public void Of_equal_versions_the_most_precise_the_shortest_and_the_first_in_byte_order_wins(string tags, string expected) =>
        Assert.Equal(expected, Pick(Rule("*"), tags));

    [Fact]
    public void A_filter_says_which_tags_count_and_what_their_version_is()
    {
        var rule = Rule(">=1 <2", new Filter("^v(?P<v>.*)-alpine$", "$v", ["-rc"]));

        Assert.Equal("v1.9.0-alpine", Pick(rule, "v1.2.0-alpine v1.9.0-alpine v1.10.0 v1.10.0-rc.1-alpine v2.0.0-alpine"));
    }

    [Theory]
    [InlineData(">=1.4 <2", "1.4.2 1.4.1 latest", "1.4.2 is the highest of 2 tags in >=1.4 <2; 1 other does not match")]
    [InlineData("*", "1.0.0", "1.0.0 is the highest of 1 tag in *")]
    [InlineData("*", "1.0.0 a b", "1.0.0 is the highest of 1 tag in *; 2 others do not match")]
    public void A_pick_is_explained_with_counts(string range, string tags, string why) =>
        Assert.Equal(why, Assert.IsType<Selection.Picked>(Rule(range).Policy(Split(tags))).Why);

    [Theory]
    [InlineData("*", "", "the repository has no tags")]
    [InlineData(">=1.4", "latest", "none of 1 tag is in >=1.4: 1 is no version")]
    [InlineData(">=1.4 <2", "1.3.9 1.2.0 2.0.0 latest main", "none of 5 tags is in >=1.4 <2: 3 versions outside of it, the highest 2.0.0; 2 are no versions")]
    [InlineData(
        ">=1.4",
        "1.4.0-rc.1 1.3.0",
        "none of 2 tags is in >=1.4: 2 versions outside of it, the highest 1.4.0-rc.1")]
    [InlineData(
        ">=1.4",
        "1.5.0-rc.1",
        "none of 1 tag is in >=1.4: 1 version outside of it, the highest 1.5.0-rc.1, a prerelease, which takes includePrerelease or a range that names one, such as '>=1.4-0'")]
    [InlineData("*", "1.0.0.sig 1.0.0.att a+b", "none of 3 tags is in *: 2 are signatures and the like; 1 is no tag")]
    public void That_nothing_fits_is_explained_by_where_the_tags_went(string range, string tags, string why) =>
        Assert.Equal(why, Assert.IsType<Selection.None>(Rule(range).Policy(Split(tags))).Why);

    [Fact]
    public void That_nothing_passes_the_filter_is_said_with_the_filter() =>
        Assert.Equal(
            "none of 3 tags is in *: 2 do not match the filter '^v'; 1 is excluded",
            Assert.IsType<Selection.None>(Rule("*", new Filter("^v", null, ["-rc"])).Policy(["1.0.0", "1.1.0", "v1.2.0-rc.1"])).Why);

    [Theory]
    [InlineData("1.4.0", "1.5.0", -1)]
    [InlineData("1.5.0", "1.4.0", 1)]
    [InlineData("1.5.0", "v1.5.0", 0)]
    [InlineData("1.5", "1.5.0", 0)]
    [InlineData("1.5.0", "2.0.0", null)]
    [InlineData("latest", "1.5.0", null)]
    [InlineData("1.5.0", "", null)]
    [InlineData("1.5.0-rc.1", "1.5.0", null)]
    public void Two_tags_are_ordered_as_the_rule_orders_them(string tagA, string tagB, int? order) => Assert.Equal(order, Rule(">=1 <2").Compare(tagA, tagB));

    [Fact]
    public void Tags_are_compared_by_their_key_and_only_when_the_filter_keeps_them()
    {
        var rule = Rule("*", new Filter("^app-(.*)$", "$1"));

        Assert.Equal(-1, rule.Compare("app-1.9.0", "app-1.10.0"));
        Assert.Null(rule.Compare("1.9.0", "app-1.10.0"));
    }

    [Theory]
    [InlineData("99999999999999999999.0.0 1.0.0", "1.0.0")]
    [InlineData("1.0.0-99999999999999999999999999 1.0.0-1", null)]
    [InlineData("18446744073709551615.0.0 1.0.0", "18446744073709551615.0.0")]
    public void A_number_too_great_for_a_version_is_passed_over(string tags, string? expected) => Assert.Equal(expected, Pick(Rule("*"), tags));

    [Fact]
    public void Garbage_is_passed_over_and_never_shown()
    {
        string[] tags = ["2.0.0\nSlipway: all is well", "3.0.0\u001b[2J", new string('9', 5000), "", "\ud83d", "1.0.0"];

        var picked = Assert.IsType<Selection.Picked>(Rule("*").Policy(tags));
        var none = Assert.IsType<Selection.None>(Rule(">=5").Policy(tags));

        Assert.Equal("1.0.0", picked.Tag);
        Assert.Equal("1.0.0 is the highest of 1 tag in *; 5 others do not match", picked.Why);
        Assert.Equal("none of 6 tags is in >=5: 1 version outside of it, the highest 1.0.0; 5 are no tags", none.Why);
    }

    internal static string[] Split(string tags) => tags.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal static string? Pick(SourceRule rule, string tags) => (rule.Policy(Split(tags)) as Selection.Picked)?.Tag;

    private static SourceRule Rule(string range, Filter? filter = null) => FollowRuleTests.Read(new Follow { Semver = new SemverPolicy(range) }, filter);
}
