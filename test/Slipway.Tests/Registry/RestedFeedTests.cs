using Slipway.Sources;

namespace Slipway.Tests.Registry;

/// <summary>What a feed finds out about a candidate that has rested while a newer one has not.</summary>
public sealed class RestedFeedTests : IAsyncLifetime
{
    private FeedWorld _world = null!;

    private TestRegistry Registry => _world.Registry;

    public async ValueTask InitializeAsync() => _world = await FeedWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task It_is_asked_for_at_once_when_its_time_has_come_and_not_again_at_each_interval()
    {
        var old = Registry.Push("1.0.0", "one", platform: "linux/arm64");
        Registry.Push("1.1.0", "two");
        await LookAsync(null);
        Registry.Drain();

        await LookAsync(new KnownImage("1.0.0", old));

        Assert.Equal("GET list, HEAD 1.0.0, GET digest, GET blob", Registry.Drain());
        Assert.Equal(("1.0.0", old, "linux/arm64"), (Rested.Seen!.Tag, Rested.Digest, $"{Rested.Seen.Platforms}"));
        Assert.Equal("1.1.0", _world.Seen().Tag);

        await _world.PassAsync(FeedWorld.Minute);

        Assert.Equal("GET list", Registry.Drain());
        Assert.NotNull(Rested.Seen);
    }

    [Fact]
    public async Task One_that_was_deleted_is_gone()
    {
        var old = Registry.Push("1.0.0", "one");
        Registry.Push("1.1.0", "two");
        Registry.Untag("1.0.0");

        await LookAsync(new KnownImage("1.0.0", old));

        Assert.Equal(new RestedView(old, null), Rested);
        Assert.Equal("1.1.0", _world.Seen().Tag);
    }

    [Fact]
    public async Task One_whose_tag_was_pushed_again_is_gone()
    {
        var old = Registry.Push("1.0.0", "one");
        Registry.Push("1.0.0", "another");
        Registry.Push("1.1.0", "two");

        await LookAsync(new KnownImage("1.0.0", old));

        Assert.Equal(new RestedView(old, null), Rested);
    }

    [Fact]
    public async Task Where_the_registry_does_not_answer_nothing_is_concluded()
    {
        var old = Registry.Push("1.0.0", "one");
        Registry.Push("1.1.0", "two");
        Registry.Misbehaves = http =>
        {
            var fails = http.Request.Path.Value!.EndsWith("/manifests/1.0.0", StringComparison.Ordinal);
            http.Response.StatusCode = fails ? 500 : 200;
            return Task.FromResult(fails);
        };

        await LookAsync(new KnownImage("1.0.0", old));

        Assert.Null(_world.Feeds.Latest("a").Rested);
    }

    [Fact]
    public async Task It_is_looked_at_again_when_something_is_said_to_have_changed()
    {
        var old = Registry.Push("1.0.0", "one");
        Registry.Push("1.1.0", "two");
        await LookAsync(new KnownImage("1.0.0", old));
        Registry.Untag("1.0.0");

        _world.Feeds.Hint(Registry.Repository());
        await _world.PassAsync(TimeSpan.FromSeconds(3));

        Assert.Null(Rested.Seen);
    }

    private RestedView Rested => _world.Feeds.Latest("a").Rested!;

    private async Task LookAsync(KnownImage? rested)
    {
        _world.Watch("a", _world.Request() with { Rested = rested });
        await _world.PassAsync();
    }
}
