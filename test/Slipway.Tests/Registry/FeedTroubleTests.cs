using Microsoft.AspNetCore.Http;
using Slipway.Sources;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

/// <summary>Feeds when the registry is in trouble, and when there are too many words about it.</summary>
public sealed class FeedTroubleTests : IAsyncLifetime
{
    private FeedWorld _world = null!;

    private TestRegistry Registry => _world.Registry;

    public async ValueTask InitializeAsync() => _world = await FeedWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_repository_that_does_not_exist_is_said_and_asked_for_less_and_less()
    {
        _world.Watch("a");
        await _world.PassAsync();
        Assert.Equal("RepositoryNotFound", _world.Reason());
        Registry.Drain();

        for (var i = 0; i < 60; i++)
        {
            await _world.PassAsync(Minute);
        }

        // At 1, 3, 7, 12, 17, ... minutes.
        Assert.InRange(Registry.Requests.Count, 12, 15);
        Assert.Single(_world.Changes);
    }

    [Fact]
    public async Task What_was_wrong_and_is_right_again_is_seen_again()
    {
        _world.Watch("a");
        await _world.PassAsync();

        Registry.Push("1.0.0", "one");
        await _world.PassAsync(Minute);

        Assert.Equal("1.0.0", _world.Seen().Tag);
        Assert.Equal(["a", "a"], _world.Changes);
    }

    [Fact]
    public async Task Bytes_that_are_not_those_of_the_digest_are_never_a_candidate()
    {
        Registry.Corrupt(Registry.Push("1.0.0", "one"));

        _world.Watch("a");
        await _world.PassAsync();

        Assert.Equal("DigestMismatch", _world.Reason());
    }

