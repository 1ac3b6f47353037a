using Slipway.Sources;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

public sealed class MovingTagFeedTests : IAsyncLifetime
{
    private FeedWorld _world = null!;

    private TestRegistry Registry => _world.Registry;

    public async ValueTask InitializeAsync() => _world = await FeedWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task The_version_is_another_tag_on_the_same_digest()
    {
        Registry.Push("1.0.0", "one");
        Registry.Push("1.2.0", "three");
        var digest = Registry.Push("1.1.0", "two");
        Registry.Tag("prod", digest);
        Registry.Tag("00feedback-env", digest);

        await LookAsync(Moving());

        Assert.Equal(("1.1.0", digest), (_world.Seen().Tag, _world.Seen().Digest));
        Assert.Equal("GET prod, GET blob, GET list, HEAD 1.2.0, HEAD 1.1.0", Registry.Drain());
    }

    [Fact]
    public async Task An_idle_interval_is_one_head()
    {
        Registry.Tag("prod", Registry.Push("1.0.0", "one"));
        await LookAsync(Moving());
        Registry.Drain();

        await _world.PassAsync(Minute);
        await _world.PassAsync(Minute);

        Assert.Equal("HEAD prod, HEAD prod", Registry.Drain());
        Assert.Single(_world.Changes);
    }

    [Fact]
    public async Task A_tag_that_goes_back_is_seen_to_go_back_and_its_image_is_known_still()
    {
        var old = Registry.Push("1.0.0", "one");
        Registry.Tag("prod", old);
        await LookAsync(Moving());
        Registry.Tag("prod", Registry.Push("1.1.0", "two"));
        await _world.PassAsync(Minute);
        Assert.Equal("1.1.0", _world.Seen().Tag);
        Registry.Drain();

        Registry.Tag("prod", old);
        await _world.PassAsync(Minute);

        Assert.Equal(("1.0.0", old), (_world.Seen().Tag, _world.Seen().Digest));
        Assert.Equal("HEAD prod, GET list, HEAD 1.1.0, HEAD 1.0.0", Registry.Drain());
    }

    [Fact]
    public async Task What_the_image_says_of_itself_is_asked_first()
    {
        for (var i = 0; i < 200; i++)
        {
            Registry.Tag($"2.{i}.0", "sha256:none");
        }

        Registry.Tag("prod", Registry.Push("1.1.0", "two", version: "1.1.0"));

        await LookAsync(Moving());

        Assert.Equal("1.1.0", _world.Seen().Tag);
        Assert.Equal("GET prod, GET blob, GET list, HEAD 1.1.0", Registry.Drain());
    }

    [Fact]
    public async Task After_fifty_questions_the_version_is_given_up()
    {
        var other = Registry.Push("3.0.0", "other");
        for (var i = 0; i < 200; i++)
        {
            Registry.Tag($"2.{i}.0", other);
        }

        Registry.Tag("prod", Registry.Push("1.1.0", "two"));

        await LookAsync(Moving());

        Assert.Equal("prod", _world.Seen().Tag);
        Assert.Equal(50, Registry.Count("HEAD", "/manifests/"));
    }

    [Theory]
    [InlineData("7.7.7", "abcdef0", "7.7.7")]
    [InlineData("", "abcdef0", "abcdef0")]
    [InlineData("not a tag!", "", "prod")]
    public async Task Without_a_version_tag_the_image_s_label_names_it_and_else_the_tag_itself(string version, string revision, string expected)
    {
        Registry.Push("prod", "one", version: version, revision: revision);

        await LookAsync(Moving());

        Assert.Equal(expected, _world.Seen().Tag);
    }

    [Fact]
    public async Task Without_a_pattern_no_list_is_read()
    {
        Registry.Tag("prod", Registry.Push("1.0.0", "one"));

        await LookAsync(Moving(pattern: null));

        Assert.Equal("prod", _world.Seen().Tag);
        Assert.Equal("GET prod, GET blob", Registry.Drain());
    }

    [Fact]
    public async Task The_labels_of_an_index_are_those_of_its_first_image()
    {
        var digest = Registry.PushIndex("prod", "4.5.6", "linux/amd64", "linux/arm64");
        foreach (var part in new[] { "part-linux-amd64", "part-linux-arm64" })
        {
            Registry.Untag(part, "acme/parts");
        }

        await LookAsync(Moving());

        Assert.Equal(("4.5.6", digest, "linux/amd64, linux/arm64"), (_world.Seen().Tag, _world.Seen().Digest, _world.Seen().Platforms.ToString()));
    }

    [Fact]
    public async Task A_version_tag_that_comes_after_the_moving_tag_is_found_at_the_hint_of_its_push()
    {
        var digest = Registry.Push("prod", "one");
        await LookAsync(Moving());
        Assert.Equal("prod", _world.Seen().Tag);

        Registry.Tag("1.0.0", digest);
        _world.Feeds.Hint(Registry.Repository());
        await _world.PassAsync();

        Assert.Equal(("1.0.0", digest), (_world.Seen().Tag, _world.Seen().Digest));
    }

    [Fact]
    public async Task What_is_deployed_already_is_one_head_after_a_restart()
    {
        var digest = Registry.Push("1.0.0", "one");
        Registry.Tag("prod", digest);

        _world.Watch("a", _world.Request(Moving()) with { Known = new KnownImage("1.0.0", digest) });
        await _world.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(("1.0.0", digest), (_world.Seen().Tag, _world.Seen().Digest));
        Assert.Equal("HEAD prod", Registry.Drain());
    }

    [Fact]
    public async Task Several_moving_tags_and_a_list_are_each_asked_once()
    {
        var digest = Registry.Push("1.0.0", "one");
        Registry.Tag("prod", digest);
        Registry.Tag("staging", digest);
        _world.Watch("a", _world.Request(Moving()));
        _world.Watch("b", _world.Request(Moving()));
        _world.Watch("c", _world.Request(Moving("staging")));
        _world.Watch("d");
        await _world.PassAsync();
        Registry.Drain();

        await _world.PassAsync(Minute);

        Assert.Equal(["GET list", "HEAD prod", "HEAD staging"], Registry.Drain().Split(", ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_tag_that_is_gone_is_a_problem_and_comes_back()
    {
        var digest = Registry.Push("prod", "one");
        await LookAsync(Moving());

        Registry.Untag("prod");
        await _world.PassAsync(Minute);
        Assert.Equal("TagNotFound", _world.Reason());

        Registry.Tag("prod", digest);
        await _world.PassAsync(Minute * 2);
        Assert.Equal(digest, _world.Seen().Digest);
    }

    private async Task LookAsync(FollowQuestion question)
    {
        _world.Watch("a", _world.Request(question));
        await _world.PassAsync();
    }
}
