using Microsoft.AspNetCore.Http;
using Slipway.Registry;
using Slipway.Sources;
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

        // Told once to each, beside what it sees; and not every minute.
        Assert.InRange(world.Changes.Count, 100, 120);
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