    [Fact]
    public async Task A_chart_is_no_candidate()
    {
        var digest = Registry.Push("0.1.0", "config only", "acme/other");
        Registry.PushManifest("1.0.0", "application/vnd.oci.image.manifest.v1+json", $$"""
            {"schemaVersion": 2, "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": "{{digest}}"}, "layers": []}
            """);

        _world.Watch("a");
        await _world.PassAsync();

        Assert.Equal("InvalidAnswer", _world.Reason());
        Assert.Contains("no container image", Assert.IsType<Sighting.Problem>(_world.Sees()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_gone_when_it_is_read_is_no_candidate()
    {
        Registry.Tag("1.0.0", $"sha256:{new string('0', 64)}");

        _world.Watch("a");
        await _world.PassAsync();

        Assert.Equal("TagNotFound", _world.Reason());
    }

    [Fact]
    public async Task Twenty_feeds_of_a_host_that_says_429_send_one_request_and_then_wait_as_told()
    {
        Registry.Misbehaves = http => RefuseAsync(http, 429, "30");
        for (var i = 0; i < 20; i++)
        {
            _world.Watch($"s{i}", _world.Request(path: $"acme/r{i}"));
        }

        await _world.PassAsync();
        await _world.PassAsync(TimeSpan.FromSeconds(29));

        Assert.Single(Registry.Requests);
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal("RateLimited", _world.Reason($"s{i}")));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Contains($"acme/r{i}:", Assert.IsType<Sighting.Problem>(_world.Sees($"s{i}")).Message + ":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_host_stays_down_its_hundred_feeds_together_ask_like_one()
    {
        Registry.Misbehaves = http => RefuseAsync(http, 503, null);
        for (var i = 0; i < 100; i++)
        {
            _world.Watch($"s{i}", _world.Request(path: $"acme/r{i}"));
        }

        await _world.PassAsync();
        for (var i = 0; i < 3600; i += 5)
        {
            await _world.PassAsync(TimeSpan.FromSeconds(5));
        }

        Assert.InRange(Registry.Requests.Count, 10, 40);

        // Each is told that the host is left alone, and those that tried it what came of that; the same thing again is no news.
        Assert.InRange(_world.Changes.Count, 100, 200);
    }

    [Fact]
    public async Task A_host_that_recovers_answers_all_its_feeds_again()
    {
        Registry.Misbehaves = http => RefuseAsync(http, 503, null);
        for (var i = 0; i < 10; i++)
        {
            Registry.Push("1.0.0", "one", $"acme/r{i}");
            _world.Watch($"s{i}", _world.Request(path: $"acme/r{i}"));
        }

        await _world.PassAsync(Minute);
        Registry.Misbehaves = _ => Task.FromResult(false);
        for (var i = 0; i < 30; i++)
        {
            await _world.PassAsync(TimeSpan.FromSeconds(5));
        }

        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal("1.0.0", _world.Seen($"s{i}").Tag));
    }

    [Fact]
    public async Task A_part_of_a_list_changes_nothing()
    {
        Registry.MaxPageSize = 1;
        Registry.Push("1.0.0", "one");
        Registry.Push("2.0.0", "two");
        _world.Watch("a");
        await _world.PassAsync();
        _world.Changes.Clear();

        Registry.Misbehaves = http => http.Request.QueryString.Value!.Contains("last", StringComparison.Ordinal) ? RefuseAsync(http, 500, null) : Task.FromResult(false);
        await _world.PassAsync(Minute);

        Assert.Equal("RegistryUnavailable", _world.Reason());
        Registry.Misbehaves = _ => Task.FromResult(false);
        await _world.PassAsync(Minute);
        Assert.Equal("2.0.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task A_problem_of_the_second_request_stops_the_rest_of_the_look()
    {
        Registry.Push("1.0.0", "one");
        Registry.Push("2.0.0", "two");
        Registry.Misbehaves = http => http.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal) ? RefuseAsync(http, 503, null) : Task.FromResult(false);

        _world.Watch("a", _world.Request(Semver("<2")));
        _world.Watch("b", _world.Request(Semver(">=2")));
        await _world.PassAsync();

        Assert.Equal(1, Registry.Count("GET", "/manifests/"));
        Assert.Equal(("RegistryUnavailable", "RegistryUnavailable"), (_world.Reason("a"), _world.Reason("b")));
    }

    [Fact]
    public async Task A_hundred_hints_while_a_look_is_under_way_are_one_more_look()
    {
        var (arrived, release) = (new SemaphoreSlim(0), new TaskCompletionSource());
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();
        Registry.Misbehaves = async _ =>
        {
            arrived.Release();
            await release.Task;
            return false;
        };

        _world.Feeds.Hint(Registry.Repository());
        await arrived.WaitAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++)
        {
            _world.Feeds.Hint(Registry.Repository());
        }

        release.SetResult();
        await _world.PassAsync();

        Assert.Equal("GET list, HEAD 1.0.0, GET list, HEAD 1.0.0", Registry.Drain());
    }

    [Fact]
    public async Task A_storm_of_hints_is_a_burst_and_then_a_trickle_and_the_last_one_counts()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        for (var i = 0; i < 100; i++)
        {
            _world.Feeds.Hint(Registry.Repository());
            await _world.PassAsync();
        }

        Assert.Equal(10, Registry.Count("GET", "tags/list"));
        var digest = Registry.Push("1.1.0", "two");
        _world.Feeds.Hint(Registry.Repository());
        await _world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(digest, _world.Seen().Digest);
    }

    [Fact]
    public async Task A_hint_while_the_host_is_left_alone_is_kept_until_it_may_be_asked()
    {
        var first = Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Misbehaves = http => RefuseAsync(http, 429, "60");
        await _world.PassAsync(Minute);
        Registry.Misbehaves = _ => Task.FromResult(false);
        var second = Registry.Push("1.0.0", "again");

        _world.Feeds.Hint(Registry.Repository());
        await _world.PassAsync();
        Assert.Equal("RateLimited", _world.Reason());
        await _world.PassAsync(Minute * 2);

        Assert.NotEqual(first, second);
        Assert.Equal(second, _world.Seen().Digest);
    }

    [Fact]
    public async Task A_policy_that_throws_is_that_feed_s_trouble_only()
    {
        Registry.Push("1.0.0", "one");
        Registry.Push("1.0.0", "one", "acme/other");
        _world.Watch("a", _world.Request(new FollowQuestion.AmongTags("broken", _ => throw new InvalidOperationException("a defect"))));
        _world.Watch("b", _world.Request(path: "acme/other"));

        await _world.PassAsync();

        Assert.Equal("LookFailed", _world.Reason());
        Assert.Contains("defect of Slipway", Assert.IsType<Sighting.Problem>(_world.Sees()).Message, StringComparison.Ordinal);
        Assert.Equal("1.0.0", _world.Seen("b").Tag);
        Registry.Drain();
        await _world.PassAsync(TimeSpan.FromHours(1));
        Assert.InRange(Registry.Count("GET", "acme/shop/tags"), 5, 20);
    }

    [Fact]
    public async Task Feeds_that_started_together_do_not_stay_together()
    {
        var draws = new Queue<double>(Enumerable.Range(0, 1000).Select(i => i * 0.37 % 1));
        await using var world = await StartAsync(() => draws.Dequeue());
        for (var i = 0; i < 10; i++)
        {
            world.Registry.Push("1.0.0", "one", $"acme/r{i}");
            world.Watch($"s{i}", world.Request(path: $"acme/r{i}"));
            await world.PassAsync();
        }

        world.Registry.Drain();
        await world.PassAsync(Minute * 0.9 - TimeSpan.FromTicks(1));
        Assert.Empty(world.Registry.Requests);
        await world.PassAsync(Minute * 0.1);
        Assert.InRange(world.Registry.Requests.Count, 2, 8);
        await world.PassAsync(Minute * 0.1);
        Assert.Equal(10, world.Registry.Requests.Count);
    }

    private static async Task<bool> RefuseAsync(HttpContext http, int status, string? retryAfter)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = retryAfter;
        await http.Response.CompleteAsync();
        return true;
    }
}
