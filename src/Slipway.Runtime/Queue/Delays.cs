namespace Slipway.Queue;

/// <summary>Keys that wait for their time: at most one time for each, the earliest that was set, and one timer for all.</summary>
internal sealed class Delays<TKey>(TimeProvider time) : IDisposable
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TKey, long> _order = new();
    private readonly Dictionary<TKey, Entry> _set = [];
    private ITimer? _timer;
    private Action<TKey, Urgency>? _due;

    private readonly record struct Entry(long Due, Urgency Urgency);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _set.Count;
            }
        }
    }

    /// <summary>Places in the order, those of times that were overtaken too.</summary>
    public int Places
    {
        get
        {
            lock (_gate)
            {
                return _order.Count;
            }
        }
    }

    /// <param name="due">Called when the time has come, on the timer's thread.</param>
    public void Set(TKey key, TimeSpan delay, Urgency urgency, Action<TKey, Urgency> due)
    {
        lock (_gate)
        {
            _due = due;
            var at = time.GetTimestamp() + Ticks(delay);
            if (_set.TryGetValue(key, out var known))
            {
                urgency = known.Urgency > urgency ? known.Urgency : urgency;
                if (known.Due <= at)
                {
                    _set[key] = known with { Urgency = urgency };
                    return;
                }
            }

            _set[key] = new Entry(at, urgency);
            _order.Enqueue(key, at);
            Compact();
            Arm();
        }
    }

    public void Clear(TKey key)
    {
        lock (_gate)
        {
            // Its place in the order stays, and is passed over when its turn comes.
            _set.Remove(key);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            _due = null;
            _set.Clear();
            _order.Clear();
        }
    }

    private void Fire()
    {
        List<(TKey Key, Urgency Urgency)> due = [];
        Action<TKey, Urgency>? call;
        lock (_gate)
        {
            call = _due;
            var now = time.GetTimestamp();
            while (_order.TryPeek(out var key, out var at) && at <= now)
            {
                _order.Dequeue();
                if (_set.TryGetValue(key, out var entry) && entry.Due == at)
                {
                    _set.Remove(key);
                    due.Add((key, entry.Urgency));
                }
            }

            Arm();
        }

        // Outside of the lock: the queue has its own, and takes it before this one.
        foreach (var (key, urgency) in due)
        {
            call?.Invoke(key, urgency);
        }
    }

    private void Arm()
    {
        if (_due is null || !_order.TryPeek(out _, out var at))
        {
            return;
        }

        // Rounded up: a timer that fires before its time finds nothing due, and would be set to nothing again and again until then.
        var wait = TimeSpan.FromTicks((long)Math.Ceiling(Math.Max(0, at - time.GetTimestamp()) * ((double)TimeSpan.TicksPerSecond / time.TimestampFrequency)));
        _timer ??= time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // A timer takes less than 50 days; a later key is looked at again then.
        _timer.Change(wait < TimeSpan.FromDays(1) ? wait : TimeSpan.FromDays(1), Timeout.InfiniteTimeSpan);
    }

    // Times that were overtaken stay in the order until their turn; when they are the most of it, it is made anew.
    private void Compact()
    {
        if (_order.Count <= (2 * _set.Count) + 64)
        {
            return;
        }

        _order.Clear();
        _order.EnqueueRange(_set.Select(pair => (pair.Key, pair.Value.Due)));
    }

    private long Ticks(TimeSpan delay) => (long)Math.Min(delay.TotalSeconds * time.TimestampFrequency, long.MaxValue / 4);
}
