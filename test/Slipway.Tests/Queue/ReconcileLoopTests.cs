using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Queue;
using Slipway.Telemetry;
using Slipway.Tests.Kube;

namespace Slipway.Tests.Queue;

public sealed class ReconcileLoopTests : IDisposable
{
    private static readonly ObjectKey Shop = new("prod", "shop");

    private readonly VirtualTime _time = new();
    private readonly SlipwayMetrics _metrics = new();
    private readonly WorkQueue<ObjectKey> _queue;

    public ReconcileLoopTests() => _queue = new WorkQueue<ObjectKey>(_time, new Backoff(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60)), () => 0);

    public void Dispose()
    {
        _queue.Dispose();
        _metrics.Dispose();
    }

    private ReconcileLoop Loop(Func<ObjectKey, CancellationToken, Task<Requeue>> pass, int workers = 1) =>
        new(new Scripted(pass), _queue, workers, _metrics, _time, NullLogger<ReconcileLoop>.Instance);

    private async Task<PassResult> PassAsync(Exception? error, Requeue requeue = default)
    {
        _queue.Add(Shop);
        Assert.True(_queue.TryTake(out var key));
        var result = await Loop((_, _) => error is null ? Task.FromResult(requeue) : Task.FromException<Requeue>(error)).PassAsync(key, CancellationToken.None);
        _queue.Done(key);
        return result;
    }

    /// <summary>Seconds until the key comes again; null when it does not within ten minutes.</summary>
    private double? ComesAgainAfter()
    {
        for (var i = 0; i <= 1200; i++)
        {
            if (_queue.TryTake(out var key))
            {
                _queue.Done(key);
                return i * 0.5;
            }

            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        return null;
    }

    private static KubeException Kube(int code, string reason, int? retryAfter = null) =>
        new($"{code} {reason}") { Code = code, Reason = reason, RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

    public static TheoryData<string, Exception?, PassResult, double?> Table() => new()
    {
        { "a good pass waits for a change", null, PassResult.Ok, null },
        { "a bad spec waits for an edit", new InvalidSpecException("range"), PassResult.Invalid, null },
        { "what is not ready says when", new NotReadyException("pods", TimeSpan.FromSeconds(7)), PassResult.NotReady, 7 },
        { "a conflict comes at once", Kube(409, "Conflict"), PassResult.Conflict, 0 },
        { "a name that is taken is no conflict", Kube(409, "AlreadyExists"), PassResult.Error, 1 },
        { "a registry that says when is asked then", new RegistryRefusedException("RateLimited", "slow", TimeSpan.FromSeconds(90)), PassResult.RegistrySaysNo, 90 },
        { "a registry that does not is asked after a pause", new RegistryRefusedException("Unauthorized", "no"), PassResult.RegistrySaysNo, 1 },
        { "who no longer leads lets go", new NotLeaderException("lost"), PassResult.NotLeader, null },
        { "a busy API server is left alone for as long as it says", Kube(429, "TooManyRequests", 30), PassResult.Error, 30 },
        { "a failure comes after a pause", new InvalidOperationException("bug"), PassResult.Error, 1 },
        { "the timeout of a client is a failure", new TaskCanceledException("timeout"), PassResult.Error, 1 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task What_comes_next_follows_from_how_the_pass_ended(string rule, Exception? error, PassResult expected, double? again)
    {
        Assert.NotEmpty(rule);
        Assert.Equal(expected, await PassAsync(error));
        Assert.Equal(again, ComesAgainAfter());
    }

    [Fact]
    public async Task A_pass_that_names_a_time_comes_again_then()
    {
        await PassAsync(null, Requeue.In(TimeSpan.FromSeconds(30)));

        Assert.Equal(30, ComesAgainAfter());
    }

    [Fact]
    public async Task A_pass_that_asks_for_now_comes_again_at_once()
    {
        await PassAsync(null, Requeue.At(_time.Start, _time.Start + TimeSpan.FromSeconds(5)));

        Assert.Equal(0, ComesAgainAfter());
    }

    [Fact]
    public async Task A_second_conflict_in_a_row_is_not_repeated_at_once()
    {
        await PassAsync(Kube(409, "Conflict"));
        Assert.Equal(0, ComesAgainAfter());

        await PassAsync(Kube(409, "Conflict"));
        Assert.Equal(2, ComesAgainAfter());
    }

    [Fact]
    public async Task Success_forgives_earlier_failures()
    {
        await PassAsync(new InvalidOperationException());
        Assert.Equal(1, ComesAgainAfter());
        await PassAsync(new InvalidOperationException());
        Assert.Equal(2, ComesAgainAfter());

        await PassAsync(null);
        await PassAsync(new InvalidOperationException());

        Assert.Equal(1, ComesAgainAfter());
    }

    [Fact]
    public async Task Passes_are_counted_by_controller_and_result()
    {
        using var seen = new MetricsProbe(_metrics);
        _metrics.Show("Scripted", () => _queue.Depth, () => _queue.OldestSince);

        await PassAsync(null);
        await PassAsync(new InvalidSpecException("x"));
        _queue.Add(Shop);
        seen.Scrape();

        Assert.Equal(1, seen["slipway_reconciles_total{controller=Scripted,result=ok}"]);
        Assert.Equal(1, seen["slipway_reconciles_total{controller=Scripted,result=invalid}"]);
        Assert.Equal(1, seen["slipway_queue_depth{controller=Scripted}"]);
        Assert.Equal(_time.Start.ToUnixTimeSeconds(), seen["slipway_queue_oldest_timestamp_seconds{controller=Scripted}"]);
    }

    [Fact]
    public async Task Workers_are_as_many_as_allowed_and_no_more()
    {
        var (running, most) = (0, 0);
        using var go = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var run = Loop(async (_, token) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await go.WaitAsync(token);
            Interlocked.Decrement(ref running);
            return Requeue.OnChange;
        }, workers: 3).RunAsync(stop.Token);

        for (var i = 0; i < 10; i++)
        {
            _queue.Add(new ObjectKey("prod", $"{i}"));
        }

        await Eventually.TrueAsync(() => Volatile.Read(ref running) == 3, "three passes");
        Assert.Equal(7, _queue.Depth);
        go.Release(10);
        await Eventually.TrueAsync(() => _queue.Depth == 0 && Volatile.Read(ref running) == 0, "all passes");
        await stop.CancelAsync();
        await run;

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_stop_finishes_the_pass_under_way_and_takes_no_new_one()
    {
        using var go = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        List<string> passed = [];
        var begun = new TaskCompletionSource();
        var run = Loop(async (key, token) =>
        {
            begun.SetResult();
            await go.WaitAsync(token);
            passed.Add(key.Name);
            return Requeue.OnChange;
        }).RunAsync(stop.Token);
        _queue.Add(Shop);
        _queue.Add(new ObjectKey("prod", "other"));
        await begun.Task;

        await stop.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(run.IsCompleted);
        go.Release();
        await run;

        Assert.Equal(["shop"], passed);
        Assert.Equal(1, _queue.Depth);
    }

    [Fact]
    public async Task A_pass_that_does_not_end_is_cancelled_when_the_grace_is_over()
    {
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var run = Loop(async (_, token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return Requeue.OnChange;
        }).RunAsync(stop.Token);
        _queue.Add(Shop);
        await begun.Task;

        await stop.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(21));

        await run.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_pass_that_throws_does_not_end_its_worker()
    {
        var passes = 0;
        using var stop = new CancellationTokenSource();
        var run = Loop((_, _) => Interlocked.Increment(ref passes) == 1 ? throw new InvalidOperationException("bug") : Task.FromResult(Requeue.OnChange)).RunAsync(stop.Token);

        _queue.Add(Shop);
        await _time.RunUntilAsync(() => Volatile.Read(ref passes) == 2);
        await stop.CancelAsync();
        await run;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private sealed class Scripted(Func<ObjectKey, CancellationToken, Task<Requeue>> pass) : IReconciler
    {
        public string Name => "Scripted";

        public Task<Requeue> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) => pass(key, cancellationToken);
    }
}
