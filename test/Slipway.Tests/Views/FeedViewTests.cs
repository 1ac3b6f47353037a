using Slipway.Api;
using Slipway.Conditions;
using Slipway.Views;

namespace Slipway.Tests.Views;

public sealed class FeedViewTests
{
    [Fact]
    public void Deliveries_of_one_repository_are_one_feed_and_the_worst_word_counts()
    {
        var feed = Assert.Single(FeedViews.Of([Delivery("a", "True", "Found", "5m"), Delivery("b", "False", "Unauthorized", "30s"), Delivery("c", "Unknown", "NotLookedYet", null)]));

        Assert.Equal(("registry.example/shop", "False", "Unauthorized", "30s"), (feed.Repository, feed.Ready, feed.Reason, feed.Interval));
        Assert.Equal(["prod/a", "prod/b", "prod/c"], feed.Deliveries);
    }

    [Fact]
    public void A_repository_that_the_spec_leaves_to_the_target_is_taken_from_what_was_found()
    {
        var delivery = Delivery("a", "True", "Found", null);
        Assert.Equal("registry.example/shop", Assert.Single(FeedViews.Of([delivery with { Spec = new() }])).Repository);
    }

    [Fact]
    public void What_it_said_is_told_without_its_name_before_it() =>
        Assert.Equal("1.1.0", Assert.Single(FeedViews.Of([Delivery("a", "True", "Found", null)])).Message);

    [Fact]
    public void What_was_never_looked_at_is_unknown()
    {
        var feed = Assert.Single(FeedViews.Of([new Delivery { Metadata = new() { Name = "a", Namespace = "prod" } }]));
        Assert.Equal(("Unknown", Reasons.NotLookedYet, null), (feed.Ready, feed.Reason, feed.Since));
    }

    [Fact]
    public void A_Delivery_that_is_being_deleted_follows_nothing() =>
        Assert.Empty(FeedViews.Of([Delivery("a", "True", "Found", null) with { Metadata = new() { Name = "a", DeletionTimestamp = ViewSamples.Noon } }]));

    private static Delivery Delivery(string name, string ready, string reason, string? interval) => ViewSamples.Calm with
    {
        Metadata = ViewSamples.Calm.Metadata with { Name = name },
        Spec = new() { Source = new() { Repository = "registry.example/shop", Interval = interval } },
        Status = new() { Conditions = [new(DeliveryConditions.SourceReady, ready, reason, "registry.example/shop: 1.1.0", ViewSamples.Noon)] },
    };
}
