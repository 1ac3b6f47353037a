using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class CalverRuleTests
{
    [Theory]
    [InlineData("2026.01.9 2026.01.10 2025.12.99 latest 2026.1.11", "2026.01.10")]
    [InlineData("2026.01.3 2026.01.3.sig sha256-64677ff7a877079df86d4a12e80e67a9548ea0facb2acb8c6719e79088e64526", "2026.01.3")]
    public void The_newest_by_the_calendar_is_picked(string tags, string expected) => Assert.Equal(expected, SemverRuleTests.Pick(Rule(), tags));

    [Fact]
    public void A_filter_cuts_the_version_out_of_the_tag() =>
        Assert.Equal("web-2026.02.0-slim", SemverRuleTests.Pick(Rule(new Filter("^web-(?P<v>.*)-slim$", "$v", ["2026.03"])), "web-2026.01.9-slim web-2026.02.0-slim web-2026.03.0-slim 2027.01.0"));

    [Fact]
    public void A_pick_is_explained() =>
        Assert.Equal("2026.01.3 is the newest of 2 versions written as YYYY.0M.MICRO; 1 other does not match", Assert.IsType<Selection.Picked>(Rule().Pick(["2026.01.3", "2026.01.2", "main"])).Why);

    [Fact]
    public void That_none_fits_is_explained_with_one_that_does_not() =>
        Assert.Equal(
            "none of 2 tags is written as YYYY.0M.MICRO: '2026.1.3' is one that is not, from its first letter to its last; 2 are no such versions",
            Assert.IsType<Selection.None>(Rule().Pick(["2026.1.3", "main"])).Why);

    [Theory]
    [InlineData("2026.01.3", "2026.02.0", -1)]
    [InlineData("2026.02.0", "2026.01.3", 1)]
    [InlineData("2026.01.3", "2026.01.03", 0)]
    [InlineData("2026.01.3", "latest", null)]
    public void Two_tags_are_ordered(string tagA, string tagB, int? order) => Assert.Equal(order, Rule().Compare(tagA, tagB));

    [Fact]
    public void A_layout_that_cannot_be_read_names_its_field()
    {
        Assert.False(FollowRule.TryRead(new Source { Follow = new Follow { Calver = new CalverPolicy("DD.YYYY") } }, out _, out var problem));

        Assert.Equal("spec.source.follow.calver.layout", problem.Field);
        Assert.Contains("turn the parts round with spec.source.filter.extract", problem.Message, StringComparison.Ordinal);
    }

    private static SourceRule Rule(Filter? filter = null) => FollowRuleTests.Read(new Follow { Calver = new CalverPolicy("YYYY.0M.MICRO") }, filter);
}
