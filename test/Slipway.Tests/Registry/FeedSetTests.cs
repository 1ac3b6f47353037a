using Slipway.Images;
using Slipway.Registry;
using Slipway.Sources;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

public sealed class FeedSetTests : IAsyncLifetime
{
    private FeedWorld _world = null!;

    private TestRegistry Registry => _world.Registry;

    public async ValueTask InitializeAsync() => _world = await FeedWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_new_subscriber_is_told_the_pick_its_digest_and_its_platforms()
    {
        Registry.Push("1.0.0", "old");
        var digest = Registry.PushIndex("1.1.0", "new", "linux/amd64", "linux/arm64");

        _world.Watch("a");
        await _world.PassAsync();

        var seen = _world.Seen();
        Assert.Equal(("1.1.0", digest, "linux/amd64, linux/arm64"), (seen.Tag, seen.Digest, seen.Platforms.ToString()));
        Assert.Contains("1.1.0 is the highest", seen.Why, StringComparison.Ordinal);
        Assert.Equal(["a"], _world.Changes);
        Assert.Equal("GET list, GET 1.1.0", Registry.Drain());
    }

    [Fact]
    public async Task The_platform_of_a_single_image_is_in_its_config()
    {
        Registry.Push("1.0.0", "one", platform: "linux/arm64");

        _world.Watch("a");
        await _world.PassAsync();

        Assert.Equal("linux/arm64", _world.Seen().Platforms.ToString());
        Assert.Equal("GET list, GET 1.0.0, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task An_idle_interval_costs_one_request_and_tells_nobody()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        (_, _) = (Registry.Drain(), _world.Changes.TryDequeue(out _));

        for (var i = 0; i < 5; i++)
        {
            await _world.PassAsync(Minute);
        }

        Assert.Equal("GET list, GET list, GET list, GET list, GET list", Registry.Drain());
        Assert.Empty(_world.Changes);
    }

    [Fact]
    public async Task Fifty_subscribers_of_one_repository_cost_one_request_an_interval_from_the_first_on()
    {
        Registry.Push("1.0.0", "one");

        for (var i = 0; i < 50; i++)
        {
            _world.Watch($"namespace-{i}/shop");
        }

        await _world.PassAsync();
        await _world.PassAsync(Minute);

        Assert.Equal(2, Registry.Count("GET", "tags/list"));
        Assert.Equal(3 + 1, Registry.Requests.Count);
        Assert.Equal(1, _world.Feeds.Feeds);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal("1.0.0", _world.Seen($"namespace-{i}/shop").Tag));
        Assert.Equal(50, _world.Changes.Count);
    }

    [Fact]
    public async Task A_subscriber_that_asks_what_was_answered_already_costs_nothing()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        _world.Watch("b");

