using System.Globalization;
using System.Numerics;
using CsCheck;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class NumericRuleTests
{
    [Theory]
    [InlineData("9 10 2", "10")]
    [InlineData("-3 -20 -1", "-1")]
    [InlineData("1.5 1.25 1.50", "1.5")]
    [InlineData("007 6", "007")]
    [InlineData("0 -0 0.0", "0")]
    [InlineData("20240115123456789 20240115123456788", "20240115123456789")]
    [InlineData("100000000000000000000000000000000000000000 99999999999999999999999999999999999999999", "100000000000000000000000000000000000000000")]
    [InlineData("0.1 0.09", "0.1")]
    [InlineData("-0.1 -0.09", "-0.09")]
    public void The_highest_number_is_picked(string tags, string expected) => Assert.Equal(expected, SemverRuleTests.Pick(Rule(), tags));

    [Theory]
    [InlineData("9 10 2", "2")]
    [InlineData("-3 -20 -1", "-20")]
    public void Descending_the_lowest_is(string tags, string expected) => Assert.Equal(expected, SemverRuleTests.Pick(Rule(descending: true), tags));

    [Theory]
    [InlineData("1 latest 3")]
    [InlineData("1 12e4567")]
    [InlineData("1 0x10")]
    [InlineData("1 1.")]
    [InlineData("1 .5")]
    [InlineData("1 1.2.3")]
    [InlineData("1 --1")]
    [InlineData("1 -")]
    [InlineData("1 NaN")]
    [InlineData("1 1_000")]
    public void One_tag_that_is_no_number_and_nothing_is_picked(string tags)
    {
        var unread = SemverRuleTests.Split(tags)[1];

        var none = Assert.IsType<Selection.None>(Rule().Policy(SemverRuleTests.Split(tags)));

        Assert.Contains($"such as '{unread}'", none.Why, StringComparison.Ordinal);
        Assert.Contains("spec.source.filter.pattern", none.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_keeps_the_numbered_tags()
    {
        var rule = Rule(filter: new Filter(@"^main-[a-f0-9]{7}-(?P<build>\d+)$", "$build"));

        var picked = Assert.IsType<Selection.Picked>(rule.Policy(["main-abcdef0-9", "main-1234567-10", "latest", "dev-1234567-99"]));

        Assert.Equal("main-1234567-10", picked.Tag);
        Assert.Equal("main-1234567-10 is the highest of 2 numbers; 2 others do not match", picked.Why);
    }

    [Theory]
    [InlineData("", "the repository has no tags")]
    [InlineData("a b", "none of 2 tags is a number: 2 are no numbers")]
    [InlineData("1.sig", "none of 1 tag is a number: 1 is a signature or the like")]
    public void That_there_is_no_number_is_said(string tags, string why) => Assert.Equal(why, Assert.IsType<Selection.None>(Rule().Policy(SemverRuleTests.Split(tags))).Why);

    [Fact]
    public void Signatures_and_garbage_do_not_stop_the_numbers()
    {
        var tags = new[] { "7", "8.sig", "sha256-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526", "9\n" };

        Assert.Equal("7", Assert.IsType<Selection.Picked>(Rule().Policy(tags)).Tag);
    }

    [Fact]
    public void The_same_number_twice_is_the_shorter_tag() => Assert.Equal("7", SemverRuleTests.Pick(Rule(), "7.0 007 7"));

    [Theory]
    [InlineData("9", "10", -1)]
    [InlineData("10", "9", 1)]
    [InlineData("1.0", "1", 0)]
    [InlineData("1", "latest", null)]
    public void Two_numbers_are_ordered(string tagA, string tagB, int? order)
    {
        Assert.Equal(order, Rule().Compare(tagA, tagB));
        Assert.Equal(-order, Rule(descending: true).Compare(tagA, tagB));
    }

    [Fact]
    public void Digits_are_compared_as_the_number_they_are() =>
        Gen.Select(Gen.Long, Gen.Int[0, 999], Gen.Long, Gen.Int[0, 999]).Sample((a, fractionA, b, fractionB) =>
        {
            var expected = Scaled(a, fractionA).CompareTo(Scaled(b, fractionB));

            Assert.Equal(expected, Rule().Compare($"{a}.{fractionA:D3}", $"{b}.{fractionB:D3}"));
        });

    private static BigInteger Scaled(long whole, int fraction) =>
        BigInteger.Parse($"{whole}{fraction:D3}", CultureInfo.InvariantCulture);

    private static SourceRule Rule(bool descending = false, Filter? filter = null) =>
        FollowRuleTests.Read(new Follow { Numeric = new OrderPolicy(descending ? "Descending" : null) }, filter);
}
