using CsCheck;
using Slipway.Kube;
using Slipway.Queue;

namespace Slipway.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>(_time, new Backoff(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60)), () => 0);

    public void Dispose() => _queue.Dispose();

    private string? Take() => _queue.TryTake(out var key) ? key : null;

    private string TakeAll()
    {
        List<string> taken = [];
        while (Take() is { } key)
        {
            taken.Add(key);
            _queue.Done(key);
        }

        return string.Join(' ', taken);
    }

    [Fact]
    public void A_key_waits_once_however_often_it_is_added()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.Add("a");

        Assert.Equal(2, _queue.Depth);
        Assert.Equal("a b", TakeAll());
    }

    [Fact]
    public void A_key_in_hand_is_not_given_out_again_before_it_is_done()
    {
        _queue.Add("a");
        Assert.Equal("a", Take());

        _queue.Add("a");
        _queue.Add("a");
        Assert.Null(Take());
        _queue.Done("a");

        Assert.Equal("a", TakeAll());
    }

    [Fact]
    public void A_key_that_was_not_added_meanwhile_does_not_come_again()
    {
        _queue.Add("a");
        _queue.Done(Take()!);

        Assert.Null(Take());
    }

    [Fact]
    public void Done_for_a_key_that_is_not_in_hand_is_nothing()
    {
        _queue.Add("a");
        _queue.Done("a");

        Assert.Equal("a", TakeAll());
    }

    [Fact]
    public void Urgent_keys_go_first_and_routine_ones_are_raised()
    {
        _queue.Add("a", Urgency.Routine);
        _queue.Add("b", Urgency.Routine);
        _queue.Add("c");
        _queue.Add("b");
        _queue.Add("c", Urgency.Routine);

        Assert.Equal(3, _queue.Depth);
        Assert.Equal("c b a", TakeAll());
    }

    [Fact]
    public void The_urgency_of_what_was_added_while_in_hand_counts()
    {
        _queue.Add("a");
        Take();
        _queue.Add("b", Urgency.Routine);
        _queue.Add("a", Urgency.Routine);
        _queue.Add("a", Urgency.Urgent);
        _queue.Done("a");

        Assert.Equal("a b", TakeAll());
    }

    [Fact]
    public void Urgent_keys_do_not_starve_the_routine()
    {
        _queue.Add("routine", Urgency.Routine);
        for (var i = 0; i < WorkQueue<string>.RoutineShare; i++)
        {
            _queue.Add("urgent");
            var key = Take()!;
            _queue.Done(key);
            if (key == "routine")
            {
                return;
            }
        }

        Assert.Fail("the routine key was not served");
    }

    [Fact]
    public void A_delayed_key_comes_when_its_time_has_come()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));

        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Null(Take());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("a", TakeAll());
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(3, 10)]
    public void The_earliest_of_several_times_wins_and_the_others_are_forgotten(int first, int second)
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(first));
        _queue.AddAfter("a", TimeSpan.FromSeconds(second));

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("a", TakeAll());
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(Take());
    }

    [Fact]
    public void No_delay_is_at_once()
    {
        _queue.AddAfter("a", TimeSpan.Zero);
        _queue.AddAfter("b", TimeSpan.FromSeconds(-5));

        Assert.Equal("a b", TakeAll());
    }

    [Fact]
    public void A_pass_that_starts_clears_what_was_set_before_it_and_keeps_what_it_sets_itself()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Add("a");
        Take();
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));
        _queue.Done("a");

        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.Null(Take());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", Take());
    }

    [Fact]
    public void A_time_that_comes_while_the_key_is_in_hand_is_not_lost()
    {
        _queue.Add("a");
        Take();
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(Take());
        _queue.Done("a");

        Assert.Equal("a", Take());
    }

    [Fact]
    public void A_time_beyond_what_a_timer_takes_comes_too()
    {
        _queue.AddAfter("a", TimeSpan.FromDays(400));
        _queue.AddAfter("never", TimeSpan.MaxValue);

        _time.Advance(TimeSpan.FromDays(399));
        Assert.Null(Take());
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("a", TakeAll());
    }

    [Fact]
    public void Failures_in_a_row_lengthen_the_pause_up_to_the_cap()
    {
        List<double> pauses = [];
        for (var i = 0; i < 8; i++)
        {
            var from = _time.Elapsed;
            _queue.AddFailed("a");
            while (Take() is not { } key)
            {
                _time.Advance(TimeSpan.FromSeconds(0.5));
            }

            _queue.Done("a");
            pauses.Add((_time.Elapsed - from).TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], pauses);
        Assert.Equal(8, _queue.Failures("a"));
        _queue.Forgive("a");
        Assert.Equal(0, _queue.Failures("a"));
    }

    [Fact]
    public void What_failed_waits_at_least_as_long_as_it_was_told_to()
    {
        _queue.AddFailed("a", atLeast: TimeSpan.FromSeconds(25));
        _time.Advance(TimeSpan.FromSeconds(24));
        Assert.Null(Take());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", Take());
    }

    [Fact]
    public void A_change_comes_before_the_pause_is_over()
    {
        _queue.AddFailed("a");
        _queue.Add("a");

        Assert.Equal("a", TakeAll());
    }

    [Fact]
    public void Depth_and_age_are_those_of_what_waits_for_a_worker()
    {
        Assert.Null(_queue.OldestSince);
        _queue.Add("a", Urgency.Routine);
        _time.Advance(TimeSpan.FromSeconds(5));
        _queue.Add("b");
        _queue.AddAfter("c", TimeSpan.FromSeconds(5));

        Assert.Equal((2, _time.Start), (_queue.Depth, _queue.OldestSince));
        TakeAll();
        Assert.Equal((0, null), (_queue.Depth, _queue.OldestSince));
    }

    [Fact]
    public async Task Taking_waits_for_a_key()
    {
        var taking = _queue.TakeAsync(TestContext.Current.CancellationToken);
        Assert.False(taking.IsCompleted);

        _queue.Add("a");

        Assert.Equal("a", await taking);
    }

    [Fact]
    public async Task Taking_can_be_cancelled_and_loses_no_key()
    {
        using var stop = new CancellationTokenSource();
        var taking = _queue.TakeAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);

        _queue.Add("a");

        Assert.Equal("a", await _queue.TakeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void After_the_end_nothing_is_taken_in()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _queue.Dispose();

        _queue.Add("b");
        _queue.AddAfter("c", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, _queue.Depth);
        Assert.Equal(0, _time.Armed);
    }

    [Fact]
    public void Times_that_were_overtaken_do_not_pile_up()
    {
        using var delays = new Delays<string>(_time);
        for (var i = 0; i < 10_000; i++)
        {
            delays.Set("a", TimeSpan.FromSeconds(100_000 - i), Urgency.Urgent, (_, _) => { });
        }

        Assert.Equal(1, delays.Count);
        Assert.InRange(delays.Places, 1, 70);
    }

    /// <summary>Whatever is added, in whatever order: each key is in one hand at most, and after its last addition it gets a pass.</summary>
    [Fact]
    public void No_addition_is_lost_and_no_key_is_in_two_hands() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3]).Array[1, 80].Sample(steps =>
        {
            var time = new VirtualTime();
            using var queue = new WorkQueue<string>(time, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)), () => 0.5);
            HashSet<string> inHand = [];
            HashSet<string> wanted = [];
            foreach (var (act, which) in steps)
            {
                var name = "abcd"[which].ToString();
                switch (act)
                {
                    case 0:
                        queue.Add(name, which % 2 == 0 ? Urgency.Urgent : Urgency.Routine);
                        wanted.Add(name);
                        break;
                    case 1:
                        queue.AddFailed(name);
                        wanted.Add(name);
                        break;
                    case 2 when queue.TryTake(out var taken):
                        Assert.True(inHand.Add(taken), $"{taken} is in two hands");
                        wanted.Remove(taken);
                        break;
                    case 3 when inHand.Remove(name):
                        queue.Done(name);
                        break;
                    case 4:
                        time.Advance(TimeSpan.FromSeconds(which));
                        break;
                }
            }

            foreach (var name in inHand)
            {
                queue.Done(name);
            }

            time.Advance(TimeSpan.FromSeconds(60));
            while (queue.TryTake(out var key))
            {
                wanted.Remove(key);
                queue.Done(key);
            }

            return wanted.Count == 0;
        }, iter: 5_000);

    [Fact]
    public async Task Many_hands_pass_every_key_once_for_each_time_it_was_wanted()
    {
        using var queue = new WorkQueue<int>(TimeProvider.System, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), () => 0);
        var passes = new int[100];
        var hands = new int[100];
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var key = await queue.TakeAsync(stop.Token);
                Assert.Equal(1, Interlocked.Increment(ref hands[key]));
                await Task.Yield();
                Interlocked.Increment(ref passes[key]);
                Interlocked.Decrement(ref hands[key]);
                queue.Done(key);
            }
        })).ToArray();

        Parallel.For(0, 5_000, i => queue.Add(i % 100));
        await Eventually.TrueAsync(() => queue.Depth == 0 && hands.All(count => count == 0), "an empty queue");
        await stop.CancelAsync();
        foreach (var worker in workers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker);
        }

        Assert.All(passes, count => Assert.InRange(count, 1, 50));
    }
}
