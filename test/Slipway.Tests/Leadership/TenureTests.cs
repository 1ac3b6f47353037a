using Slipway.Leadership;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Leadership;

public sealed class TenureTests : IDisposable
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    private readonly VirtualTime _time = new();
    private readonly Tenure _tenure;
    private readonly List<bool> _changes = [];

    public TenureTests()
    {
        _tenure = new Tenure(_time);
        _tenure.OnChange(_changes.Add);
    }

    public void Dispose() => _tenure.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void At_first_nobody_leads()
    {
        Assert.False(_tenure.IsLeader);
        Assert.Null(_tenure.Term);
        Assert.Empty(_changes);
    }

    [Fact]
    public void A_term_ends_by_itself_counted_from_when_the_renewal_was_sent()
    {
        var sent = _tenure.Now();
        _time.Advance(TimeSpan.FromSeconds(4));
        _tenure.Extend(sent, Ten);
        var term = _tenure.Term!.Value;

        _time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.True(_tenure.IsLeader);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.False(_tenure.IsLeader);
        Assert.True(term.IsCancellationRequested);
        Assert.Equal([true, false], _changes);
    }

    [Fact]
    public void A_renewal_extends_the_same_term()
    {
        _tenure.Extend(_tenure.Now(), Ten);
        var term = _tenure.Term!.Value;
        _time.Advance(TimeSpan.FromSeconds(8));
        _tenure.Extend(_tenure.Now(), Ten);
        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.True(_tenure.IsLeader);
        Assert.False(term.IsCancellationRequested);
        Assert.Equal([true], _changes);
    }

    [Fact]
    public void A_term_that_the_wall_clock_ended_is_not_taken_up_again_but_followed_by_another()
    {
        _tenure.Extend(_tenure.Now(), Ten);
        var term = _tenure.Term!.Value;
        _time.WallOffset = TimeSpan.FromMinutes(3);
        _tenure.Extend(_tenure.Now(), Ten);

        // What was refused in between must be done: work hangs on the term, and begins anew with the next.
        Assert.True(term.IsCancellationRequested);
        Assert.False(_tenure.Term!.Value.IsCancellationRequested);
        Assert.Equal([true, false, true], _changes);
    }

    [Fact]
    public void An_answer_that_came_too_late_begins_no_term()
    {
        var sent = _tenure.Now();
        _time.Advance(Ten);
        _tenure.Extend(sent, Ten);

        Assert.False(_tenure.IsLeader);
        Assert.Empty(_changes);
    }

    [Fact]
    public void A_machine_that_slept_does_not_lead_though_its_monotonic_clock_stood_still()
    {
        _tenure.Extend(_tenure.Now(), Ten);

        _time.WallOffset = TimeSpan.FromMinutes(3);

        Assert.False(_tenure.IsLeader);
        Assert.Null(_tenure.Term);
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_lengthen_the_term()
    {
        _tenure.Extend(_tenure.Now(), Ten);
        _time.WallOffset = TimeSpan.FromHours(-2);
        Assert.True(_tenure.IsLeader);

        _time.Advance(Ten);

        Assert.False(_tenure.IsLeader);
    }

    [Fact]
    public void Terms_follow_each_other_each_with_its_own_token()
    {
        _tenure.Extend(_tenure.Now(), Ten);
        var first = _tenure.Term!.Value;
        _tenure.End();
        _tenure.End();
        _tenure.Extend(_tenure.Now(), Ten);

        Assert.True(first.IsCancellationRequested);
        Assert.False(_tenure.Term!.Value.IsCancellationRequested);
        Assert.Equal([true, false, true], _changes);
    }

    [Fact]
    public async Task Waiting_ends_when_a_term_begins()
    {
        var waiting = _tenure.WaitAsync(Ct);
        Assert.False(waiting.IsCompleted);
        _tenure.Extend(_tenure.Now(), Ten);

        Assert.False((await waiting).IsCancellationRequested);
        await _tenure.WaitAsync(Ct);
    }

    [Fact]
    public async Task Work_runs_once_for_each_term()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var (begun, ended) = (0, 0);
        var run = _tenure.WhileLeadingAsync(async term =>
        {
            Interlocked.Increment(ref begun);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term).ContinueWith(_ => { }, TaskScheduler.Default);
            Interlocked.Increment(ref ended);
        }, stop.Token);

        for (var i = 1; i <= 3; i++)
        {
            _tenure.Extend(_tenure.Now(), Ten);
            await Eventually.TrueAsync(() => Volatile.Read(ref begun) == i, $"term {i} begun");
            _time.Advance(Ten);
            await Eventually.TrueAsync(() => Volatile.Read(ref ended) == i, $"term {i} ended");
        }

        await stop.CancelAsync();
        await run;
        Assert.Equal((3, 3), (begun, ended));
    }

    [Fact]
    public async Task Work_that_ends_early_is_not_started_again_in_the_same_term()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var begun = 0;
        var run = _tenure.WhileLeadingAsync(_ => Task.FromResult(Interlocked.Increment(ref begun)), stop.Token);

        _tenure.Extend(_tenure.Now(), Ten);
        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == 1, "one term");
        _time.Advance(Ten);
        _tenure.Extend(_tenure.Now(), Ten);
        await Eventually.TrueAsync(() => Volatile.Read(ref begun) == 2, "two terms");
        await stop.CancelAsync();
        await run;

        Assert.Equal(2, begun);
    }

    [Fact]
    public async Task A_stop_ends_the_work_of_the_running_term()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        _tenure.Extend(_tenure.Now(), Ten);
        var begun = new TaskCompletionSource();
        var run = _tenure.WhileLeadingAsync(term =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term).ContinueWith(_ => { }, TaskScheduler.Default);
        }, stop.Token);
        await begun.Task;

        await stop.CancelAsync();

        await run;
    }
}
