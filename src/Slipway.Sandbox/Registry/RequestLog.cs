using System.Collections.Immutable;

namespace Slipway.Sandbox.Registry;

/// <summary>One request that was answered, or left without an answer (status 0).</summary>
public sealed record LoggedRequest(RegistryRequest Request, int Status, DateTimeOffset At)
{
    public RequestKind Kind => Request.Route.Kind;

    public string? Repository => Request.Route.Repository;

    public string Method => Request.Method;

    /// <summary>What the client showed of itself: the whole Authorization header.</summary>
    public string? Authorization => Request.Header("Authorization");

    public override string ToString() => $"{Method} {Request.Path} {Status}";
}

/// <summary>Who asked what. Counts are exact for the whole life; of the requests themselves the last are kept, without their bodies.</summary>
public sealed class RequestLog
{
    private const int MaxKept = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<LoggedRequest> _kept = [];
    private readonly Dictionary<(string Method, string? Repository, RequestKind Kind), long> _counts = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<LoggedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>How many there were; null fits all.</summary>
    public long Count(RequestKind? kind = null, string? repository = null, string? method = null)
    {
        lock (_gate)
        {
            return _counts
                .Where(pair => (kind is null || pair.Key.Kind == kind) && (repository is null || pair.Key.Repository == repository) && (method is null || pair.Key.Method == method))
                .Sum(pair => pair.Value);
        }
    }

    /// <summary>Waits until the log fits, looking at each request that is answered.</summary>
    public async Task WhenAsync(Func<RequestLog, bool> fits, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (fits(this))
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _kept.Clear();
            _counts.Clear();
        }
    }

    internal void Add(LoggedRequest logged)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _kept.Enqueue(logged with { Request = logged.Request with { Body = default } });
            if (_kept.Count > MaxKept)
            {
                _kept.Dequeue();
            }

            var key = (logged.Method, logged.Repository, logged.Kind);
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }
}
