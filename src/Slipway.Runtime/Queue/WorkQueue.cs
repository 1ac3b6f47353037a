using System.Diagnostics.CodeAnalysis;
using Slipway.Kube;

namespace Slipway.Queue;

/// <summary>
/// Keys that want a pass. A key waits once however often it is added, is never in two hands at once, and when it is added while in hand
/// it comes again after that. So the queue is as long as there are objects, at most.
/// </summary>
/// <param name="backoff">Wait of a key that failed.</param>
/// <param name="jitter">Draws from [0, 1); never called by two threads at once.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A work queue is what controllers call it everywhere")]
public sealed class WorkQueue<TKey>(TimeProvider time, Backoff backoff, Func<double> jitter) : IDisposable
    where TKey : notnull
{
    /// <summary>One of so many takes serves the routine first, so that a stream of urgent keys cannot starve it.</summary>
    public const int RoutineShare = 8;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly LinkedList<Waiting>[] _lines = [new(), new()];
    private readonly Dictionary<TKey, LinkedListNode<Waiting>> _waiting = [];
    private readonly Dictionary<TKey, Urgency?> _inHand = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly Delays<TKey> _delays = new(time);
    private long _takes;
    private bool _closed;

    private sealed record Waiting(TKey Key, Urgency Urgency, DateTimeOffset Since);

    /// <summary>Keys that wait for a worker; those that wait for their time do not count.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Since when the oldest of them waits.</summary>
    public DateTimeOffset? OldestSince
    {
        get
        {
            lock (_gate)
            {
                return _lines.Min(line => line.First?.Value.Since);
            }
        }
    }

    public void Add(TKey key, Urgency urgency = Urgency.Urgent)
    {
        lock (_gate)
        {
            AddLocked(key, urgency);
        }
    }

    /// <summary>After the delay, or earlier where an earlier time was set for the key already. A pass that starts before clears what was set before it.</summary>
    public void AddAfter(TKey key, TimeSpan delay, Urgency urgency = Urgency.Urgent)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            if (delay <= TimeSpan.Zero)
            {
                AddLocked(key, urgency);
            }
            else
            {
                _delays.Set(key, delay, urgency, Due);
            }
        }
    }

    /// <summary>After the pause that the key's failures in a row have earned it, or after <paramref name="atLeast"/>.</summary>
    public void AddFailed(TKey key, TimeSpan atLeast = default)
    {
        TimeSpan pause;
        lock (_gate)
        {
            pause = backoff.After(CountFailure(key), jitter());
        }

        AddAfter(key, pause > atLeast ? pause : atLeast, Urgency.Routine);
    }

    /// <summary>One more in a row; returns how many there are now.</summary>
    public int CountFailure(TKey key)
    {
        lock (_gate)
        {
            return _failures[key] = Math.Min(_failures.GetValueOrDefault(key), int.MaxValue - 1) + 1;
        }
    }

    /// <summary>In a row.</summary>
    public int Failures(TKey key)
    {
        lock (_gate)
        {
            return _failures.GetValueOrDefault(key);
        }
    }

    /// <summary>The key succeeded: its failures no longer count.</summary>
    public void Forgive(TKey key)
    {
        lock (_gate)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>Waits for a key and takes it in hand, until <see cref="Done"/>.</summary>
    /// <exception cref="OperationCanceledException">Nothing was taken.</exception>
    public async Task<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _ready.WaitAsync(cancellationToken);
        lock (_gate)
        {
            return TakeLocked();
        }
    }

    /// <summary>Takes a key if one waits.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TKey key)
    {
        if (!_ready.Wait(TimeSpan.Zero))
        {
            key = default;
            return false;
        }

        lock (_gate)
        {
            key = TakeLocked();
            return true;
        }
    }

    /// <summary>The key is out of hand; if it was added meanwhile, it waits again.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            if (_inHand.Remove(key, out var again) && again is { } urgency)
            {
                AddLocked(key, urgency);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _delays.Dispose();
        _ready.Dispose();
    }

    private void Due(TKey key, Urgency urgency) => Add(key, urgency);

    private void AddLocked(TKey key, Urgency urgency)
    {
        if (_closed)
        {
            return;
        }

        if (_inHand.TryGetValue(key, out var again))
        {
            _inHand[key] = again > urgency ? again : urgency;
        }
        else if (!_waiting.TryGetValue(key, out var node))
        {
            _waiting[key] = _lines[(int)urgency].AddLast(new Waiting(key, urgency, time.GetUtcNow()));
            _ready.Release();
        }
        else if (node.Value.Urgency < urgency)
        {
            _lines[(int)node.Value.Urgency].Remove(node);
            _waiting[key] = _lines[(int)urgency].AddLast(node.Value with { Urgency = urgency });
        }
    }

    // There is one permit of the semaphore for each key that waits, so a line is never empty here.
    private TKey TakeLocked()
    {
        var (urgent, routine) = (_lines[(int)Urgency.Urgent], _lines[(int)Urgency.Routine]);
        var routineFirst = ++_takes % RoutineShare == 0;
        var line = urgent.Count == 0 || (routineFirst && routine.Count > 0) ? routine : urgent;
        var key = line.First!.Value.Key;
        line.RemoveFirst();
        _waiting.Remove(key);
        _inHand[key] = null;

        // The pass looks at everything and says itself when the next one is due; what was set before it is overtaken.
        _delays.Clear(key);
        return key;
    }
}