        Assert.Equal("1.0.0", _world.Seen("b").Tag);
        Assert.Equal("", Registry.Drain());
    }

    [Fact]
    public async Task Subscribing_again_with_the_same_request_changes_nothing()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        for (var i = 0; i < 100; i++)
        {
            _world.Watch("a", _world.Request() with { Known = new KnownImage("1.0.0", $"sha256:{i}") });
        }

        await _world.PassAsync();
        Assert.Equal("", Registry.Drain());
        Assert.Equal(["a"], _world.Changes);
    }

    [Fact]
    public async Task Different_questions_about_a_repository_share_its_list()
    {
        Registry.Push("1.0.0", "one");
        Registry.Push("2.0.0", "two");

        _world.Watch("a", _world.Request(Semver("<2")));
        _world.Watch("b", _world.Request(Semver(">=2")));
        await _world.PassAsync();
        await _world.PassAsync(Minute);

        Assert.Equal(("1.0.0", "2.0.0"), (_world.Seen("a").Tag, _world.Seen("b").Tag));
        Assert.Equal(2, Registry.Count("GET", "tags/list"));
    }

    [Fact]
    public async Task A_new_version_is_seen_at_the_next_poll_and_costs_what_it_must()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        var digest = Registry.Push("1.1.0", "two");
        await _world.PassAsync(Minute);

        Assert.Equal(("1.1.0", digest), (_world.Seen().Tag, _world.Seen().Digest));
        Assert.Equal("GET list, GET 1.1.0, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task A_list_that_changed_without_changing_the_pick_costs_the_list_only()
    {
        Registry.Push("1.5.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        Registry.Push("1.2.0", "two");
        await _world.PassAsync(Minute);

        Assert.Equal("GET list", Registry.Drain());
        Assert.Equal("1.5.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task Nothing_that_fits_is_said_in_the_policy_s_words()
    {
        Registry.Push("main", "one");

        _world.Watch("a");
        await _world.PassAsync();

        Assert.NotEqual("", Assert.IsType<Sighting.NoMatch>(_world.Sees()).Why);
        Assert.Equal(["a"], _world.Changes);
    }

    [Fact]
    public async Task Tags_that_are_not_tags_are_never_picked()
    {
        Registry.Push("1.0.0", "one");
        Registry.Tag(".9.0.0", "sha256:x");
        Registry.Tag("9.0.0/../x", "sha256:x");
        Registry.Tag(new string('9', 200), "sha256:x");

        _world.Watch("a");
        await _world.PassAsync();

        Assert.Equal("1.0.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task What_is_deployed_already_is_not_asked_for_after_a_restart()
    {
        var digest = Registry.Push("1.0.0", "one");

        _world.Watch("a", _world.Request() with { Known = new KnownImage("1.0.0", digest) });
        await _world.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(("1.0.0", digest), (_world.Seen().Tag, _world.Seen().Digest));
        Assert.Equal("GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_candidate_that_came_while_we_were_away_is_read_in_full()
    {
        var old = Registry.Push("1.0.0", "one");
        Registry.Push("1.1.0", "two", platform: "linux/arm64");

        _world.Watch("a", _world.Request() with { Known = new KnownImage("1.0.0", old) });
        await _world.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("linux/arm64", _world.Seen().Platforms.ToString());
    }

    [Fact]
    public async Task A_version_pushed_again_is_not_noticed_by_polling_but_by_a_hint()
    {
        var first = Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        var second = Registry.Push("1.0.0", "one, again");

        await _world.PassAsync(Minute);
        Assert.Equal(first, _world.Seen().Digest);

        Assert.Equal(1, _world.Feeds.Hint(Registry.Repository()));
        await _world.PassAsync();
        Assert.Equal(second, _world.Seen().Digest);
    }

    [Fact]
    public async Task A_person_s_check_looks_as_closely_as_a_hint()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        var second = Registry.Push("1.0.0", "one, again");

        _world.Feeds.CheckNow("a");
        _world.Feeds.CheckNow("nobody");
        await _world.PassAsync();

        Assert.Equal(second, _world.Seen().Digest);
    }

    [Fact]
    public async Task The_digest_of_the_running_tag_is_resolved_once_while_it_is_asked_for()
    {
        var running = Registry.Push("0.9.0", "old");
        Registry.Push("1.0.0", "one");
        _world.Watch("a", _world.Request() with { RunningTag = "0.9.0" });
        await _world.PassAsync();

        Assert.Equal(running, _world.Feeds.Latest("a").RunningDigest);
        Registry.Drain();
        await _world.PassAsync(Minute);
        Assert.Equal("GET list", Registry.Drain());

        _world.Watch("a");
        Assert.Null(_world.Feeds.Latest("a").RunningDigest);
        Assert.Equal("1.0.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task A_running_tag_that_is_gone_is_no_problem_and_has_no_digest()
    {
        Registry.Push("1.0.0", "one");

        _world.Watch("a", _world.Request() with { RunningTag = "gone" });
        await _world.PassAsync();

        Assert.Equal("1.0.0", _world.Seen().Tag);
        Assert.Null(_world.Feeds.Latest("a").RunningDigest);
    }

    [Fact]
    public async Task A_changed_question_is_answered_at_once_and_not_by_the_old_answer()
    {
        Registry.Push("1.0.0", "one");
        Registry.Push("2.0.0", "two");
        _world.Watch("a", _world.Request(Semver("<2")));
        await _world.PassAsync();

        _world.Watch("a", _world.Request(Semver(">=2")));

        Assert.IsType<Sighting.Pending>(_world.Sees());
        await _world.PassAsync();
        Assert.Equal("2.0.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task Moving_to_another_repository_leaves_the_old_feed_to_nobody()
    {
        Registry.Push("1.0.0", "one");
        Registry.Push("3.0.0", "three", "acme/other");
        _world.Watch("a");
        await _world.PassAsync();

        _world.Watch("a", _world.Request(path: "acme/other"));
        await _world.PassAsync();

        Assert.Equal("3.0.0", _world.Seen().Tag);
        Assert.Equal(1, _world.Feeds.Feeds);
    }

    [Fact]
    public async Task A_feed_without_subscribers_asks_nothing_more()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        _world.Feeds.Forget("a");
        _world.Feeds.Forget("a");
        await _world.PassAsync(Minute * 5);

        Assert.Equal("", Registry.Drain());
        Assert.Equal(SourceView.Pending, _world.Feeds.Latest("a"));
        Assert.Equal(0, _world.Feeds.Feeds);
    }

    [Fact]
    public async Task The_shortest_interval_of_a_feed_s_subscribers_counts_from_when_it_comes()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a", _world.Request() with { Interval = TimeSpan.FromHours(1) });
        await _world.PassAsync();
        _world.Watch("b", _world.Request() with { Interval = TimeSpan.FromSeconds(10) });
        Registry.Drain();

        for (var i = 0; i < 6; i++)
        {
            await _world.PassAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(6, Registry.Count("GET", "tags/list"));
        _world.Feeds.Forget("b");
        Assert.Equal("1.0.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task Different_credentials_are_different_feeds()
    {
        Registry.Push("1.0.0", "one");

        _world.Watch("a");
        _world.Watch("b", _world.Request() with { Credentials = new CredentialChain([new("bob", "x")]) });
        _world.Watch("c", _world.Request() with { Credentials = new CredentialChain([new("bob", "x")]) });
        await _world.PassAsync();

        Assert.Equal(2, _world.Feeds.Feeds);
        Assert.Equal(2, Registry.Count("GET", "tags/list"));
    }

    [Fact]
    public async Task The_second_credential_is_tried_where_the_first_is_refused_and_first_from_then_on()
    {
        Registry.Push("1.0.0", "one");
        Registry.Challenge = "Basic realm=\"x\"";
        Registry.Accepts = header => header == TestRegistry.BasicHeader("good:1");
        _world.Watch("a", _world.Request() with { Credentials = new CredentialChain([new("bad", "0"), new("good", "1")]) });
        await _world.PassAsync();
        Assert.Equal("1.0.0", _world.Seen().Tag);
        Registry.Drain();

        await _world.PassAsync(Minute);

        Assert.Equal("GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_hint_for_a_repository_that_nobody_watches_is_nothing()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        Assert.Equal(0, _world.Feeds.Hint(new RepositoryName("ghcr.io", "someone/else")));
        await _world.PassAsync();

        Assert.Equal("", Registry.Drain());
    }

    [Fact]
    public async Task A_hint_from_a_registry_that_has_another_name_for_itself_is_understood_by_its_path()
    {
        Registry.Push("1.0.0", "one");
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();

        Assert.Equal(1, _world.Feeds.Hint(new RepositoryName("registry.infra.svc:5000", "acme/shop")));
        await _world.PassAsync();

        Assert.Equal("GET list, HEAD 1.0.0", Registry.Drain());
    }
}
