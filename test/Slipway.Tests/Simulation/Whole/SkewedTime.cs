namespace Slipway.Tests.Simulation.Whole;

/// <summary>
/// The clock of one machine: it runs as fast as all others, and somebody may set its hands. To look at it takes a microsecond, as nothing is for
/// nothing: a timer is cut to whole milliseconds, and who waits for the rest of one by looking again would wait for ever.
/// </summary>
internal sealed class SkewedTime(TimeProvider real) : TimeProvider
{
    private long _skew;
    private long _looks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _skew) + Passed());

    public override long GetTimestamp() => real.GetTimestamp() + Passed();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);

    public void Set(TimeSpan by) => Interlocked.Add(ref _skew, by.Ticks);

    private long Passed() => Interlocked.Add(ref _looks, TimeSpan.TicksPerMicrosecond);
}
