using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Policies;
using static Slipway.Tests.Deliveries.Specs;

namespace Slipway.Tests.Deliveries;

public sealed class DeliveryTermsTests
{
    [Fact]
    public void The_smallest_spec_has_the_documented_defaults()
    {
        var terms = Smallest.Terms();

        Assert.Equal((TimeSpan.FromMinutes(1), PinForm.TagAndDigest), (terms.Interval, terms.Pin));
        Assert.Equal("ghcr.io/acme/shop", terms.Repository?.ToString());
        Assert.Empty(terms.PullSecrets);
        var rollout = terms.Rollout;
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.Zero), (rollout.Hold, rollout.ProgressDeadline, rollout.MinimumAge));
        Assert.Equal((true, false, true, false), (rollout.RollsBack, rollout.Suspended, rollout.PinsDigest, rollout.FollowsMovingTag));
        Assert.Equal((50, null), (rollout.HistoryLimit, rollout.HistoryMaxAge));
    }

    [Fact]
    public void Every_field_of_the_spec_is_heard()
    {
        var terms = new DeliverySpec
        {
            Targets = [new() { Name = "a" }, new() { Selector = new() { MatchExpressions = [new("app", "Exists")] } }],
            Source = new()
            {
                Repository = "nginx",
                Follow = new() { Tag = new("prod") },
                MinimumAge = "10m",
                Interval = "5s",
                Platforms = ["linux/amd64", "linux/arm/v7"],
                PullSecrets = [new("regcred"), new(""), new("mirror")],
            },
            Pin = "Digest",
            Strategy = new(new RollingStrategy("30s")),
            ProgressDeadline = "2m",
            Rollback = "Never",
            Suspend = true,
            History = new(7, "720h"),
        }.Terms();

        Assert.Equal(2, terms.Targets.Count);
        Assert.Equal("docker.io/library/nginx", terms.Repository?.ToString());
        Assert.Equal((TimeSpan.FromSeconds(5), PinForm.Digest), (terms.Interval, terms.Pin));
        Assert.Equal(["regcred", "mirror"], terms.PullSecrets);
        Assert.Equal(["linux/amd64", "linux/arm/v7"], terms.Platforms.Select(platform => platform.ToString()));
        Assert.IsType<FollowRule.MovingTag>(terms.Rule.Follow);
        var rollout = terms.Rollout;
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)), (rollout.Hold, rollout.ProgressDeadline, rollout.MinimumAge));
        Assert.Equal((false, true, true, true), (rollout.RollsBack, rollout.Suspended, rollout.PinsDigest, rollout.FollowsMovingTag));
        Assert.Equal((7, TimeSpan.FromHours(720)), (rollout.HistoryLimit, rollout.HistoryMaxAge));
    }

    private static DeliverySpec Platforms(params string[] platforms) => Smallest with { Source = Smallest.Source! with { Platforms = platforms } };

    [Fact]
    public void Auto_alone_is_the_same_as_nothing()
    {
        Assert.Empty(Platforms("Auto").Terms().Platforms);
        Assert.Empty(Platforms().Terms().Platforms);
    }

    [Fact]
    public void A_duration_is_cut_to_what_is_stored() =>
        Assert.Equal(TimeSpan.FromMilliseconds(2), (Smallest with { Source = Smallest.Source! with { MinimumAge = "1.6ms" } }).Terms().Rollout.MinimumAge);

    [Theory]
    [InlineData("TagAndDigest", PinForm.TagAndDigest, true)]
    [InlineData("Tag", PinForm.Tag, false)]
    [InlineData("Digest", PinForm.Digest, true)]
    [InlineData("", PinForm.TagAndDigest, true)]
    public void Every_form_of_pin_is_read(string pin, PinForm form, bool pinsDigest)
    {
        var terms = (Smallest with { Pin = pin }).Terms();

        Assert.Equal((form, pinsDigest), (terms.Pin, terms.Rollout.PinsDigest));
    }

    [Fact]
    public void Empty_texts_are_absent_ones()
    {
        var terms = (Smallest with
        {
            Source = Smallest.Source! with { Repository = "", MinimumAge = "", Interval = "" },
            Pin = "",
            ProgressDeadline = "",
            Rollback = "",
            Strategy = new(new RollingStrategy("")),
            History = new(null, ""),
        }).Terms();

        Assert.Null(terms.Repository);
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), null), (terms.Interval, terms.Rollout.ProgressDeadline, terms.Rollout.HistoryMaxAge));
        Assert.True(terms.Rollout.RollsBack);
    }

    [Fact]
    public void Tags_are_compared_as_the_policy_orders_them()
    {
        var compare = Smallest.Terms().Rollout.CompareTags;

        Assert.True(compare("1.2.0", "1.10.0") < 0);
        Assert.Null(compare("1.2.0", "latest"));
    }

    public static TheoryData<string> Refusals => [.. Refused.Keys];

    private static readonly Dictionary<string, (DeliverySpec Spec, string Problem)> Refused = new()
    {
        ["no targets"] = (Smallest with { Targets = [] }, "spec.targets: no workload is named; write for example targets: [{kind: Deployment, name: shop}]"),
        ["too many targets"] = (Smallest with { Targets = [.. Enumerable.Repeat(Smallest.Targets![0], 101)] }, "spec.targets: 101 targets are more than 100; split them over several Deliveries"),
        ["a target that names nothing"] = (
            Smallest with { Targets = [Smallest.Targets![0], new()] }, "spec.targets[1]: either name or selector says which workload is meant: give exactly one of them"),
        ["a target that names two things"] = (
            Smallest with { Targets = [new() { Name = "shop", Selector = new() }] }, "spec.targets[0]: either name or selector says which workload is meant: give exactly one of them"),
        ["no policy"] = (Smallest with { Source = new() }, "spec.source.follow: no policy is given; write one of semver, tag, numeric, alphabetical, calver or newest"),
        ["two policies"] = (
            Smallest with { Source = new() { Follow = new() { Semver = new(), Numeric = new() } } },
            "spec.source.follow: exactly one policy can be followed and there are 2: semver, numeric; keep one of them"),
        ["a repository with a tag"] = (
            Smallest with { Source = Smallest.Source! with { Repository = "acme/shop:1" } },
            "spec.source.repository: 'acme/shop:1' has the tag '1'; a repository is named without: 'acme/shop'"),
        ["a pin"] = (Smallest with { Pin = "digest" }, "spec.pin: 'digest' is not one of TagAndDigest, Tag, Digest"),
        ["a rollback"] = (Smallest with { Rollback = "Always" }, "spec.rollback: 'Always' is not one of OnFailure, Never"),
        ["a hold"] = (Smallest with { Strategy = new(new RollingStrategy("soon")) }, "spec.strategy.rolling.hold: 'soon' is no duration; write for example 30s, 10m or 1h30m"),
        ["a deadline"] = (Smallest with { ProgressDeadline = "10" }, "spec.progressDeadline: '10' is no duration; write for example 30s, 10m or 1h30m"),
        ["a deadline of nothing"] = (Smallest with { ProgressDeadline = "0s" }, "spec.progressDeadline: '0s' is less than 1s, the least that is taken"),
        ["an age"] = (Smallest with { Source = Smallest.Source! with { MinimumAge = "1 day" } }, "spec.source.minimumAge: '1 day' is no duration; write for example 30s, 10m or 1h30m"),
        ["no platform"] = (Platforms("linux/amd64", "amd64"), "spec.source.platforms[1]: 'amd64' is no platform; write it as linux/amd64 or linux/arm/v7"),
        ["Auto among platforms"] = (Platforms("linux/amd64", "Auto"), "spec.source.platforms[1]: Auto stands alone: it asks the nodes, and a list does not"),
        ["too many platforms"] = (Platforms([.. Enumerable.Repeat("linux/amd64", 17)]), "spec.source.platforms: 17 platforms are more than 16"),
        ["a moving tag that is pinned by name"] = (
            Smallest with { Pin = "Tag", Source = new() { Follow = new() { Tag = new("prod", "^[0-9.]+$") } } },
            "spec.pin: Tag does not go with follow.tag: which image a moving tag is on is known by its digest only; write TagAndDigest or Digest, or follow versions"),
        ["a layout"] = (Smallest with { Source = new() { Follow = new() { Calver = new("YYYY.YY") } } }, "spec.source.follow.calver.layout: 'YYYY.YY' is no layout: YYYY and YY are two of the same; keep one of them"),
        ["an interval"] = (Smallest with { Source = Smallest.Source! with { Interval = "100ms" } }, "spec.source.interval: '100ms' is less than 1s, the least that is taken"),
        ["a limit of nothing"] = (Smallest with { History = new(0) }, "spec.history.limit: 0 is not between 1 and 1000"),
        ["a limit of too much"] = (Smallest with { History = new(1001) }, "spec.history.limit: 1001 is not between 1 and 1000"),
        ["a history's age"] = (Smallest with { History = new(null, "30d") }, "spec.history.maxAge: '30d' is no duration; write for example 30s, 10m or 1h30m"),
        ["a text that would forge a line"] = (Smallest with { Pin = "x\ny" }, "spec.pin: 'x\\u000ay' is not one of TagAndDigest, Tag, Digest"),
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_names_the_field_the_reason_and_the_way_out(string what) => Assert.Equal(Refused[what].Problem, Refused[what].Spec.Problem());

    [Fact]
    public void A_spec_that_is_not_there_is_refused_by_its_first_field() => Assert.StartsWith("spec.targets: ", ((DeliverySpec?)null).Problem(), StringComparison.Ordinal);

    [Fact]
    public void The_first_of_several_problems_is_told() => Assert.StartsWith("spec.targets: ", new DeliverySpec { Pin = "x", Rollback = "y" }.Problem(), StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void The_bounds_of_the_limit_are_allowed(int limit) => Assert.Equal(limit, (Smallest with { History = new(limit) }).Terms().Rollout.HistoryLimit);

    [Fact]
    public void A_hundred_targets_are_allowed() => Assert.Equal(100, (Smallest with { Targets = [.. Enumerable.Repeat(Smallest.Targets![0], 100)] }).Terms().Targets.Count);
}
