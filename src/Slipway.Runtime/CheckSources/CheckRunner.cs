using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Kube;

namespace Slipway.CheckSources;

/// <summary>
/// Makes the measurements that Deliveries wish for, each once and when it is due, beside the passes. What it has made is kept until it is no longer wished
/// for, which is when the planner has taken it; nothing else is remembered, and what is lost with the process is made again.
/// </summary>
public sealed partial class CheckRunner(
    Func<MeasureWish, CancellationToken, Task<Measurement>> measure, Func<MeasureWish, CancellationToken, Task> abandon, TimeProvider time, ILogger<CheckRunner> log) : IAsyncDisposable
{
    // At once, of all Deliveries. Jobs only wait.
    private const int MostRequests = 16;
    private const int MostJobs = 64;

    // Timers do not take more than 49 days.
    private static readonly TimeSpan LongestNap = TimeSpan.FromDays(1);

    // For the deletion of what is not waited for any more.
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _requests = new(MostRequests);
    private readonly SemaphoreSlim _jobs = new(MostJobs);
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, Dictionary<ErrandName, CheckErrand>> _errands = [];

    // Errands that are being stopped; kept until they have, so that disposing waits for them.
    private readonly HashSet<Task> _ending = [];

    private bool _closed;

    /// <summary>Called when a measurement was made, on any thread; it must be quick, as putting a key into a queue is.</summary>
    public Action<ObjectKey>? Measured { get; set; }

    /// <summary>These and no others. Every pass may call it: nothing happens where the wishes are those of before.</summary>
    public void Follow(ObjectKey delivery, ImmutableArray<MeasureWish> wishes)
    {
        lock (_lock)
        {
            if (_closed || (wishes.IsEmpty && !_errands.ContainsKey(delivery)))
            {
                return;
            }

            if (!_errands.TryGetValue(delivery, out var errands))
            {
                _errands[delivery] = errands = [];
            }

            var wanted = wishes.DistinctBy(ErrandName.Of).ToDictionary(ErrandName.Of);
            foreach (var (name, errand) in errands.Where(pair => !wanted.ContainsKey(pair.Key)).ToArray())
            {
                errands.Remove(name);
                End(errand, abandoning: true);
            }

            foreach (var (name, wish) in wanted.Where(pair => !errands.ContainsKey(pair.Key)))
            {
                var errand = errands[name] = new CheckErrand(wish);
                errand.Start(stop => MakeAsync(wish, stop));
                _ = TellAsync(delivery, errand);
            }

            if (errands.Count == 0)
            {
                _errands.Remove(delivery);
            }
        }
    }

    /// <summary>Those that were made, and are wished for still.</summary>
    public ImmutableArray<Measured> Results(ObjectKey delivery)
    {
        lock (_lock)
        {
            return _errands.TryGetValue(delivery, out var errands)
                ? [.. errands.Values.Where(errand => errand.Made.IsCompletedSuccessfully || errand.Made.IsFaulted).Select(Result)]
                : [];
        }
    }

    public void Forget(ObjectKey delivery) => Follow(delivery, []);

    /// <summary>Stops. What runs in the cluster goes on: whoever leads next finds it by its name.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Task> ending;
        lock (_lock)
        {
            _closed = true;
            foreach (var errand in _errands.Values.SelectMany(errands => errands.Values))
            {
                End(errand, abandoning: false);
            }

            _errands.Clear();
            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
        _requests.Dispose();
        _jobs.Dispose();
    }

    private async Task<Measurement> MakeAsync(MeasureWish wish, CancellationToken stop)
    {
        // What is due already must not be made within the lock that the pass holds.
        await Task.Yield();
        while (wish.Due - time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < LongestNap ? left : LongestNap, time, stop);
        }

        var turns = wish.Plan.Source is CheckSource.Job ? _jobs : _requests;
        await turns.WaitAsync(stop);
        try
        {
            return await measure(wish, stop);
        }
        finally
        {
            turns.Release();
        }
    }

    // Once the task has ended: who is told looks at once, and must find what was made.
    private async Task TellAsync(ObjectKey delivery, CheckErrand errand)
    {
        await ((Task)errand.Made).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (!errand.Made.IsCanceled)
        {
            Measured?.Invoke(delivery);
        }
    }

    private Measured Result(CheckErrand errand)
    {
        var (wish, made) = (errand.Wish, errand.Made);
        if (made.Exception?.GetBaseException() is { } defect)
        {
            LogDefect(defect, wish.Plan.Name, wish.Context.Delivery);
        }

        return new Measured(wish.Context.Release, wish.Step, wish.Plan.Name, wish.Ordinal, made.IsCompletedSuccessfully
            ? made.Result
            : new Measurement(MeasuredAs.Error, Instant.Of(time.GetUtcNow()), null, $"a defect of the controller ({made.Exception?.GetBaseException().GetType().Name}): its log has more"));
    }

    private void End(CheckErrand errand, bool abandoning)
    {
        _ending.RemoveWhere(task => task.IsCompleted);
        _ending.Add(EndAsync(errand, abandoning && !errand.Made.IsCompleted));
    }

    private async Task EndAsync(CheckErrand errand, bool abandoning)
    {
        await Task.Yield();
        await errand.StopAsync();
        errand.Dispose();
        if (!abandoning)
        {
            return;
        }

        using var limit = new CancellationTokenSource(AbandonLimit, time);
        try
        {
            await abandon(errand.Wish, limit.Token);
        }
        catch (Exception e) when (e is KubeException or OperationCanceledException)
        {
            // Its own deadline ends it.
            LogNotAbandoned(errand.Wish.Plan.Name, errand.Wish.Context.Delivery, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "Check {Check} of {Delivery}: a measurement failed by a defect of ours")]
    private partial void LogDefect(Exception defect, string check, string delivery);

    [LoggerMessage(LogLevel.Warning, "Check {Check} of {Delivery}: what it left in the cluster could not be taken away: {Why}")]
    private partial void LogNotAbandoned(string check, string delivery, string why);
}
