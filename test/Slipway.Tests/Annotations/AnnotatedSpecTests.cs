using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Annotations;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Workloads;

namespace Slipway.Tests.Annotations;

public sealed class AnnotatedSpecTests
{
    internal static WorkloadSnapshot Workload(params (string Name, string Value)[] annotations) => new()
    {
        Key = new WorkloadKey("Deployment", "prod", "shop"),
        ApiVersion = "apps/v1",
        Uid = "uid-shop",
        Annotations = annotations.ToImmutableDictionary(pair => AnnotationNames.Prefix + pair.Name, pair => pair.Value),
    };

    private static string Spec(params (string Name, string Value)[] annotations) =>
        AnnotatedSpec.TryRead(Workload(annotations), out var spec, out var problem) ? JsonSerializer.Serialize(spec, ApiJson.Default.DeliverySpec).Replace("\\u003E", ">", StringComparison.Ordinal).Replace("\\u003C", "<", StringComparison.Ordinal) : $"{problem}";

    private const string Target = "{\"targets\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"shop\"}],\"source\":{\"follow\":";

    [Theory]
    [InlineData("semver:>=1.4 <2", "{\"semver\":{\"range\":\">=1.4 <2\"}}")]
    [InlineData("semver", "{\"semver\":{}}")]
    [InlineData("semver:", "{\"semver\":{}}")]
    [InlineData(" semver : ~1.4 ", "{\"semver\":{\"range\":\"~1.4\"}}")]
    [InlineData("tag:prod", "{\"tag\":{\"name\":\"prod\"}}")]
    [InlineData("calver:YYYY.0M.MICRO", "{\"calver\":{\"layout\":\"YYYY.0M.MICRO\"}}")]
    [InlineData("newest", "{\"newest\":{}}")]
    [InlineData("numeric", "{\"numeric\":{}}")]
    [InlineData("numeric:descending", "{\"numeric\":{\"order\":\"Descending\"}}")]
    [InlineData("alphabetical", "{\"alphabetical\":{}}")]
    [InlineData("alphabetical:Ascending", "{\"alphabetical\":{}}")]
    [InlineData("alphabetical:descending", "{\"alphabetical\":{\"order\":\"Descending\"}}")]
    public void One_line_says_which_policy_is_followed(string follow, string policy) => Assert.Equal($"{Target}{policy}}}}}", Spec(("follow", follow)));

