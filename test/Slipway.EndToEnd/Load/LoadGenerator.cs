using System.Collections.Concurrent;
using System.Net;

namespace Slipway.EndToEnd.Load;

/// <summary>How much, and of what kind.</summary>
internal sealed record LoadOptions
{
    public int PerSecond { get; init; } = 200;

    /// <summary>One request in so many is on a connection that is kept; the others open one each. 0 for none.</summary>
    public int KeptOneIn { get; init; } = 2;

    /// <summary>A kept connection leads to one pod; after so many requests it is given up for another.</summary>
    public int RequestsPerConnection { get; init; } = 20;

    /// <summary>Longer than any pause of a busy machine: a request that is late is one that nobody answers.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(20);

    public int MostUnanswered { get; init; } = 400;
}

/// <summary>Asks a Service at a steady rate, whatever the answers are, and keeps what came of each request.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly IPEndPoint _target;
    private readonly LoadOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<Sample> _samples = [];
    private readonly ConcurrentBag<Connection> _kept = [];
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly Task _sending;
    private int _unanswered;
    private int _renewed;
    private int _overrun;

    private LoadGenerator(IPEndPoint target, LoadOptions options)
    {
        (_target, _options) = (target, options);
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Since the load began; what a test notes to look at a part of the report.</summary>
    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    public LoadReport Report => new([.. _samples.OrderBy(sample => sample.At)], _renewed, _overrun);

    public static LoadGenerator Start(IPEndPoint target, LoadOptions? options = null) => new(target, options ?? new LoadOptions());

    /// <summary>Sends nothing more, and waits for what is unanswered.</summary>
    public async Task<LoadReport> StopAsync()
    {
        await _stopping.CancelAsync();
        await _sending;
        return Report;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        while (_kept.TryTake(out var connection))
        {
            connection.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(Pace, TimeProvider.System);
        var sent = 0L;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                for (var due = (long)(Now.TotalSeconds * _options.PerSecond); sent < due; sent++)
                {
                    if (Volatile.Read(ref _unanswered) >= _options.MostUnanswered)
                    {
                        Interlocked.Increment(ref _overrun);
                        continue;
                    }

                    Interlocked.Increment(ref _unanswered);
                    var kept = _options.KeptOneIn > 0 && sent % _options.KeptOneIn == 0;
                    _ = Task.Run(() => OneAsync(kept), CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        while (Volatile.Read(ref _unanswered) > 0)
        {
            await Task.Delay(Pace, TimeProvider.System);
        }
    }

    private async Task OneAsync(bool kept)
    {
        var at = Now;
        using var late = new CancellationTokenSource(_options.Deadline, TimeProvider.System);
        try
        {
            var (status, body, fresh) = await AskAsync(kept, late.Token);
            _samples.Enqueue(new Sample(at, status == 200 ? Outcome.Answered : Outcome.Error, body, fresh, ""));
        }
        catch (RequestFailure e)
        {
            _samples.Enqueue(new Sample(at, e.Outcome, "", !kept, e.Message));
        }
        catch (OperationCanceledException)
        {
            _samples.Enqueue(new Sample(at, Outcome.Late, "", !kept, $"no answer within {_options.Deadline}"));
        }
        finally
        {
            Interlocked.Decrement(ref _unanswered);
        }
    }

    private async Task<(int Status, string Body, bool Fresh)> AskAsync(bool kept, CancellationToken cancellationToken)
    {
        while (kept && _kept.TryTake(out var connection))
        {
            if (!connection.IsStale && await AgainAsync(connection, cancellationToken) is { } answer)
            {
                return answer;
            }

            connection.Dispose();
            Interlocked.Increment(ref _renewed);
        }

        var opened = new Connection();
        try
        {
            await opened.OpenAsync(_target, cancellationToken);
            var (status, body, stays) = await opened.AskAsync("/", kept, cancellationToken);
            Put(opened, kept && stays);
            return (status, body, true);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    // The server may close a kept connection while the request is on its way. Nothing was answered then, and the request is sent anew (RFC 9110, 9.2.2).
    private async Task<(int, string, bool)?> AgainAsync(Connection connection, CancellationToken cancellationToken)
    {
        try
        {
            var (status, body, stays) = await connection.AskAsync("/", keep: true, cancellationToken);
            Put(connection, stays);
            return (status, body, false);
        }
        catch (RequestFailure e) when (!e.Begun)
        {
            return null;
        }
    }

    private void Put(Connection connection, bool stays)
    {
        if (stays && connection.Served < _options.RequestsPerConnection && !_stopping.IsCancellationRequested)
        {
            _kept.Add(connection);
        }
        else
        {
            connection.Dispose();
        }
    }
}
