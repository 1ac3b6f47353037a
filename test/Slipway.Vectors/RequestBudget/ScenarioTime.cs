namespace Slipway.Vectors.RequestBudget;

/// <summary>A clock that stands still until a scenario lets time pass.</summary>
public sealed class ScenarioTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + _elapsed;

    public override long GetTimestamp() => _elapsed.Ticks;

    /// <summary>To the next timer within <paramref name="most"/>, or as far as that; what is left of it.</summary>
    public TimeSpan Step(TimeSpan most)
    {
        List<Alarm> due;
        TimeSpan step;
        lock (_lock)
        {
            var next = _alarms.Min(alarm => alarm.Due) - _elapsed;
            step = next is { } wait && wait < most ? wait : most;
            _elapsed += step > TimeSpan.Zero ? step : TimeSpan.Zero;
            due = [.. _alarms.Where(alarm => alarm.Due <= _elapsed)];
            due.ForEach(alarm => alarm.Due = null);
        }

        due.ForEach(alarm => alarm.Ring());
        return most - (step > TimeSpan.Zero ? step : TimeSpan.Zero);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        lock (_lock)
        {
            _alarms.Add(alarm);
        }

        alarm.Change(dueTime, period);
        return alarm;
    }

    private sealed class Alarm(ScenarioTime clock, Action ring) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public void Ring() => ring();

        // Nothing here asks for a period.
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._elapsed + dueTime;
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                clock._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
