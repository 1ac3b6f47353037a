using Microsoft.Extensions.Logging;

namespace Slipway.Kube;

/// <summary>
/// Informers of single namespaces, for what only matters while something happens there (the pods of a workload that is being rolled
/// out). Each is started when it is first asked for, and stopped when nobody has asked for <paramref name="idle"/>.
/// </summary>
/// <param name="create">An informer for one namespace, with its listeners.</param>
public sealed partial class InformerPool<T>(Func<string, Informer<T>> create, TimeSpan idle, TimeProvider time, ILogger<InformerPool<T>> log) : IAsyncDisposable
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Running> _running = [];
    private readonly CancellationTokenSource _all = new();

    /// <summary>How many namespaces are followed now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>The namespace's informer, and a promise to keep it for another while. It may not have synced yet.</summary>
    public Informer<T> For(string ns)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_all.IsCancellationRequested, this);
            if (!_running.TryGetValue(ns, out var running))
            {
                _running[ns] = running = Start(ns);
                LogStarted(ns);
            }

            running.LastUsed = time.GetTimestamp();
            return running.Informer;
        }
    }

    /// <summary>Stops what is idle, every half of the idle time, until stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(idle / 2, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await SweepAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // This is how it ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Running> all;
        lock (_gate)
        {
            if (_all.IsCancellationRequested)
            {
                return;
            }

            _all.Cancel();
            all = [.. _running.Values];
            _running.Clear();
        }

        await Task.WhenAll(all.Select(one => one.Ended));
        all.ForEach(one => one.Stop.Dispose());
        _all.Dispose();
    }

    internal async Task SweepAsync()
    {
        List<(string Namespace, Running Running)> stopped = [];
        lock (_gate)
        {
            foreach (var (ns, running) in _running.Where(entry => time.GetElapsedTime(entry.Value.LastUsed) >= idle).ToArray())
            {
                _running.Remove(ns);
                running.Stop.Cancel();
                stopped.Add((ns, running));
            }
        }

        foreach (var (ns, running) in stopped)
        {
            await running.Ended;
            running.Stop.Dispose();
            LogStopped(ns);
        }
    }

    private Running Start(string ns)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_all.Token);
        var informer = create(ns);
        return new Running(informer, stop, Task.Run(() => informer.RunAsync(stop.Token)));
    }

    private sealed class Running(Informer<T> informer, CancellationTokenSource stop, Task ended)
    {
        public Informer<T> Informer { get; } = informer;

        public CancellationTokenSource Stop { get; } = stop;

        public Task Ended { get; } = ended;

        public long LastUsed { get; set; }
    }

    [LoggerMessage(LogLevel.Debug, "Following namespace {Namespace}")]
    private partial void LogStarted(string @namespace);

    [LoggerMessage(LogLevel.Debug, "No longer following namespace {Namespace}: nothing happens there")]
    private partial void LogStopped(string @namespace);
}
