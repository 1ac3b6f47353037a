using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class AlphabeticalRuleTests
{
    [Theory]
    [InlineData("16.04 20.10 20.04", "20.10")]
    [InlineData("9 10", "9")]
    [InlineData("Zebra apple", "apple")]
    [InlineData("co-op coop CO-OP", "coop")]
    [InlineData("v1-0 v1.0 v10 v1_0 v1a", "v1a")]
    [InlineData("2023-05-08T00-20-00Z 2021-01-08T21-18-21Z", "2023-05-08T00-20-00Z")]
    public void The_last_in_byte_order_is_picked(string tags, string expected) => Assert.Equal(expected, SemverRuleTests.Pick(Rule(), tags));

    [Fact]
    public void Descending_the_first_is() => Assert.Equal("16.04", SemverRuleTests.Pick(Rule(descending: true), "20.10 16.04 20.04"));

    [Fact]
    public void A_pick_is_explained() =>
        Assert.Equal(
            "foo-zzz is the last of 2 tags in byte order; 1 other does not match",
            Assert.IsType<Selection.Picked>(Rule(filter: new Filter("^foo-(.*)$", "$1")).Policy(["foo-aaa", "foo-zzz", "zzzz"])).Why);

    [Theory]
    [InlineData("", "the repository has no tags")]
    [InlineData("1 2", "none of 2 tags is left: 2 do not match the filter '^v'")]
    public void That_nothing_is_left_is_said(string tags, string why) =>
        Assert.Equal(why, Assert.IsType<Selection.None>(Rule(filter: new Filter("^v")).Policy(SemverRuleTests.Split(tags))).Why);

    [Fact]
    public void Of_equal_keys_the_shorter_tag_wins_then_the_first_in_byte_order()
    {
        var rule = Rule(filter: new Filter("^(?:a|b|cc)-(.*)$", "$1"));

        Assert.Equal("a-x", SemverRuleTests.Pick(rule, "cc-x b-x a-x"));
    }

    [Theory]
    [InlineData("a", "b", -1)]
    [InlineData("b", "a", 1)]
    [InlineData("a", "a", 0)]
    [InlineData("a", "a\n", null)]
    public void Two_tags_are_ordered(string tagA, string tagB, int? order)
    {
        Assert.Equal(order, Rule().Compare(tagA, tagB));
        Assert.Equal(-order, Rule(descending: true).Compare(tagA, tagB));
    }

    private static SourceRule Rule(bool descending = false, Filter? filter = null) =>
        FollowRuleTests.Read(new Follow { Alphabetical = new OrderPolicy(descending ? "Descending" : null) }, filter);
}