    [Theory]
    [InlineData("prerelease", "true", "\"includePrerelease\":true")]
    [InlineData("filter", "^v(.*)$", "\"filter\":{\"pattern\":\"^v(.*)$\"}")]
    [InlineData("exclude", "-rc  -alpha[0-9]{1,3}", "\"exclude\":[\"-rc\",\"-alpha[0-9]{1,3}\"]")]
    [InlineData("repository", "ghcr.io/acme/shop", "\"repository\":\"ghcr.io/acme/shop\"")]
    [InlineData("interval", "5m", "\"interval\":\"5m\"")]
    [InlineData("minimum-age", "1h30m", "\"minimumAge\":\"1h30m\"")]
    [InlineData("pull-secrets", "one, two", "\"pullSecrets\":[{\"name\":\"one\"},{\"name\":\"two\"}]")]
    [InlineData("containers", "web,sidecar init", "\"containers\":[\"web\",\"sidecar\",\"init\"]")]
    [InlineData("pin", "Digest", "\"pin\":\"Digest\"")]
    [InlineData("hold", "30s", "\"strategy\":{\"rolling\":{\"hold\":\"30s\"}}")]
    [InlineData("progress-deadline", "20m", "\"progressDeadline\":\"20m\"")]
    [InlineData("rollback-on-failure", "false", "\"rollback\":\"Never\"")]
    [InlineData("rollback-on-failure", "true", "\"rollback\":\"OnFailure\"")]
    [InlineData("history-limit", "10", "\"history\":{\"limit\":10}")]
    [InlineData("suspend", "TRUE", "\"suspend\":true")]
    public void Each_of_the_others_becomes_its_field(string name, string value, string json)
    {
        var spec = Spec(("follow", "semver:>=1"), (name, value));

        Assert.StartsWith("{", spec, StringComparison.Ordinal);
        Assert.Contains(json, spec, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_and_its_extraction_go_together() => Assert.Contains(
        "\"filter\":{\"pattern\":\"^main-([0-9]\\u002B)$\",\"extract\":\"$1\"}", Spec(("follow", "numeric"), ("filter", "^main-([0-9]+)$"), ("extract", "$1")), StringComparison.Ordinal);

    [Fact]
    public void A_moving_tag_finds_its_version_by_a_pattern() =>
        Assert.Contains("{\"tag\":{\"name\":\"prod\",\"versionPattern\":\"[0-9.]\\u002B\"}}", Spec(("follow", "tag:prod"), ("version-pattern", "[0-9.]+")), StringComparison.Ordinal);

    [Theory]
    [InlineData("follow", "semver:about one", "slipway.dev/follow: ")]
    [InlineData("follow", "newset", "slipway.dev/follow: 'newset' is no policy; write semver:RANGE")]
    [InlineData("follow", "newest:3", "slipway.dev/follow: newest takes no '3'")]
    [InlineData("follow", "calver:", "slipway.dev/follow: it does not say how the tags are written; write for example calver:YYYY.0M.MICRO")]
    [InlineData("follow", "calver:QQQQ", "slipway.dev/follow: ")]
    [InlineData("follow", "tag:", "slipway.dev/follow: it does not say which tag")]
    [InlineData("follow", "tag:a b", "slipway.dev/follow: 'a b' is no tag")]
    [InlineData("follow", "numeric:up", "slipway.dev/follow: 'up' is no order; write numeric or numeric:descending")]
    [InlineData("follow", ">=1.4", "slipway.dev/follow: '>=1.4' is no policy")]
    [InlineData("filter", "(?=a)", "slipway.dev/filter: ")]
    [InlineData("extract", "$2", "slipway.dev/extract: ")]
    [InlineData("exclude", "a (", "slipway.dev/exclude: ")]
    [InlineData("repository", "https://ghcr.io/acme/shop", "slipway.dev/repository: 'https://ghcr.io/acme/shop' has a scheme")]
    [InlineData("interval", "often", "slipway.dev/interval: 'often' is no duration; write for example 30s")]
    [InlineData("interval", "10ms", "slipway.dev/interval: '10ms' is less than 1s")]
    [InlineData("minimum-age", "-1m", "slipway.dev/minimum-age: ")]
    [InlineData("pin", "tag", "slipway.dev/pin: 'tag' is not one of TagAndDigest, Tag, Digest")]
    [InlineData("hold", "a while", "slipway.dev/hold: ")]
    [InlineData("progress-deadline", "soon", "slipway.dev/progress-deadline: ")]
    [InlineData("rollback-on-failure", "never", "slipway.dev/rollback-on-failure: 'never' is neither true nor false")]
    [InlineData("history-limit", "many", "slipway.dev/history-limit: 'many' is no number")]
    [InlineData("history-limit", "0", "slipway.dev/history-limit: 0 is not between 1 and 1000")]
    [InlineData("suspend", "yes", "slipway.dev/suspend: 'yes' is neither true nor false")]
    [InlineData("version-pattern", "[0-9]+", "slipway.dev/version-pattern: it says nothing without follow: tag")]
    [InlineData("folow", "semver", "slipway.dev/folow: no such annotation is known; known are follow, prerelease")]
    [InlineData("rollback", "now", "slipway.dev/rollback: this is a request to a Delivery")]
    [InlineData("check", "2026-03-01T12:00:00Z", "slipway.dev/check: this is a request to a Delivery")]
    public void What_cannot_be_read_is_named_with_the_way_out(string name, string value, string says)
    {
        (string, string)[] annotations = name == "follow" ? [(name, value)] : [("follow", "semver"), ("filter", "a"), .. new[] { (name, value) }];

        Assert.StartsWith(says, Spec(name == "filter" ? [("follow", "semver"), (name, value)] : annotations), StringComparison.Ordinal);
    }

    [Fact]
    public void Prereleases_say_nothing_without_versions() =>
        Assert.Equal("slipway.dev/prerelease: it says nothing without follow: semver", Spec(("follow", "tag:prod"), ("prerelease", "true")));

    [Fact]
    public void A_setting_without_a_policy_says_nothing_and_that_is_said() =>
        Assert.StartsWith("slipway.dev/interval: it says nothing without slipway.dev/follow", Spec(("interval", "5m")), StringComparison.Ordinal);

    [Fact]
    public void A_value_that_is_too_long_is_refused() =>
        Assert.StartsWith("slipway.dev/filter: it is longer than 1024 characters", Spec(("follow", "semver"), ("filter", new string('a', 1025))), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_annotation_is_as_good_as_none(string value)
    {
        Assert.False(AnnotatedSpec.IsAskedFor(Workload(("follow", value))));
        Assert.Equal(Spec(("follow", "semver")), Spec(("follow", "semver"), ("interval", value)));
    }

    [Fact]
    public void All_settings_together_are_a_spec_that_a_Delivery_may_have()
    {
        Assert.True(AnnotatedSpec.TryRead(
            Workload(("follow", "semver:^1"), ("prerelease", "false"), ("filter", "^v(.*)$"), ("extract", "$1"), ("exclude", "x y"), ("interval", "1m"), ("pin", "Tag"), ("suspend", "false"), ("hold", "1s")),
            out var spec,
            out _));

        Assert.True(DeliveryTerms.TryRead(spec, out var terms, out _));
        Assert.Equal(PinForm.Tag, terms.Pin);
    }

    [Theory]
    [InlineData("slipway.dev/follow", true)]
    [InlineData("slipway.dev/anything", true)]
    [InlineData("slipway.dev/release", false)]
    [InlineData("slipway.dev/version", false)]
    [InlineData("kubectl.kubernetes.io/last-applied-configuration", false)]
    public void Of_the_annotations_of_a_workload_only_wishes_are_kept(string name, bool kept) => Assert.Equal(kept, AnnotationNames.IsSetting(name));
}
