namespace Slipway.Dashboard.Live;

/// <summary>A list of its own that is read anew when rows have changed, and now and then: what was read stays while nothing answers.</summary>
public sealed class Refreshed<T> : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    private readonly Func<CancellationToken, Task<ApiResult<Views.ListView<T>>>> _read;
    private readonly RowFeed _feed;
    private readonly Action _render;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Coalescer _coalescer;
    private readonly ITimer _timer;

    public Refreshed(Func<CancellationToken, Task<ApiResult<Views.ListView<T>>>> read, RowFeed feed, Action render, TimeProvider time)
    {
        (_read, _feed, _render) = (read, feed, render);
        _coalescer = new(Pause, () => _ = ReadAsync(), time);
        _timer = time.CreateTimer(_ => _coalescer.Signal(), null, Period, Period);
        _feed.Changed += _coalescer.Signal;
        _coalescer.Signal();
    }

    /// <summary>Null: nothing was read yet.</summary>
    public IReadOnlyList<T>? Items { get; private set; }

    public string? Problem { get; private set; }

    public async Task ReadAsync()
    {
        try
        {
            var result = await _read(_leaving.Token);
            (Items, Problem) = (result.ValueOrDefault?.Items ?? Items, result.Complaint);
            _render();
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The page was left: nobody reads the answer.
        }
    }

    public void Dispose()
    {
        _feed.Changed -= _coalescer.Signal;
        _timer.Dispose();
        _coalescer.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }
}
