using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class MovingTagRuleTests
{
    [Fact]
    public void The_tag_is_picked_when_it_is_there() =>
        Assert.Equal(new Selection.Picked("prod", "prod is the tag to follow"), Rule("prod").Policy(["1.0.0", "prod"]));

    [Theory]
    [InlineData("", "the repository has no tags")]
    [InlineData("1.0.0 staging", "none of 2 tags is named 'prod'")]
    public void That_the_tag_is_not_there_is_said(string tags, string why) => Assert.Equal(new Selection.None(why), Rule("prod").Policy(SemverRuleTests.Split(tags)));

    // Demotion is deliberate: nothing may call a moving tag's way back a downgrade.
    [Fact]
    public void A_moving_tag_has_no_order() => Assert.Null(Rule("prod", "[0-9.]+").Compare("1.1.0", "1.0.0"));

    [Theory]
    [InlineData("00feedb", true)]
    [InlineData("00feedback-env", false)]
    [InlineData("env-00feedb", false)]
    [InlineData("00feedb.sig", false)]
    [InlineData("abcdef0", false)]
    [InlineData("00feedb\n", false)]
    [InlineData("", false)]
    public void A_version_is_matched_from_end_to_end_and_is_not_the_moving_tag(string tag, bool isVersion) =>
        Assert.Equal(isVersion, Moving("abcdef0", "[0-9a-f]{7,40}").IsVersion(tag));

    [Fact]
    public void Without_a_pattern_no_tag_is_a_version() => Assert.False(Moving("prod", null).IsVersion("1.0.0"));

    [Theory]
    [InlineData(".*", "1.9.0 1.10.0 main abc", "1.10.0 1.9.0 main abc")]
    [InlineData(".*", "abc main 1.10.0 1.9.0", "1.10.0 1.9.0 main abc")]
    [InlineData("[0-9a-f]{7,40}", "1234567 prod 7654321 feature", "7654321 1234567")]
    [InlineData("v.*", "prod latest", "")]
    public void Candidates_come_best_first_whatever_the_order_of_the_list(string pattern, string tags, string expected) =>
        Assert.Equal(SemverRuleTests.Split(expected), Moving("prod", pattern).VersionCandidates(SemverRuleTests.Split(tags)));

    private static FollowRule.MovingTag Moving(string name, string? pattern) => Assert.IsType<FollowRule.MovingTag>(Rule(name, pattern).Follow);

    private static SourceRule Rule(string name, string? pattern = null) => FollowRuleTests.Read(new Follow { Tag = new TagPolicy(name, pattern) });
}
