using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Rollouts;

namespace Slipway.Tests.Rollouts;

public sealed class PublishingTests
{
    private static readonly PublishedKey Place = new("shop-version", "version");
    private static readonly PublishWish Wish = new(Place, "1.0.0");

    private static readonly DeliverySnapshot Settled = new()
    {
        Namespace = "prod",
        Name = "shop",
        Uid = "u",
        Terms = new RolloutTerms { Repository = "ghcr.io/acme/shop", Publish = Place },
        Status = new DeliveryStatus { Current = new ReleasedImage("1.0.0", "sha256:1", 1), Rollout = new RolloutState.Idle() },
        Now = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void What_passed_is_published_by_its_tag_or_for_want_of_one_by_its_digest()
    {
        Assert.Equal(Wish, Publishing.Wish(Settled));
        Assert.Equal(new PublishWish(Place, "sha256:1"), Publishing.Wish(Settled with { Status = Settled.Status with { Current = new ReleasedImage(null, "sha256:1", 1) } }));
        Assert.Equal(Wish, WorldOf.State(Settled).Publish);
    }

    [Fact]
    public void A_hold_publishes_what_passed_last_too() =>
        Assert.Equal(Wish, Publishing.Wish(In(new RolloutState.Held(Reasons.ManualRollback, "", default))));

    [Fact]
    public void While_anything_is_under_way_nothing_is_published()
    {
        var attempt = new Attempt(2, "shop-2", "ghcr.io/acme/shop", "1.1.0", "sha256:2", Settled.Status.Current, "NewImage", null, default);

        Assert.Null(Publishing.Wish(In(new RolloutState.Advancing(attempt, 0, default))));
        Assert.Null(Publishing.Wish(In(new RolloutState.Reverting(attempt, "", "", default))));
        Assert.Null(Publishing.Wish(In(new RolloutState.Recording(attempt, new ReleaseStatus(), new RolloutState.Idle()))));
        Assert.Null(Publishing.Wish(In(new RolloutState.Correcting("", default, new RolloutState.Idle()))));
    }

    [Fact]
    public void Nobody_asked_nothing_passed_or_suspended_is_nothing_to_publish()
    {
        Assert.Null(Publishing.Wish(Settled with { Terms = Settled.Terms with { Publish = null } }));
        Assert.Null(Publishing.Wish(Settled with { Terms = Settled.Terms with { Suspended = true } }));
        Assert.Null(Publishing.Wish(Settled with { Status = Settled.Status with { Current = null } }));
    }

    [Fact]
    public void The_condition_tells_what_stands_where_and_why_it_does_not()
    {
        Assert.Equal(("True", Reasons.Published, "1.0.0 is in ConfigMap shop-version, key version"), Told(Settled with { Publication = new(Wish) }));
        Assert.Equal(("False", Reasons.PublishConflict, "taken"), Told(Settled with { Publication = new(Wish, new(Reasons.PublishConflict, "taken")) }));
        Assert.Null(Told(Settled));
        Assert.Null(Told(Settled with { Terms = Settled.Terms with { Publish = null }, Publication = new(Wish) }));
    }

    [Fact]
    public void After_a_restart_what_was_told_before_stands_until_it_is_looked_at()
    {
        var told = DeliveryConditions.Describe(Settled with { Publication = new(Wish) }, Settled.Status);

        Assert.Equal(("True", Reasons.Published, "1.0.0 is in ConfigMap shop-version, key version"), Told(Settled with { Status = told }));
    }

    [Theory]
    [InlineData("shop-version", "version", null)]
    [InlineData("shop.v1", "my_Key.txt", null)]
    [InlineData("", "version", "spec.publish.configMap.name: is missing")]
    [InlineData("Shop", "version", "spec.publish.configMap.name")]
    [InlineData("-shop", "version", "spec.publish.configMap.name")]
    [InlineData("../x", "version", "spec.publish.configMap.name")]
    [InlineData("shop", "", "spec.publish.configMap.key: is missing; write for example version")]
    [InlineData("shop", "a b", "spec.publish.configMap.key")]
    public void A_place_is_a_config_map_and_a_key_that_can_exist(string name, string key, string? problem)
    {
        var place = PublishedKey.Read(new Publish(new ConfigMapKey(name, key)), out var found);

        Assert.Equal(problem is null ? new PublishedKey(name, key) : null, place);
        Assert.StartsWith(problem ?? "", $"{found}", StringComparison.Ordinal);
    }

    [Fact]
    public void Publishing_has_no_part_in_what_a_failure_hangs_on()
    {
        var spec = new DeliverySpec { Targets = [new Target { Name = "shop" }], Source = new Source { Follow = new Follow { Semver = new() } } };

        Assert.True(DeliveryTerms.TryRead(spec, out var without, out _));
        Assert.True(DeliveryTerms.TryRead(spec with { Publish = new Publish(new ConfigMapKey("shop", "version")) }, out var with, out _));

        Assert.Equal(without.Rollout.Fingerprint, with.Rollout.Fingerprint);
        Assert.Equal(new PublishedKey("shop", "version"), with.Rollout.Publish);
    }

    private static DeliverySnapshot In(RolloutState state) => Settled with { Status = Settled.Status with { Rollout = state } };

    private static (string, string, string)? Told(DeliverySnapshot now) =>
        DeliveryConditions.Describe(now, now.Status).Conditions!.FirstOrDefault(condition => condition.Type == DeliveryConditions.Published) is { } told ? (told.Status, told.Reason, told.Message) : null;
}
