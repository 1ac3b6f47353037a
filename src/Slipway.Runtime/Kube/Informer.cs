using Microsoft.Extensions.Logging;

namespace Slipway.Kube;

/// <summary>
/// A cache of one resource type that follows the server: lists, watches, resumes, lists again. It holds small records, and says what
/// changed after it has changed. <see cref="WatchMachine"/> decides; this type only does what the state says.
/// </summary>
public sealed partial class Informer<T>
    where T : class
{
    // As client-go's reflector: quick after the first failure, half a minute when a server is down for long.
    private static readonly Backoff Pause = new(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30));

    // A watch that ends before this was cut, whatever it says.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(5);

    private readonly ResourceClient<T> _client;
    private readonly ListScope _scope;
    private readonly Func<double> _jitter;
    private readonly ILogger _log;
    private readonly InformerStore<T> _store;
    private readonly List<Action<Change<T>>> _listeners = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Of the request under way: pages so far, the open watch and since when, and how long the server asked to be left alone.
    private readonly List<ListPage<T>> _pages = [];
    private IAsyncEnumerator<WatchEvent<T>>? _watch;
    private long _watchOpened;
    private bool _watchHeard;
    private TimeSpan? _retryAfter;

    /// <param name="indexes">Named functions from an object to the values under which <see cref="ByIndex"/> finds it.</param>
    /// <param name="jitter">Draws from [0, 1).</param>
    public Informer(
        ResourceClient<T> client, ListScope scope, Func<double> jitter, ILogger log, IReadOnlyDictionary<string, Func<T, IEnumerable<string>>>? indexes = null)
    {
        (_client, _scope, _jitter, _log) = (client, scope, jitter, log);
        _store = new InformerStore<T>(indexes ?? new Dictionary<string, Func<T, IEnumerable<string>>>());
    }

    /// <summary>Whether everything was listed once: before that, absent means unknown.</summary>
    public bool HasSynced => _synced.Task.IsCompletedSuccessfully;

    /// <summary>Why the server is not followed at present (no rights, no such kind, unreachable); null when all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>The server has refused it; <see cref="Problem"/> says what.</summary>
    public bool IsForbidden { get; private set; }

    /// <summary>Objects that exist but could not be read, and why. The last version that could be read stays in the cache.</summary>
    public IReadOnlyDictionary<ObjectKey, string> Unreadable => _store.Unreadable();

    public T? Get(ObjectKey key) => _store.Find(key)?.Value;

    /// <summary>With the version it was read at.</summary>
    public ResourceItem<T>? Find(ObjectKey key) => _store.Find(key);

    /// <summary>All of one namespace, or all.</summary>
    public IReadOnlyList<T> List(string? ns = null) => ns is null ? _store.All() : _store.ByIndex(InformerStore<T>.NamespaceIndex, ns);

    public IReadOnlyList<T> ByIndex(string index, string value) => _store.ByIndex(index, value);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Calls back after each change, on the informer's own loop or on that of whoever wrote: a listener puts a key into a queue and
    /// returns. To be called before <see cref="RunAsync"/>.
    /// </summary>
    public void OnChange(Action<Change<T>> listener) => _listeners.Add(listener);

    /// <summary>
    /// Takes what the server answered to a write, so that the next look at the cache sees it; the watch, which runs behind, does not
    /// put older versions back. Nothing happens when the watch was faster.
    /// </summary>
    public void Wrote(ResourceItem<T> item) => Tell(_store.Wrote(item));

    /// <summary>Follows the server until stopped. Never gives up: what goes wrong is in <see cref="Problem"/> and in the log.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        WatchState state = new WatchState.Listing();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                state = WatchMachine.Next(state, await StepAsync(state, stopping));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped in the middle of a request: this is how it ends.
        }
        finally
        {
            await CloseWatchAsync();
        }
    }

    private async Task<WatchSignal> StepAsync(WatchState state, CancellationToken stopping)
    {
        try
        {
            return state switch
            {
                WatchState.Listing list => await ListAsync(list, stopping),
                WatchState.Watching watch => await WatchAsync(watch, stopping),
                _ => await WaitAsync(state.Failures, stopping),
            };
        }
        catch (KubeException e)
        {
            await CloseWatchAsync();
            _client.Connection.Metrics.WatchRestarted(_client.Type.Plural);
            _retryAfter = e.RetryAfter;
            if (e.IsGone)
            {
                LogGone(_client.Type.Plural, e.Message);
                return new WatchSignal.Gone();
            }

            (Problem, IsForbidden) = (e.Message, e.IsForbidden);
            LogBroken(_client.Type.Plural, state.Failures + 1, e.Message);
            return new WatchSignal.Broken();
        }
    }

    private async Task<WatchSignal> ListAsync(WatchState.Listing list, CancellationToken stopping)
    {
        if (list.Continue is null)
        {
            _pages.Clear();
            _store.ListStarts();
        }

        var page = await _client.ListPageAsync(_scope, list.Continue, list.Whole ? 0 : ResourceClient<T>.PageSize, stopping);
        _pages.Add(page);
        if (string.IsNullOrEmpty(page.Continue))
        {
            Report(_pages.SelectMany(one => one.Unreadable));
            Tell(_store.Replace([.. _pages.SelectMany(one => one.Items)], [.. _pages.SelectMany(one => one.Unreadable)], page.ResourceVersion));
            _pages.Clear();
            (Problem, IsForbidden) = (null, false);
            _synced.TrySetResult();
        }

        return new WatchSignal.Page(page.ResourceVersion, page.Continue);
    }

    private async Task<WatchSignal> WatchAsync(WatchState.Watching state, CancellationToken stopping)
    {
        if (_watch is null)
        {
            _watch = _client.WatchAsync(_scope, state.ResourceVersion, stopping).GetAsyncEnumerator(stopping);
            (_watchOpened, _watchHeard) = (_client.Connection.Time.GetTimestamp(), false);
        }

        if (!await _watch.MoveNextAsync())
        {
            await CloseWatchAsync();
            return new WatchSignal.Closed(_client.Connection.Time.GetElapsedTime(_watchOpened) < Early, _watchHeard);
        }

        var happened = _watch.Current;
        _watchHeard = true;
        if (happened is WatchEvent<T>.Unreadable unreadable)
        {
            Report([unreadable.What]);
        }

        (Problem, IsForbidden) = (null, false);
        Tell(_store.Apply(happened));
        if (ResourceVersion.IsOlder(happened.ResourceVersion, state.ResourceVersion))
        {
            // It goes on in another history, and this watch was of the one before.
            await CloseWatchAsync();
            LogWentBack(_client.Type.Plural, state.ResourceVersion, happened.ResourceVersion);
        }

        return new WatchSignal.Seen(happened.ResourceVersion.Length > 0 ? happened.ResourceVersion : state.ResourceVersion);
    }

    private async Task<WatchSignal> WaitAsync(int failures, CancellationToken stopping)
    {
        var pause = Pause.After(failures, _jitter());
        await Task.Delay(_retryAfter > pause ? _retryAfter.Value : pause, _client.Connection.Time, stopping);
        _retryAfter = null;
        return new WatchSignal.Waited();
    }

    private async Task CloseWatchAsync()
    {
        if (_watch is { } watch)
        {
            _watch = null;
            await watch.DisposeAsync();
        }
    }

    private void Tell(List<Change<T>> changes)
    {
        foreach (var change in changes)
        {
            foreach (var listener in _listeners)
            {
                listener(change);
            }
        }
    }

    private void Report(IEnumerable<UnreadableObject> objects)
    {
        foreach (var item in objects)
        {
            LogUnreadable(item.Why);
        }
    }

    [LoggerMessage(LogLevel.Information, "Listing {Resource} again, its version is no longer kept: {Why}")]
    private partial void LogGone(string resource, string why);

    [LoggerMessage(LogLevel.Warning, "Not following {Resource}, {Failures} failures in a row: {Why}")]
    private partial void LogBroken(string resource, int failures, string why);

    [LoggerMessage(LogLevel.Warning, "Listing {Resource} again: its versions went back from {Before} to {Now}, so the cluster's storage was restored to an earlier state")]
    private partial void LogWentBack(string resource, string before, string now);

    [LoggerMessage(LogLevel.Warning, "{Why}; the last version that could be read stays in use")]
    private partial void LogUnreadable(string why);
}
