using Microsoft.AspNetCore.Http;
using Slipway.Registry;
using Slipway.Sources;
using Slipway.Tests.Queue;
using static Slipway.Tests.Registry.FeedWorld;

namespace Slipway.Tests.Registry;

/// <summary>When a feed asks less often than its interval: because its webhook has proven itself, or because the host allows no more.</summary>
public sealed class FeedPaceTests
{
    [Fact]
    public async Task After_three_changes_that_hints_told_of_polls_become_rarer()
    {
        await using var world = await StartAsync();
        await ProvenAsync(world);
        Assert.Equal("polled every 2m and not every 1m, because its webhook tells of changes before a poll finds them", world.Seen().Pace);
        world.Registry.Drain();

        await PassMinutesAsync(world, 10);

        Assert.Equal(5, world.Registry.Count("GET", "tags/list"));
        Assert.Equal(4, world.Changes.Count);
        Assert.Equal((0, 1, 0), PacesOf(world));
    }

    [Fact]
    public async Task A_change_that_a_poll_had_to_find_ends_that_at_once()
    {
        await using var world = await StartAsync();
        await ProvenAsync(world);
        world.Registry.Push("2.0.0", "nobody told");

        await PassMinutesAsync(world, 2);
        Assert.Equal("2.0.0", world.Seen().Tag);
        Assert.Null(world.Seen().Pace);
        world.Registry.Drain();
        await PassMinutesAsync(world, 10);

        Assert.Equal(10, world.Registry.Count("GET", "tags/list"));
    }

    [Fact]
    public async Task What_a_person_had_looked_for_proves_nothing()
    {
        await using var world = await StartAsync();
        await ProvenAsync(world, told: feeds => feeds.CheckNow("a"));

        Assert.Null(world.Seen().Pace);
    }

    [Fact]
    public async Task One_change_that_fifty_subscribers_are_told_of_is_one()
    {
        await using var world = await StartAsync();
        world.Registry.Push("1.0.0", "one");
        for (var i = 0; i < 50; i++)
        {
            world.Watch($"s{i}");
        }

        await world.PassAsync();
        world.Registry.Push("1.1.0", "two");
        world.Feeds.Hint(world.Registry.Repository(), "1.1.0");
        await world.PassAsync();

        Assert.Equal("1.1.0", world.Seen("s49").Tag);
        Assert.Null(world.Seen("s49").Pace);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var world = await StartAsync(options: _ => new RegistryOptions { MostStretch = 1 });
        await ProvenAsync(world);

        Assert.Null(world.Seen().Pace);
    }

    [Fact]
    public async Task Who_asks_too_much_of_a_host_is_asked_in_turn_and_told_so()
    {
        await using var world = await OverloadedAsync();

        await PassMinutesAsync(world, 20);

        Assert.InRange(world.Registry.Requests.Count, 300 - 2, 300 + 6);
        var each = world.Registry.Requests.GroupBy(request => request.Target).Select(requests => requests.Count()).ToList();
        Assert.Equal(50, each.Count);
        Assert.InRange(each.Max() - each.Min(), 0, 2);
        Assert.Equal($"looked at about every 4m and not every 1m, because no more requests may be sent to {world.Registry.Host}; see requestsPerSecond in the configuration", world.Seen("w7").Pace);

        Assert.Equal((0, 0, 50), PacesOf(world));

        // Told once to each, beside what it sees; and not every minute.
        Assert.InRange(world.Changes.Count, 100, 120);
    }

