namespace Slipway.Tests.Queue;

/// <summary>A clock that stands still until it is told to go on. Timers fire in the order of their instants, on the thread that advances.</summary>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private TimeSpan _elapsed;

    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>Whether something is under way that takes real time, so that virtual time had better wait for it.</summary>
    public Func<bool> Busy { get; set; } = () => false;

    /// <summary>Timers that are set.</summary>
    public int Armed
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count(timer => timer.Due is not null);
            }
        }
    }

    /// <summary>How long until the next timer; null where none is set.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            lock (_gate)
            {
                return _timers.Min(timer => timer.Due) - _elapsed;
            }
        }
    }

    /// <summary>How far someone has set the wall clock, or how long the machine slept.</summary>
    public TimeSpan WallOffset { get; set; }

    public override DateTimeOffset GetUtcNow() => Start + Elapsed + WallOffset;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var until = Elapsed + by;
        while (NextBefore(until) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _elapsed = until;
        }
    }

    /// <summary>Lets time pass in small steps, with room for other threads between them, until the condition holds.</summary>
    public async Task RunUntilAsync(Func<bool> condition, TimeSpan? step = null)
    {
        for (var i = 0; i < 4000 && !condition(); i++)
        {
            if (!Busy())
            {
                Advance(step ?? TimeSpan.FromMilliseconds(100));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        Assert.True(condition(), "it did not come about in 20 s");
    }

    private VirtualTimer? NextBefore(TimeSpan until)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is not null)
            {
                _elapsed = next.Due!.Value > _elapsed ? next.Due.Value : _elapsed;
                next.Due = next.Period > TimeSpan.Zero ? _elapsed + next.Period : null;
            }

            return next;
        }
    }

    private sealed class VirtualTimer(VirtualTime clock, Action fire) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._elapsed + dueTime;
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                Due = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
