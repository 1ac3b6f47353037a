using System.Collections.Concurrent;
using Slipway.Registry;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Registry;

public sealed class HostTurnsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualTime _time = new();
    private readonly ConcurrentQueue<string> _came = new();

    private static Errand Poll => new(isUrgent: false);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_burst_goes_at_once_and_the_rest_at_the_rate()
    {
        using var turns = new HostTurns(100, new RequestRate(10, 5), _time);
        var errands = Enumerable.Range(0, 8).Select(_ => Poll).ToList();
        var entered = Task.WhenAll(errands.Select(errand => turns.EnterAsync(errand, Stop)));

        Assert.Equal(3, turns.Waiting);
        _time.Advance(Second / 10);
        Assert.Equal(2, turns.Waiting);
        _time.Advance(Second);

        await entered;
        Assert.Equal([0, 0, 0, 0, 0, 100, 200, 300], errands.Select(errand => errand.Waited.TotalMilliseconds));
    }

    [Fact]
    public async Task There_are_never_more_at_once_than_places()
    {
        using var turns = new HostTurns(2, new RequestRate(1000, 1000), _time);
        await turns.EnterAsync(Poll, Stop);
        await turns.EnterAsync(Poll, Stop);
        var third = turns.EnterAsync(Poll, Stop);

        Assert.False(third.IsCompleted);
        turns.Leave(asked: true);
        await third;
    }

    [Fact]
    public async Task What_somebody_waits_for_goes_before_polls_and_polls_go_on()
    {
        using var turns = new HostTurns(1, new RequestRate(1000, 1000), _time);
        await turns.EnterAsync(Poll, Stop);
        var all = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            all.Add(ComeAsync(turns, $"poll {i}", isUrgent: false));
        }

        for (var i = 0; i < 6; i++)
        {
            all.Add(ComeAsync(turns, $"hint {i}", isUrgent: true));
        }

        turns.Leave(asked: true);
        await Task.WhenAll(all);

        Assert.Equal(["hint 0", "hint 1", "hint 2", "hint 3", "poll 0", "hint 4", "hint 5", "poll 1", "poll 2"], _came);
    }

    [Fact]
    public async Task A_poll_that_stands_in_line_when_somebody_asks_goes_before_the_others()
    {
        using var turns = new HostTurns(1, new RequestRate(1000, 1000), _time);
        await turns.EnterAsync(Poll, Stop);
        var others = turns.EnterAsync(Poll, Stop);
        var errand = Poll;
        var hurried = turns.EnterAsync(errand, Stop);

        errand.Hurry();
        turns.Leave(asked: true);
        await hurried;
        Assert.False(others.IsCompleted);

        errand.Hurry();
        turns.Leave(asked: true);
        await others;
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_line_and_takes_no_place()
    {
        using var turns = new HostTurns(1, new RequestRate(1000, 1000), _time);
        using var giveUp = new CancellationTokenSource();
        await turns.EnterAsync(Poll, Stop);
        var gone = turns.EnterAsync(new Errand(isUrgent: true), giveUp.Token);
        var stays = turns.EnterAsync(Poll, Stop);

        await giveUp.CancelAsync();
        turns.Leave(asked: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await stays;
        Assert.Equal(0, turns.Waiting);
    }

    [Fact]
    public async Task A_turn_that_was_not_used_costs_nothing_and_a_second_request_does()
    {
        using var turns = new HostTurns(5, new RequestRate(1, 2), _time);
        await turns.EnterAsync(Poll, Stop);
        turns.Leave(asked: false);
        await turns.EnterAsync(Poll, Stop);
        turns.Charge();
        var third = Poll;
        var entered = turns.EnterAsync(third, Stop);

        Assert.False(entered.IsCompleted);
        _time.Advance(Second);
        await entered;
        Assert.Equal(Second, third.Waited);
    }

    [Fact]
    public async Task What_the_host_says_is_left_is_spread_over_its_window_and_no_longer()
    {
        using var turns = new HostTurns(100, new RequestRate(1000, 1000), _time);
        turns.Told(new RateLimit(4, Second * 40));
        await turns.EnterAsync(Poll, Stop);
        var second = turns.EnterAsync(Poll, Stop);
        _time.Advance(Second * 9);
        Assert.False(second.IsCompleted);
        _time.Advance(Second);
        await second;

        _time.Advance(Second * 40);
        for (var i = 0; i < 50; i++)
        {
            await turns.EnterAsync(Poll, Stop);
        }
    }

    [Fact]
    public async Task A_host_that_says_one_request_is_left_for_a_day_is_asked_again_in_a_quarter_of_an_hour()
    {
        using var turns = new HostTurns(100, new RequestRate(1000, 1000), _time);
        turns.Told(new RateLimit(1, TimeSpan.FromDays(1)));
        await turns.EnterAsync(Poll, Stop);
        var second = turns.EnterAsync(Poll, Stop);

        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        await second;
    }

    private async Task ComeAsync(HostTurns turns, string name, bool isUrgent)
    {
        await turns.EnterAsync(new Errand(isUrgent), Stop);
        _came.Enqueue(name);
        turns.Leave(asked: true);
    }
}
