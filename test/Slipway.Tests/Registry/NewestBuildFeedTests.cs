using System.Globalization;
using Slipway.Api;
using Slipway.Policies;
using Slipway.Sources;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

public sealed class NewestBuildFeedTests : IAsyncLifetime
{
    private FeedWorld _world = null!;

    private TestRegistry Registry => _world.Registry;

    public async ValueTask InitializeAsync() => _world = await FeedWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task The_image_that_was_built_last_is_seen_whatever_its_name()
    {
        Push("z-old", 1);
        var digest = Push("a-new", 3);
        Push("m-middle", 2);

        await LookAsync();

        Assert.Equal(("a-new", digest, At(3)), (_world.Seen().Tag, _world.Seen().Digest, _world.Seen().Built));
        Assert.Equal("a-new is the newest of 3 builds, of 2026-01-01 12:03:00Z", _world.Seen().Why);
    }

    [Fact]
    public async Task An_idle_interval_is_one_list()
    {
        Push("one", 1);
        Push("two", 2);
        await LookAsync();
        Registry.Drain();

        await _world.PassAsync(Minute);
        await _world.PassAsync(Minute);

        Assert.Equal("GET list, GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_new_tag_costs_its_own_questions_and_no_other()
    {
        Push("one", 1);
        Push("two", 2);
        await LookAsync();
        Registry.Drain();

        Push("three", 3);
        await _world.PassAsync(Minute);

        Assert.Equal("three", _world.Seen().Tag);
        Assert.Equal("GET list, HEAD three, GET digest, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task Two_tags_on_one_digest_are_read_once()
    {
        Registry.Tag("1.0", Push("1.0.0", 1));

        await LookAsync();

        // One manifest and its config, for the time and for the platforms of what is picked.
        Assert.Equal((1, 1), (Registry.Count("GET", "/manifests/"), Registry.Count("GET", "/blobs/")));
        Assert.Equal("GET list, HEAD 1.0, HEAD 1.0.0", string.Join(", ", Registry.Drain().Split(", ")[..3].Order()));
        Assert.Equal("1.0.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task Of_an_index_the_first_image_tells()
    {
        Push("one", 1, "two", "linux/amd64");
        Registry.PushIndex("multi", "many", Text(5), ["linux/amd64", "linux/arm64"]);
        Registry.Misbehaves = http =>
        {
            http.Request.Path = http.Request.Path.Value!.Replace("acme/parts", "acme/shop", StringComparison.Ordinal);
            return Task.FromResult(false);
        };

        await LookAsync();

        Assert.Equal(("multi", At(5)), (_world.Seen().Tag, _world.Seen().Built));
    }

    [Fact]
    public async Task A_filter_keeps_the_others_from_being_asked_for()
    {
        Push("main-1", 1);
        Push("dev-1", 2);
        Push("dev-2", 3);

        await LookAsync(Newest(new Filter("^main-")));

        Assert.Equal("main-1", _world.Seen().Tag);
        Assert.Equal(0, Registry.Count("HEAD", "dev-"));
    }

    [Fact]
    public async Task Nothing_is_picked_before_all_is_known_and_the_progress_is_told()
    {
        var told = new List<Sighting>();
        for (var at = 0; at < 250; at++)
        {
            Push($"t{at:000}", at);
        }

        _world.Feeds.Watch("a", _world.Request(Newest()), () => told.Add(_world.Sees()));
        await _world.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(["reading build times: 100 of 250 tags", "reading build times: 200 of 250 tags"], told.OfType<Sighting.Pending>().Select(pending => pending.Progress));
        Assert.Equal("t249", _world.Seen().Tag);
        Assert.Equal(3, told.Count);
        Assert.Equal(250, Registry.Count("HEAD", "/manifests/t"));
    }

    [Fact]
    public async Task A_registry_that_fails_in_the_middle_is_gone_on_with_where_it_was_left()
    {
        for (var at = 0; at < 40; at++)
        {
            Push($"t{at:000}", at);
        }

        Registry.Misbehaves = http =>
        {
            var fails = Registry.Count("HEAD", "/manifests/") > 20;
            http.Response.StatusCode = fails ? 503 : 200;
            return Task.FromResult(fails);
        };
        await LookAsync();
        Assert.Equal("RegistryUnavailable", _world.Reason());
        var asked = Registry.Count("HEAD", "/manifests/");
        Assert.InRange(asked, 21, 24);
        Registry.Misbehaves = _ => Task.FromResult(false);
        Registry.Drain();

        await _world.PassAsync(10 * Minute);

        Assert.Equal("t039", _world.Seen().Tag);
        Assert.InRange(Registry.Count("HEAD", "/manifests/"), 20, 24);
    }

    [Fact]
    public async Task A_tag_that_cannot_be_read_yet_is_asked_for_again_without_a_change_of_the_list()
    {
        Push("one", 1);
        var digest = Push("two", 2);
        var hidden = true;
        Registry.Misbehaves = http =>
        {
            var hides = hidden && http.Request.Path.Value!.EndsWith("/manifests/two", StringComparison.Ordinal);
            http.Response.StatusCode = hides ? 404 : 200;
            return Task.FromResult(hides);
        };
        await LookAsync();
        Assert.Equal("one", _world.Seen().Tag);

        hidden = false;
        await _world.PassAsync(Minute);

        Assert.Equal(("two", digest), (_world.Seen().Tag, _world.Seen().Digest));
    }

    [Fact]
    public async Task A_tag_that_moved_is_noticed_at_a_hint()
    {
        Push("stable", 1);
        Push("main", 2);
        await LookAsync();
        var moved = Push("stable", 9, "again");
        await _world.PassAsync(Minute);
        Assert.Equal("main", _world.Seen().Tag);

        _world.Feeds.Hint(Registry.Repository());
        await _world.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(("stable", moved, At(9)), (_world.Seen().Tag, _world.Seen().Digest, _world.Seen().Built));
    }

    [Fact]
    public async Task A_tag_that_is_gone_is_picked_no_longer()
    {
        Push("one", 1);
        Push("two", 2);
        await LookAsync();

        Registry.Untag("two");
        await _world.PassAsync(Minute);

        Assert.Equal(("one", At(1)), (_world.Seen().Tag, _world.Seen().Built));
    }

    [Fact]
    public async Task What_is_no_image_and_what_tells_no_time_is_passed_over()
    {
        Push("one", 1);
        Registry.Push("epoch", "epoch", created: "1970-01-01T00:00:00Z");
        Registry.Push("silent", "silent");
        Registry.PushManifest("empty", "application/vnd.oci.image.index.v1+json", """{"schemaVersion": 2, "manifests": []}""");

        await LookAsync();

        Assert.Equal("one is the newest of 1 build, of 2026-01-01 12:01:00Z; 3 tell no time of their build and were passed over", _world.Seen().Why);
    }

    [Fact]
    public async Task A_list_policy_on_the_same_repository_shares_the_list()
    {
        Push("1.0.0", 1);
        Push("1.1.0", 0);
        _world.Watch("semver");
        await LookAsync();
        Registry.Drain();

        await _world.PassAsync(Minute);

        Assert.Equal("GET list", Registry.Drain());
        Assert.Equal(("1.1.0", "1.0.0"), (_world.Seen("semver").Tag, _world.Seen().Tag));
    }

    private async Task LookAsync(FollowQuestion? question = null)
    {
        _world.Watch("a", _world.Request(question ?? Newest()));
        await _world.PassAsync();
    }

    private string Push(string tag, int minute, string content = "", string platform = "linux/amd64") => Registry.Push(tag, tag + content, platform: platform, created: Text(minute));

    private static DateTimeOffset At(int minute) => new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).AddMinutes(minute);

    // With more digits than a tick has, as Go writes them.
    private static string Text(int minute) => At(minute).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + ".000000001Z";

    private static FollowQuestion Newest(Filter? filter = null)
    {
        var source = new Source { Follow = new Follow { Newest = new NewestPolicy() }, Filter = filter };
        return FollowRule.TryRead(source, out var rule, out var problem) ? FollowQuestion.Of(rule, source) : throw new Xunit.Sdk.XunitException(problem.ToString());
    }
}
