using System.Net.ServerSentEvents;
using System.Text.Json;
using Slipway.Views;

namespace Slipway.Dashboard.Live;

/// <summary>
/// Keeps the rows as they are in the cluster: lists them page by page, follows the events from where the list began, and comes again with growing
/// pauses when the controller is away. What was known stays meanwhile.
/// </summary>
public sealed class RowFeed : IDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);

    // The server sends something every 15 s; what is silent for longer is a connection that nobody holds any more.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private readonly SlipwayClient _client;
    private readonly TimeProvider _time;
    private readonly Coalescer _coalescer;
    private CancellationTokenSource? _running;
    private string? _position;
    private bool _listed;
    private int _failures;

    public RowFeed(SlipwayClient client, TimeProvider time)
    {
        (_client, _time) = (client, time);
        _coalescer = new(Frame, () => Changed?.Invoke(), time);
    }

    /// <summary>Rows or state are other than they were; called at most four times a second.</summary>
    public event Action? Changed;

    /// <summary>Each event, as it comes.</summary>
    public event Action<RowKey>? RowChanged;

    public RowStore Store { get; } = new();

    public LiveState State { get; private set; } = new LiveState.Loading();

    /// <summary>False while pages of the first list are still to come.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Deliveries that exist and cannot be read.</summary>
    public IReadOnlyList<string> Unreadable { get; private set; } = [];

    /// <summary>Begins to follow, for whoever is signed in now.</summary>
    public void Start()
    {
        Stop();
        _running = new();
        (_position, _listed, _failures) = (null, false, 0);
        _ = RunAsync(_running.Token);
    }

    public void Stop()
    {
        _running?.Cancel();
        _running?.Dispose();
        _running = null;
    }

    /// <summary>Does not wait for the pause to end.</summary>
    public void TryNow() => Start();

    public void Dispose()
    {
        Stop();
        _coalescer.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await TurnAsync(stopping) is { } failure)
                {
                    Enter(failure);
                    await Task.Delay(Backoff.After(++_failures), _time, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Null: it went well, and ended; go on at once.
    private async Task<LiveState?> TurnAsync(CancellationToken stopping)
    {
        if (!_listed && await ListAsync(stopping) is { } problem)
        {
            return problem;
        }

        var opened = await _client.EventsAsync(_position, stopping);
        if (opened.ValueOrDefault is not { } answer)
        {
            return Failed(opened);
        }

        using (answer)
        {
            return await FollowAsync(answer, stopping);
        }
    }

    private async Task<LiveState?> ListAsync(CancellationToken stopping)
    {
        Store.Begin();
        string? from = null, position = null;
        do
        {
            var result = await _client.DeliveriesAsync(from, stopping);
            if (result.ValueOrDefault is not { } page)
            {
                return Failed(result);
            }

            Store.Add(page.Items);
            (from, position, Unreadable) = (page.Continue, position ?? page.Events, page.Unreadable ?? []);
            _coalescer.Signal();
        }
        while (from is not null);
        Store.End();
        (_position, _listed, IsComplete) = (position, true, true);
        return null;
    }

    private async Task<LiveState?> FollowAsync(HttpResponseMessage answer, CancellationToken stopping)
    {
        using var silence = new CancellationTokenSource(Silence, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, stopping);
        try
        {
            await using var stream = new WatchedStream(await answer.Content.ReadAsStreamAsync(either.Token), () => silence.CancelAfter(Silence));
            var events = SseParser.Create(stream, (_, data) => data.ToArray());
            Enter(new LiveState.Live());
            await foreach (var item in events.EnumerateAsync(either.Token))
            {
                _position = events.LastEventId is { Length: > 0 } id ? id : _position;
                if (!Take(item.EventType, item.Data))
                {
                    return null;
                }
            }

            return Away("it has ended the stream of changes");
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return Away("it has fallen silent");
        }
        catch (Exception e) when (Broken.Says(e) is not null)
        {
            return Away(Broken.Says(e)!);
        }
    }

    // False: begin anew.
    private bool Take(string type, byte[] data)
    {
        _failures = 0;
        if (type == "reset")
        {
            _listed = false;
        }
        else if (type == "delivery" && JsonSerializer.Deserialize(data, ViewJson.Default.RowEvent) is { } change)
        {
            Store.Apply(change);
            RowChanged?.Invoke(new(change.Namespace, change.Name));
            _coalescer.Signal();
        }

        return type is not ("reset" or "end");
    }

    private LiveState Failed<T>(ApiResult<T> result) => result switch
    {
        ApiResult<T>.Refused { Complaint: var why } => new LiveState.Refused(why!),
        ApiResult<T>.Away { Why: var why } => Away(why),
        _ => Away("it gave no answer"),
    };

    private LiveState.Away Away(string why) => new(State is LiveState.Away { Since: var since } ? since : _time.GetUtcNow(), why);

    private void Enter(LiveState state)
    {
        State = state;
        _coalescer.Signal();
    }
}
