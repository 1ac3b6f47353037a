using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

public sealed class FollowRuleTests
{
    [Fact]
    public void A_semver_rule_is_read()
    {
        var rule = Read(new Follow { Semver = new SemverPolicy(">=1.4 <2", IncludePrerelease: true) });

        var semver = Assert.IsType<FollowRule.Semver>(rule.Follow);
        Assert.Equal(">=1.4 <2", semver.Range.ToString());
        Assert.True(semver.IncludePrerelease);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_semver_rule_without_a_range_takes_every_release(string? range)
    {
        var semver = Assert.IsType<FollowRule.Semver>(Read(new Follow { Semver = new SemverPolicy(range) }).Follow);

        Assert.Equal("*", semver.Range.ToString());
        Assert.False(semver.IncludePrerelease);
    }

    [Fact]
    public void A_moving_tag_is_read()
    {
        var moving = Assert.IsType<FollowRule.MovingTag>(Read(new Follow { Tag = new TagPolicy("env-prod", "[0-9a-f]{7,40}") }).Follow);

        Assert.Equal("env-prod", moving.Name);
        Assert.Equal("[0-9a-f]{7,40}", moving.VersionPattern?.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_moving_tag_needs_no_version_pattern(string? pattern) =>
        Assert.Null(Assert.IsType<FollowRule.MovingTag>(Read(new Follow { Tag = new TagPolicy("latest", pattern) }).Follow).VersionPattern);

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("Ascending", false)]
    [InlineData("Descending", true)]
    public void An_order_is_read(string? order, bool descending)
    {
        Assert.Equal(new FollowRule.Numeric(descending), Read(new Follow { Numeric = new OrderPolicy(order) }).Follow);
        Assert.Equal(new FollowRule.Alphabetical(descending), Read(new Follow { Alphabetical = new OrderPolicy(order) }).Follow);
    }

    public static TheoryData<string, Source?, string, string> Problems => new()
    {
        { "no source", null, "spec.source.follow", "no policy is given; write one of semver, tag, numeric, alphabetical, calver or newest" },
        { "no follow", new Source(), "spec.source.follow", "no policy is given" },
        { "empty follow", new Source { Follow = new Follow() }, "spec.source.follow", "no policy is given" },
        {
            "two policies",
            new Source { Follow = new Follow { Semver = new SemverPolicy("*"), Numeric = new OrderPolicy() } },
            "spec.source.follow",
            "there are 2: semver, numeric; keep one"
        },
        {
            "all policies",
            new Source { Follow = new Follow { Semver = new SemverPolicy(), Tag = new TagPolicy("a"), Numeric = new OrderPolicy(), Alphabetical = new OrderPolicy() } },
            "spec.source.follow",
            "there are 4: semver, tag, numeric, alphabetical"
        },
        { "range", new Source { Follow = new Follow { Semver = new SemverPolicy("latest") } }, "spec.source.follow.semver.range", "write for example '>=1.4 <2'" },
        { "no tag name", new Source { Follow = new Follow { Tag = new TagPolicy() } }, "spec.source.follow.tag.name", "write for example name: env-prod" },
        { "bad tag name", new Source { Follow = new Follow { Tag = new TagPolicy("env prod") } }, "spec.source.follow.tag.name", "'env prod' is no tag" },
        { "reference as tag", new Source { Follow = new Follow { Tag = new TagPolicy("shop:prod") } }, "spec.source.follow.tag.name", "'shop:prod' is no tag" },
        {
            "version pattern",
            new Source { Follow = new Follow { Tag = new TagPolicy("a", "(?=x)") } },
            "spec.source.follow.tag.versionPattern",
            "look-around has no linear answer"
        },
        { "numeric order", new Source { Follow = new Follow { Numeric = new OrderPolicy("asc") } }, "spec.source.follow.numeric.order", "write Ascending" },
        { "text order", new Source { Follow = new Follow { Alphabetical = new OrderPolicy("UP") } }, "spec.source.follow.alphabetical.order", "'UP' is no order" },
        {
            "pattern",
            new Source { Follow = new Follow { Numeric = new OrderPolicy() }, Filter = new Filter("[=") },
            "spec.source.filter.pattern",
            "a [ is never closed"
        },
        {
            "unknown group",
            new Source { Follow = new Follow { Numeric = new OrderPolicy() }, Filter = new Filter("^v(.*)$", "$1x") },
            "spec.source.filter.extract",
            "no group '1x'"
        },
        {
            "filter beside a moving tag",
            new Source { Follow = new Follow { Tag = new TagPolicy("prod") }, Filter = new Filter("^v") },
            "spec.source.filter",
            "follow.tag.versionPattern"
        },
        {
            "exclusion beside a moving tag",
            new Source { Follow = new Follow { Tag = new TagPolicy("prod") }, Filter = new Filter(Exclude: ["-rc"]) },
            "spec.source.filter",
            "needs no filter"
        },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_source_that_cannot_be_read_names_the_field_the_reason_and_the_way_out(string name, Source? source, string field, string message)
    {
        Assert.False(FollowRule.TryRead(source, out var rule, out var problem), name);
        Assert.Null(rule);
        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal($"{problem.Field}: {problem.Message}", problem.ToString());
    }

    [Fact]
    public void An_empty_filter_beside_a_moving_tag_is_no_filter() =>
        Assert.True(FollowRule.TryRead(new Source { Follow = new Follow { Tag = new TagPolicy("prod") }, Filter = new Filter("", "", []) }, out _, out _));

    [Theory]
    [InlineData("a\nspec.suspend: true")]
    [InlineData("a\u001b[31m")]
    public void What_a_user_wrote_cannot_forge_a_line(string text)
    {
        Assert.False(FollowRule.TryRead(new Source { Follow = new Follow { Semver = new SemverPolicy(text) } }, out _, out var problem));
        Assert.DoesNotContain(problem.Message, char.IsControl);
    }

    internal static SourceRule Read(Follow follow, Filter? filter = null)
    {
        Assert.True(FollowRule.TryRead(new Source { Follow = follow, Filter = filter }, out var rule, out var problem), problem?.ToString());
        return rule;
    }
}