    [Fact]
    public async Task Of_lists_with_many_pages_no_more_are_under_way_than_can_be_asked_for_at_once()
    {
        await using var world = await StartAsync(options: host => new RegistryOptions { Registries = [new() { Host = host, RequestsPerSecond = 10, Burst = 1 }] });
        world.Registry.MaxPageSize = 1;
        for (var i = 0; i < 20; i++)
        {
            for (var tag = 0; tag < 3; tag++)
            {
                world.Registry.Push($"1.0.{tag}", "one", $"acme/r{i}");
            }

            world.Watch($"w{i}", world.Request(path: $"acme/r{i}") with { Known = new KnownImage("1.0.2", world.Registry.Push("1.0.2", "one", $"acme/r{i}")) });
        }

        await PassMinutesAsync(world, 1);

        var (open, most) = (new HashSet<string>(), 0);
        foreach (var request in world.Registry.Requests.Take(60))
        {
            var list = request.Target.Split('?')[0];
            _ = request.Target.Contains("last=1.0.1", StringComparison.Ordinal) ? open.Remove(list) : open.Add(list);
            most = Math.Max(most, open.Count);
        }

        Assert.InRange(most, 2, 8);
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal("1.0.2", world.Seen($"w{i}").Tag));
    }

    [Fact]
    public async Task A_hint_does_not_wait_behind_fifty_polls()
    {
        await using var world = await OverloadedAsync();
        await PassMinutesAsync(world, 5);
        Assert.True(world.Client.Waiting > 40);
        var last = world.Registry.Requests.Last().Target.Split('/')[3];

        world.Registry.Push("1.1.0", "two", $"acme/{last}");
        world.Feeds.Hint(new(world.Registry.Host, $"acme/{last}"), "1.1.0");
        await world.PassAsync();
        await world.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("1.1.0", world.Seen(last).Tag);
    }

    [Fact]
    public async Task What_a_registry_says_is_left_is_spread_before_it_is_used_up()
    {
        await using var world = await StartAsync();
        var left = 100;
        world.Registry.Misbehaves = async http =>
        {
            left = Math.Max(0, left - 1);
            http.Response.Headers["RateLimit-Remaining"] = $"{left};w=3600";
            http.Response.StatusCode = left == 0 ? 429 : 200;
            await http.Response.WriteAsync(left == 0 ? "" : """{"tags":[]}""");
            return true;
        };
        for (var i = 0; i < 20; i++)
        {
            world.Watch($"w{i}", world.Request(path: $"acme/r{i}"));
        }

        await PassMinutesAsync(world, 59);

        Assert.InRange(left, 1, 40);
        Assert.InRange(world.Registry.Requests.Count, 60, 99);
        Assert.All(Enumerable.Range(0, 20), i => Assert.IsType<Sighting.NoMatch>(world.Sees($"w{i}")));
    }

    [Fact]
    public async Task Pulls_of_docker_hub_are_spread_while_lists_and_heads_go_on()
    {
        var time = new VirtualTime();
        await using var registry = await TestRegistry.StartAsync();
        var options = new RegistryOptions { PlainHttp = ["registry-1.docker.io"] };
        using var client = new RegistryClient(options, time, () => 0.5, handler: new HostileWorld.Renamed("registry-1.docker.io", registry.Address));
        var access = new RegistryAccess(new("docker.io", "acme/shop"));
        registry.Push("1.0.0", "one");
        registry.Misbehaves = http =>
        {
            http.Response.Headers["RateLimit-Limit"] = "100;w=21600";
            http.Response.Headers["RateLimit-Remaining"] = "8;w=21600";
            return Task.FromResult(false);
        };
        var stop = TestContext.Current.CancellationToken;

        var pulls = new List<RegistryAnswer<TaggedManifest>>();
        for (var i = 0; i < 5; i++)
        {
            pulls.Add(await client.GetTaggedManifestAsync(access, "1.0.0", stop));
            RegistryClientTests.Ok(await client.ListTagsAsync(access, null, stop));
            RegistryClientTests.Ok(await client.ResolveAsync(access, "1.0.0", stop));
        }

        Assert.Equal(2, registry.Count("GET", "/manifests/"));
        Assert.Equal((5, 5), (registry.Count("GET", "/tags/list"), registry.Count("HEAD", "/manifests/")));
        var problem = RegistryClientTests.Problem(pulls[^1]);
        Assert.Equal((RegistryProblemKind.RateLimited, true, TimeSpan.FromMinutes(45)), (problem.Kind, problem.Spared, problem.RetryAfter));
        Assert.Contains("8 more pulls in 6 h, which the nodes need too", problem.Message, StringComparison.Ordinal);
        RegistryClientTests.Ok(await client.GetTaggedManifestAsync(access with { Credential = new RegistryCredential("bob", "x") }, "1.0.0", stop));
        time.Advance(TimeSpan.FromMinutes(45));
        RegistryClientTests.Ok(await client.GetTaggedManifestAsync(access, "1.0.0", stop));
    }

    [Fact]
    public async Task All_the_connections_that_a_thousand_requests_take_are_eight()
    {
        await using var world = await StartAsync();
        world.Registry.WithTokens();
        for (var i = 0; i < 200; i++)
        {
            var digest = world.Registry.Push("1.0.0", "one", $"acme/r{i}");
            world.Watch($"w{i}", world.Request(path: $"acme/r{i}") with { Known = new KnownImage("1.0.0", digest) });
        }

        await PassMinutesAsync(world, 5);

        Assert.InRange(world.Registry.Requests.Count, 1000, 1600);
        Assert.InRange(world.Registry.Connections, 1, 8);
    }

    private static (int Asked, int Stretched, int Slowed) PacesOf(FeedWorld world) =>
        world.Feeds.Paces() is var paces ? (paces[FeedPace.AsAsked], paces[FeedPace.Stretched], paces[FeedPace.Slowed]) : default;

    // Fifty feeds with an interval of a minute, at a host that may be asked fifteen times a minute.
    private static async Task<FeedWorld> OverloadedAsync()
    {
        var world = await StartAsync(options: host => new RegistryOptions { Registries = [new() { Host = host, RequestsPerSecond = 0.25, Burst = 5 }] });
        for (var i = 0; i < 50; i++)
        {
            var digest = world.Registry.Push("1.0.0", "one", $"acme/w{i}");
            world.Watch($"w{i}", world.Request(path: $"acme/w{i}") with { Known = new KnownImage("1.0.0", digest) });
        }

        return world;
    }

    private static async Task ProvenAsync(FeedWorld world, Action<FeedSet>? told = null)
    {
        world.Registry.Push("1.0.0", "one");
        world.Watch("a");
        await world.PassAsync();
        for (var i = 1; i <= HintTrust.Proof; i++)
        {
            world.Registry.Push($"1.{i}.0", $"change {i}");
            (told ?? (feeds => feeds.Hint(world.Registry.Repository(), $"1.{i}.0")))(world.Feeds);
            await world.PassAsync();
            Assert.Equal($"1.{i}.0", world.Seen().Tag);
        }
    }

    private static async Task PassMinutesAsync(FeedWorld world, int minutes)
    {
        await world.PassAsync();
        for (var i = 0; i < minutes; i++)
        {
            await world.PassAsync(Minute);
        }
    }
}
