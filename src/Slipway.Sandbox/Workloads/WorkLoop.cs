using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>
/// One queue for all controllers and one thread that works it off, so that the same events give the same order. Keys wait once however
/// often they are added; without work there is one timer at most, for the next instant that somebody waits for.
/// </summary>
internal sealed class WorkLoop : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private const int MaxFailuresKept = 100;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<IWorkloadController> _controllers;
    private readonly Queue<Work> _queue = [];
    private readonly HashSet<Work> _queued = [];
    private readonly PriorityQueue<Work, DateTimeOffset> _later = new();
    private readonly Dictionary<Work, DateTimeOffset> _due = [];
    private readonly List<string> _failures = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Task _working;
    private TaskCompletionSource _idle = NewSignal();
    private int _outside;
    private bool _busy;

    private readonly record struct Work(int Controller, ObjectKey Key);

    public WorkLoop(TimeProvider time, IReadOnlyList<IWorkloadController> controllers)
    {
        (_time, _controllers) = (time, controllers);
        _idle.SetResult();
        _timer = time.CreateTimer(_ => TakeDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _working = Task.Run(RunAsync);
    }

    /// <summary>What went wrong, oldest first. Nothing should: a controller that fails is tried again, but it is a mistake here.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    public void Notice(WatchEvent change)
    {
        for (var controller = 0; controller < _controllers.Count; controller++)
        {
            foreach (var key in _controllers[controller].Concerned(change))
            {
                Add(new Work(controller, key));
            }
        }
    }

    public void Add(IWorkloadController controller, ObjectKey key) => Add(new Work(IndexOf(controller), key));

    /// <summary>
    /// Work that is under way elsewhere (a pull): until it ends, the loop is not idle. Then the keys that it returns are looked at.
    /// </summary>
    public async Task OutsideAsync(IWorkloadController controller, Func<CancellationToken, Task<IReadOnlyCollection<ObjectKey>>> work)
    {
        lock (_gate)
        {
            _outside++;
            BecomeBusy();
        }

        try
        {
            foreach (var key in await work(_stopping.Token))
            {
                Add(controller, key);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
        finally
        {
            lock (_gate)
            {
                _outside--;
                SignalIfIdle();
            }
        }
    }

    /// <summary>Waits until nothing is left to do now. What waits for an instant does not count.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            return _idle.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _timer.DisposeAsync();
        await _working;
        _arrived.Dispose();
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int IndexOf(IWorkloadController controller)
    {
        var index = 0;
        while (_controllers[index] != controller)
        {
            index++;
        }

        return index;
    }

    private void Add(Work work)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested || !_queued.Add(work))
            {
                return;
            }

            _queue.Enqueue(work);
            BecomeBusy();
            _arrived.Release();
        }
    }

    private void BecomeBusy()
    {
        if (_idle.Task.IsCompleted)
        {
            _idle = NewSignal();
        }
    }

    private void SignalIfIdle()
    {
        if (!_busy && _queue.Count == 0 && _outside == 0)
        {
            _idle.TrySetResult();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _arrived.WaitAsync(_stopping.Token);
                WorkOff();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped between two keys; the store holds all that there is to know.
        }
    }

    private void WorkOff()
    {
        Work work;
        lock (_gate)
        {
            work = _queue.Dequeue();
            _queued.Remove(work);
            _busy = true;
        }

        var again = Reconcile(work);
        lock (_gate)
        {
            _busy = false;
            Schedule(work, again);
            SignalIfIdle();
        }
    }

    private DateTimeOffset? Reconcile(Work work)
    {
        try
        {
            return _controllers[work.Controller].Reconcile(work.Key);
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failures.Add($"{_controllers[work.Controller].GetType().Name} {work.Key}: {e.Message}");
                _failures.RemoveRange(0, Math.Max(0, _failures.Count - MaxFailuresKept));
            }

            return _time.GetUtcNow() + RetryAfter;
        }
    }

    private void Schedule(Work work, DateTimeOffset? at)
    {
        if (at is null)
        {
            _due.Remove(work);
            return;
        }

        _due[work] = at.Value;
        _later.Enqueue(work, at.Value);
        SetTimer();
    }

    private void SetTimer()
    {
        // Entries that were put off or taken back stay in the heap until they come up.
        while (_later.TryPeek(out var work, out var at) && (!_due.TryGetValue(work, out var due) || due != at))
        {
            _later.Dequeue();
        }

        if (!_stopping.IsCancellationRequested && _later.TryPeek(out _, out var next))
        {
            var wait = next - _time.GetUtcNow();
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void TakeDue()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (_later.TryPeek(out var work, out var at) && at <= now)
            {
                _later.Dequeue();
                if (_due.TryGetValue(work, out var due) && due == at)
                {
                    _due.Remove(work);
                    Add(work);
                }
            }

            SetTimer();
        }
    }
}
