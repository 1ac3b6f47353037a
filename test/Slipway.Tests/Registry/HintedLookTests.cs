using Slipway.Sources;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

/// <summary>What a hint costs, and how long what it spoke of is looked for. A registry may tell of a push before it can be read.</summary>
public sealed class HintedLookTests : IAsyncLifetime
{
    private static readonly TimeSpan AllEchoes = TimeSpan.FromSeconds(5);

    private FeedWorld _world = null!;

    private TestRegistry Registry => _world.Registry;

    public async ValueTask InitializeAsync() => _world = await FeedWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_tag_that_can_be_read_at_once_is_one_look()
    {
        await WatchedAsync(Semver());
        var digest = Registry.Push("1.1.0", "two");

        await HintAsync("1.1.0");

        Assert.Equal(digest, _world.Seen().Digest);
        Assert.Equal("GET list, GET 1.1.0, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task A_tag_that_comes_after_its_notification_is_found_by_looking_again()
    {
        await WatchedAsync(Semver());

        _world.Feeds.Hint(Registry.Repository(), "1.1.0");
        await _world.PassAsync();
        Assert.Equal("1.0.0", _world.Seen().Tag);
        var digest = Registry.Push("1.1.0", "two");
        await _world.PassAsync(AllEchoes);

        Assert.Equal(digest, _world.Seen().Digest);
        Assert.Equal("GET list, GET list, GET 1.1.0, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task A_tag_that_never_comes_is_looked_for_five_times_in_all()
    {
        await WatchedAsync(Semver());

        await HintAsync("9.9.9");
        Assert.Equal("GET list, GET list, GET list, GET list, GET list", Registry.Drain());

        await _world.PassAsync(Minute);
        Assert.Equal("GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_push_below_the_pick_is_over_when_it_is_in_the_list()
    {
        await WatchedAsync(Semver());
        Registry.Push("1.0.0-below", "two");
        Registry.Push("1.0.0", "one");
        Registry.Push("0.9.0", "old");
        await WatchedAsync(Semver(">=0"));

        Registry.Push("0.9.1", "old but newer");
        await HintAsync("0.9.1");

        Assert.Equal("GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_tag_that_nobody_could_pick_is_one_look_and_no_more()
    {
        await WatchedAsync(Semver());

        await HintAsync("main-1234");

        Assert.Equal("GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_tag_that_one_of_several_could_pick_is_looked_for()
    {
        await WatchedAsync(Semver());
        _world.Watch("b", _world.Request(Semver(">=1.0-0")));
        await _world.PassAsync();
        Registry.Drain();

        await HintAsync("1.1.0-rc.1");

        Assert.Equal(5, Registry.Count("GET", "tags/list"));
    }

    [Fact]
    public async Task The_picked_tag_pushed_again_is_looked_for_until_it_is_on_another_image()
    {
        await WatchedAsync(Semver());

        _world.Feeds.Hint(Registry.Repository(), "1.0.0");
        await _world.PassAsync();
        Assert.Equal("GET list, HEAD 1.0.0", Registry.Drain());
        var digest = Registry.Push("1.0.0", "again");
        await _world.PassAsync(AllEchoes);

        Assert.Equal(digest, _world.Seen().Digest);
        Assert.Equal("GET list, HEAD 1.0.0, GET digest, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task A_hint_for_another_tag_does_not_ask_for_the_picked_one_again()
    {
        await WatchedAsync(Semver());
        Registry.Push("1.0.0-0", "a prerelease of what is there");

        await HintAsync("1.0.0-0");

        Assert.Equal("GET list", Registry.Drain());
    }

    [Fact]
    public async Task A_moving_tag_is_looked_for_until_it_has_moved()
    {
        await WatchedAsync(Moving(pattern: null), "prod");

        _world.Feeds.Hint(Registry.Repository(), "prod");
        await _world.PassAsync();
        var digest = Registry.Push("prod", "two");
        await _world.PassAsync(AllEchoes);

        Assert.Equal(digest, _world.Seen().Digest);
        Assert.Equal("HEAD prod, HEAD prod, GET digest, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task The_version_tag_of_an_image_that_has_one_is_one_look()
    {
        var digest = Registry.Push("1.0.0", "one");
        Registry.Tag("prod", digest);
        await WatchedAsync(Moving());

        await HintAsync("1.1.0");

        Assert.Equal("HEAD prod", Registry.Drain());
    }

    [Fact]
    public async Task Without_a_tag_nothing_can_be_left_out()
    {
        await WatchedAsync(Semver());

        await HintAsync(null);

        Assert.Equal(5, Registry.Count("GET", "tags/list"));
        Assert.Equal(5, Registry.Count("HEAD", "1.0.0"));
    }

    [Theory]
    [InlineData("sha256:0000")]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    public async Task What_is_no_tag_is_as_good_as_none(string tag)
    {
        await WatchedAsync(Semver());

        await HintAsync(tag);

        Assert.Equal(5, Registry.Count("HEAD", "1.0.0"));
    }

    [Fact]
    public async Task Two_tags_of_one_push_are_looked_for_together()
    {
        await WatchedAsync(Semver());

        _world.Feeds.Hint(Registry.Repository(), "1.1.0");
        _world.Feeds.Hint(Registry.Repository(), "1.2.0");
        await _world.PassAsync();
        Registry.Push("1.1.0", "two");
        await _world.PassAsync(TimeSpan.FromMilliseconds(50));
        var digest = Registry.Push("1.2.0", "three");
        await _world.PassAsync(AllEchoes);

        Assert.Equal(digest, _world.Seen().Digest);
        Assert.InRange(Registry.Count("GET", "tags/list"), 3, 5);
    }

    [Fact]
    public async Task A_person_s_check_is_one_look()
    {
        await WatchedAsync(Semver());

        _world.Feeds.CheckNow("a");
        await _world.PassAsync();
        await _world.PassAsync(AllEchoes);

        Assert.Equal("GET list, HEAD 1.0.0", Registry.Drain());
    }

    [Fact]
    public void A_rule_knows_which_tags_it_could_pick()
    {
        Assert.True(Semver(">=1").Concerns("1.2.3"));
        Assert.False(Semver(">=1").Concerns("0.9.0"));
        Assert.False(Semver(">=1").Concerns("sha256-abc.sig"));
        Assert.True(Moving("prod").Concerns("prod"));
        Assert.True(Moving("prod").Concerns("1.2.3"));
        Assert.False(Moving("prod").Concerns("staging"));
        Assert.False(Moving("prod", pattern: null).Concerns("1.2.3"));
        Assert.True(new FollowQuestion.AmongTags("one that cannot tell", _ => throw new InvalidOperationException()).Concerns("x"));
    }

    private async Task WatchedAsync(FollowQuestion question, string tag = "1.0.0")
    {
        if (Registry.Requests.IsEmpty)
        {
            Registry.Push(tag, "one");
        }

        _world.Watch("a", _world.Request(question));
        await _world.PassAsync();
        Registry.Drain();
    }

    private async Task HintAsync(string? tag)
    {
        Assert.Equal(1, _world.Feeds.Hint(Registry.Repository(), tag));
        await _world.PassAsync();
        await _world.PassAsync(AllEchoes);
    }
}
