using Slipway.Registry;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

/// <summary>Where the server can tell that nothing has changed, it is let; where it cannot, it is not asked.</summary>
public sealed class ConditionalRequestTests : IAsyncLifetime
{
    private FeedWorld _world = null!;

    private TestRegistry Registry => _world.Registry;

    public async ValueTask InitializeAsync() => _world = await StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_list_with_a_validator_is_sent_once()
    {
        Registry.ValidatesLists = true;
        Registry.Push("1.0.0", "one");
        await WatchAsync();
        Assert.Equal(0, Conditional());

        await PassAsync(3);
        Assert.Equal((3, 3), (Conditional(), Registry.Count("GET", "tags/list")));
        Assert.Equal("1.0.0", _world.Seen().Tag);

        Registry.Push("1.1.0", "two");
        await PassAsync(1);
        Assert.Equal("1.1.0", _world.Seen().Tag);
        await PassAsync(1);
        Assert.Equal("1.1.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task Without_a_validator_none_is_sent()
    {
        Registry.Push("1.0.0", "one");
        await WatchAsync();

        await PassAsync(3);

        Assert.Equal(0, Conditional());
    }

    [Fact]
    public async Task The_validator_of_a_first_page_is_not_the_list_s()
    {
        (Registry.ValidatesLists, Registry.MaxPageSize) = (true, 1);
        Registry.Push("1.0.0", "one");
        Registry.Push("1.1.0", "two");
        await WatchAsync();

        Registry.Push("1.2.0", "three");
        await PassAsync(2);

        Assert.Equal("1.2.0", _world.Seen().Tag);
        Assert.Equal(0, Conditional());
    }

    [Fact]
    public async Task Another_question_gets_the_tags_whatever_the_first_one_had_judged()
    {
        Registry.ValidatesLists = true;
        Registry.Push("1.0.0", "one");
        Registry.Push("2.0.0", "two");
        await WatchAsync();

        _world.Watch("b", _world.Request(Semver("<2")));
        await PassAsync(2);

        Assert.Equal(("2.0.0", "1.0.0"), (_world.Seen().Tag, _world.Seen("b").Tag));
    }

    [Fact]
    public async Task A_hint_is_not_answered_by_nothing_has_changed()
    {
        Registry.ValidatesLists = true;
        Registry.Push("1.0.0", "one");
        await WatchAsync();

        _world.Feeds.Hint(Registry.Repository(), "1.0.0");
        await _world.PassAsync();

        Assert.Equal(0, Conditional());
    }

    [Fact]
    public async Task A_moving_tag_that_stays_is_said_to_stay()
    {
        Registry.ValidatesManifests = true;
        Registry.Push("prod", "one");
        _world.Watch("a", _world.Request(Moving(pattern: null)));
        await _world.PassAsync();
        Registry.Drain();

        await PassAsync(4);
        Assert.Equal(3, Conditional());
        Assert.Equal("HEAD prod, HEAD prod, HEAD prod, HEAD prod", Registry.Drain());

        var digest = Registry.Push("prod", "two");
        await PassAsync(1);
        Assert.Equal(digest, _world.Seen().Digest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registry_that_tells_no_digest_but_a_validator_is_not_pulled_from_every_minute(bool answers304)
    {
        (Registry.TellsDigests, Registry.ValidatesManifests) = (false, true);
        if (!answers304)
        {
            Registry.Misbehaves = http =>
            {
                http.Request.Headers.IfNoneMatch = default;
                return Task.FromResult(false);
            };
        }

        var digest = Registry.Push("prod", "one");
        _world.Watch("a", _world.Request(Moving(pattern: null)));
        await _world.PassAsync();
        await PassAsync(1);
        Registry.Drain();

        await PassAsync(3);

        Assert.Equal("HEAD prod, HEAD prod, HEAD prod", Registry.Drain());
        Assert.Equal(digest, _world.Seen().Digest);
        digest = Registry.Push("prod", "two");
        await PassAsync(1);
        Assert.Equal(digest, _world.Seen().Digest);
    }

    [Fact]
    public async Task A_304_that_nobody_asked_for_is_no_answer()
    {
        Registry.Misbehaves = http =>
        {
            http.Response.StatusCode = 304;
            return Task.FromResult(true);
        };

        _world.Watch("a");
        await _world.PassAsync();

        Assert.Equal("InvalidAnswer", _world.Reason());
    }

    [Theory]
    [InlineData("\"sha256:abc\"", true, true)]
    [InlineData("W/\"5-abc\"", true, false)]
    [InlineData("abc", false, false)]
    [InlineData("\"\"", false, false)]
    [InlineData("\"a\"b\"", false, false)]
    [InlineData("\"a b\"", false, false)]
    [InlineData("\"a\r\nX: y\"", false, false)]
    [InlineData("\"", false, false)]
    [InlineData("W/", false, false)]
    [InlineData("", false, false)]
    [InlineData(null, false, false)]
    public void Only_what_is_a_validator_is_sent_back(string? header, bool any, bool strong)
    {
        Assert.Equal(any ? header : null, EntityTag.Of(header));
        Assert.Equal(strong ? header : null, EntityTag.StrongOf(header));
        Assert.Null(EntityTag.Of($"\"{new string('a', 300)}\""));
    }

    private int Conditional() => Registry.Requests.Count(request => request.Everything.Contains("If-None-Match", StringComparison.OrdinalIgnoreCase));

    private async Task WatchAsync()
    {
        _world.Watch("a");
        await _world.PassAsync();
        Registry.Drain();
    }

    private async Task PassAsync(int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            await _world.PassAsync(Minute);
        }
    }
}
