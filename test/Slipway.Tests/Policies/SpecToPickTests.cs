using System.Text.Json;
using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Tests.Policies;

/// <summary>From the JSON of a Delivery to the tag that is picked, as a user meets it.</summary>
public sealed class SpecToPickTests
{
    [Theory]
    [InlineData("""{"follow":{"semver":{"range":">=1.4 <2"}}}""", "1.3.0 1.4.1 1.5.0-rc.1 2.0.0", "1.4.1")]
    [InlineData("""{"follow":{"semver":{"range":">=1.4 <2","includePrerelease":true}}}""", "1.3.0 1.4.1 1.5.0-rc.1 2.0.0", "1.5.0-rc.1")]
    [InlineData("""{"follow":{"semver":{}}}""", "v1 v2 latest", "v2")]
    [InlineData("""{"follow":{"semver":{"range":null,"includePrerelease":null},"tag":null,"numeric":null,"alphabetical":null},"filter":null}""", "v1 v2", "v2")]
    [InlineData("""{"follow":{"semver":{"range":""}},"filter":{}}""", "v1 v2", "v2")]
    [InlineData(
        """{"follow":{"semver":{"range":"*"}},"filter":{"pattern":"^v(?P<v>.*)-alpine$","extract":"$v","exclude":["-rc"]}}""",
        "v1.0.0-alpine v1.1.0-alpine v1.2.0-rc.1-alpine v1.3.0",
        "v1.1.0-alpine")]
    [InlineData("""{"follow":{"numeric":{}},"filter":{"pattern":"^main-[a-f0-9]+-(?P<ts>[0-9]+)$","extract":"$ts"}}""", "main-ffff-9 main-abc1-10 dev-ffff-99", "main-abc1-10")]
    [InlineData("""{"follow":{"numeric":{"order":"Descending"}}}""", "3 1 2", "1")]
    [InlineData("""{"follow":{"alphabetical":{"order":"Ascending"}},"filter":{"pattern":"RELEASE\\.(.*)Z$","extract":"$1"}}""", "RELEASE.2023-12Z RELEASE.2024-01Z edge", "RELEASE.2024-01Z")]
    [InlineData("""{"follow":{"tag":{"name":"env-prod","versionPattern":"^[0-9a-f]{7,40}$"}}}""", "env-prod 1234567", "env-prod")]
    public void A_spec_picks(string source, string tags, string expected)
    {
        Assert.True(FollowRule.TryRead(Source(source), out var rule, out var problem), problem?.ToString());
        Assert.Equal(expected, SemverRuleTests.Pick(rule, tags));
    }

    [Theory]
    [InlineData("{}", "spec.source.follow")]
    [InlineData("""{"follow":null}""", "spec.source.follow")]
    [InlineData("""{"follow":{}}""", "spec.source.follow")]
    [InlineData("""{"follow":{"semver":{},"numeric":{}}}""", "spec.source.follow")]
    [InlineData("""{"follow":{"semver":{"range":"newest"}}}""", "spec.source.follow.semver.range")]
    [InlineData("""{"follow":{"tag":{}}}""", "spec.source.follow.tag.name")]
    [InlineData("""{"follow":{"numeric":{"order":"up"}}}""", "spec.source.follow.numeric.order")]
    [InlineData("""{"follow":{"numeric":{}},"filter":{"pattern":"("}}""", "spec.source.filter.pattern")]
    [InlineData("""{"follow":{"numeric":{}},"filter":{"exclude":[""]}}""", "spec.source.filter.exclude[0]")]
    [InlineData("""{"follow":{"numeric":{}},"filter":{"exclude":["ok",null]}}""", "spec.source.filter.exclude[1]")]
    [InlineData("""{"follow":{"numeric":{}},"filter":{"extract":"$1"}}""", "spec.source.filter.extract")]
    [InlineData("""{"follow":{"numeric":{}},"filter":{"pattern":"^v(.*)$","extract":"$version"}}""", "spec.source.filter.extract")]
    public void A_spec_that_cannot_be_read_is_one_field(string source, string field)
    {
        Assert.False(FollowRule.TryRead(Source(source), out _, out var problem));
        Assert.Equal(field, problem.Field);
    }

    // Rule 3: with the newest tag gone the pick is older; Compare is what keeps it from being shipped.
    [Fact]
    public void A_pick_that_is_older_only_because_a_tag_vanished_is_seen_as_a_step_back()
    {
        Assert.True(FollowRule.TryRead(Source("""{"follow":{"semver":{"range":"*"}}}"""), out var rule, out _));

        var picked = SemverRuleTests.Pick(rule, "1.0.0 1.1.0");

        Assert.Equal("1.1.0", picked);
        Assert.True(rule.Compare("1.2.0", picked!) > 0);
    }

    // The range was narrowed on purpose: what runs is no longer one of its tags, and there is no order to go against.
    [Fact]
    public void A_range_that_no_longer_takes_what_runs_does_not_hold_it()
    {
        Assert.True(FollowRule.TryRead(Source("""{"follow":{"semver":{"range":"<1.2"}}}"""), out var rule, out _));

        Assert.Null(rule.Compare("1.2.0", "1.1.0"));
    }

    private static Source? Source(string json) => JsonSerializer.Deserialize("{\"spec\":{\"source\":" + json + "}}", ApiJson.Default.Delivery)!.Spec!.Source;
}
