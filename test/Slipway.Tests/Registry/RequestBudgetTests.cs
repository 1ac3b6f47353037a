using Slipway.Images;
using Slipway.Registry;
using Slipway.Sources;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

/// <summary>What an idle cluster costs its registries, counted at the registry: the budgets of the design.</summary>
public sealed class RequestBudgetTests
{
    [Fact]
    public async Task A_hundred_repositories_with_three_workloads_each_cost_601_requests_in_five_rounds()
    {
        await using var world = await StartAsync();
        world.Registry.WithTokens(lifetime: 300);
        for (var i = 0; i < 300; i++)
        {
            var digest = world.Registry.Push("1.0.0", "one", $"acme/r{i % 100}");
            world.Watch($"w{i}", world.Request(path: $"acme/r{i % 100}") with { Known = new KnownImage("1.0.0", digest) });
        }

        for (var round = 0; round < 5; round++)
        {
            await world.PassAsync(round == 0 ? TimeSpan.FromSeconds(1) : Minute);
        }

        Assert.Equal(100, world.Registry.Count("GET", "/token"));
        Assert.Equal(1 + 500, world.Registry.Count("GET", "/tags/list"));
        Assert.Equal(601, world.Registry.Requests.Count);
        Assert.All(Enumerable.Range(0, 300), i => Assert.Equal("1.0.0", world.Seen($"w{i}").Tag));
    }

    [Fact]
    public async Task Fifty_moving_tags_cost_no_pull_in_ten_rounds()
    {
        await using var world = await StartAsync();
        world.Registry.WithTokens(lifetime: 300);
        for (var i = 0; i < 50; i++)
        {
            var digest = world.Registry.Push("prod", "one", $"acme/r{i}");
            world.Watch($"w{i}", world.Request(Moving(), path: $"acme/r{i}") with { Known = new KnownImage("1.0.0", digest) });
        }

        for (var round = 0; round < 10; round++)
        {
            await world.PassAsync(round == 0 ? TimeSpan.FromSeconds(1) : Minute);
        }

        Assert.Equal(0, world.Registry.Count("GET", "/manifests/"));
        Assert.Equal(1 + 500, world.Registry.Count("HEAD", "/manifests/"));
        Assert.InRange(world.Registry.Requests.Count, 500, 650);
    }

    [Fact]
    public async Task Ten_thousand_tags_are_ten_requests()
    {
        await using var world = await StartAsync();
        for (var i = 0; i < 10_000; i++)
        {
            world.Registry.Tag($"1.{i}.0", "sha256:none");
        }

        world.Registry.Push("2.0.0", "newest");
        world.Registry.Untag("1.0.0");
        world.Watch("a");
        await world.PassAsync();

        Assert.Equal(10, world.Registry.Count("GET", "/tags/list"));
        Assert.Equal("2.0.0", world.Seen().Tag);
    }

    [Fact]
    public async Task A_hint_costs_a_look_and_for_a_tag_that_moved_what_is_new()
    {
        await using var world = await StartAsync();
        world.Registry.Push("prod", "one");
        world.Watch("a", world.Request(Moving(pattern: null)));
        await world.PassAsync();
        world.Registry.Drain();

        world.Feeds.Hint(world.Registry.Repository());
        await world.PassAsync();
        Assert.Equal("HEAD prod", world.Registry.Drain());

        var digest = world.Registry.Push("prod", "two");
        world.Feeds.Hint(world.Registry.Repository());
        await world.PassAsync();
        Assert.Equal("HEAD prod, GET digest, GET blob", world.Registry.Drain());
        Assert.Equal(digest, world.Seen().Digest);
    }

    [Fact]
    public async Task A_thousand_hints_for_a_thousand_repositories_are_all_looked_at()
    {
        await using var world = await StartAsync();
        for (var i = 0; i < 1000; i++)
        {
            var digest = world.Registry.Push("1.0.0", "one", $"acme/r{i}");
            world.Watch($"w{i}", world.Request(path: $"acme/r{i}") with { Known = new KnownImage("1.0.0", digest) });
        }

        await world.PassAsync(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 1000; i++)
        {
            world.Registry.Push("1.1.0", "two", $"acme/r{i}");
            world.Feeds.Hint(new RepositoryName(world.Registry.Host, $"acme/r{i}"));
        }

        // More requests than one's own registry is sent at once, and so a matter of seconds.
        await world.PassAsync();
        await world.PassAsync(TimeSpan.FromSeconds(10));

        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal("1.1.0", world.Seen($"w{i}").Tag));
        Assert.Equal(2000, world.Changes.Count);
    }

    [Fact]
    public async Task What_a_digest_is_is_read_once_in_however_many_repositories_it_lies()
    {
        await using var world = await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            world.Registry.Push("1.0.0", "the same", $"acme/r{i}");
            world.Watch($"w{i}", world.Request(path: $"acme/r{i}"));
            await world.PassAsync();
        }

        Assert.Equal(10, world.Registry.Count("GET", "/manifests/1.0.0"));
        Assert.Equal(0, world.Registry.Count("GET", "/manifests/sha256"));
        Assert.Equal(1, world.Registry.Count("GET", "/blobs/"));
    }
}

public sealed class FactsCacheTests
{
    [Fact]
    public void What_is_still_asked_for_stays_and_the_rest_goes()
    {
        var cache = new FactsCache();
        var facts = new ImageFacts(PlatformSet.Unknown, ImageLabels.None);
        cache.Keep("kept", false, facts);
        cache.Keep("forgotten", false, facts);

        for (var i = 0; i < 30_000; i++)
        {
            cache.Keep($"sha256:{i}", false, facts);
            Assert.NotNull(cache.Find("kept", false));
        }

        Assert.Null(cache.Find("forgotten", false));
        Assert.Null(cache.Find("kept", withLabels: true));
        Assert.NotNull(cache.Find("sha256:29999", false));
    }
}

public sealed class FollowQuestionTests
{
    [Fact]
    public void Questions_are_equal_when_their_rules_read_the_same()
    {
        Assert.Equal(Semver("<2"), Semver("<2"));
        Assert.NotEqual(Semver("<2"), Semver("<3"));
        Assert.Equal(Moving(), Moving());
        Assert.NotEqual(Moving("prod"), Moving("staging"));
        Assert.NotEqual(Moving(pattern: "^v"), Moving(pattern: null));
        Assert.NotEqual(Moving(), Semver());
    }

    [Fact]
    public void Requests_that_say_the_same_are_equal_whatever_was_compiled_for_them()
    {
        var request = new FeedRequest(new RepositoryName("ghcr.io", "acme/shop"), CredentialChain.Anonymous, Semver(), Minute);

        Assert.Equal(request, request with { Question = Semver(), Credentials = new CredentialChain([]) });
        Assert.NotEqual(request, request with { Interval = Minute * 2 });
    }
}
