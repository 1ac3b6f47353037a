using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kube;
using Slipway.Tests.Queue;
using static Slipway.Tests.Kube.Answers;

namespace Slipway.Tests.Kube;

public sealed class InformerPoolTests : IAsyncLifetime
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly VirtualTime _time = new();
    private ScriptedServer? _server;
    private ClusterConnection? _connection;
    private InformerPool<Thing>? _pool;
    private int _watching;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync(async (context, request) =>
        {
            if (!request.IsWatch)
            {
                var ns = request.Path.Split('/')[5];
                await context.JsonAsync(List("50", null, ThingJson("a", "1", ns: ns)));
                return;
            }

            Interlocked.Increment(ref _watching);
            await context.BeginAsync("");
            await context.HoldAsync(_server!.Closing);
            Interlocked.Decrement(ref _watching);
        });
        _connection = _server.Connect(new ConnectionOptions { Time = _time });
        _pool = new InformerPool<Thing>(ns => new Informer<Thing>(Client(_connection), new ListScope(ns), () => 0, NullLogger.Instance), Idle, _time, NullLogger<InformerPool<Thing>>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _pool!.DisposeAsync();
        _connection!.Dispose();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task Each_namespace_has_one_informer_of_its_own()
    {
        var prod = _pool!.For("prod");
        var test = _pool.For("test");
        await Task.WhenAll(prod.WaitForSyncAsync(Ct), test.WaitForSyncAsync(Ct));

        Assert.Same(prod, _pool.For("prod"));
        Assert.NotNull(prod.Get(new ObjectKey("prod", "a")));
        Assert.Null(prod.Get(new ObjectKey("test", "a")));
        Assert.Equal(2, _pool.Count);
        Assert.Equal(2, _server!.Requests.Count(request => !request.IsWatch));
    }

    [Fact]
    public async Task What_nobody_asks_for_is_stopped_and_what_is_asked_for_stays()
    {
        _pool!.For("prod");
        _pool.For("test");
        await Eventually.TrueAsync(() => Volatile.Read(ref _watching) == 2, "two watches");
        _time.Advance(TimeSpan.FromMinutes(4));
        _pool.For("prod");
        _time.Advance(TimeSpan.FromMinutes(1));

        await _pool.SweepAsync();

        Assert.Equal(1, _pool.Count);
        await Eventually.TrueAsync(() => Volatile.Read(ref _watching) == 1, "one watch");
    }

    [Fact]
    public async Task A_namespace_that_is_asked_for_again_is_followed_anew()
    {
        var first = _pool!.For("prod");
        await first.WaitForSyncAsync(Ct);
        _time.Advance(Idle);
        await _pool.SweepAsync();

        var second = _pool.For("prod");
        await second.WaitForSyncAsync(Ct);

        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task The_sweep_runs_by_itself()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var run = _pool!.RunAsync(stop.Token);
        await _pool.For("prod").WaitForSyncAsync(Ct);

        await _time.RunUntilAsync(() => _pool.Count == 0, TimeSpan.FromSeconds(10));
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task At_the_end_all_are_stopped_and_none_is_started()
    {
        _pool!.For("prod");
        await Eventually.TrueAsync(() => Volatile.Read(ref _watching) == 1, "a watch");

        await _pool.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => _pool.For("prod"));
        await Eventually.TrueAsync(() => Volatile.Read(ref _watching) == 0, "no watch");
    }
}
