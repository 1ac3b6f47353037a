namespace Slipway.Tests.Controllers;

/// <summary>A clock that a test sets; its timers go on as the system's do, so that nothing stands still.</summary>
internal sealed class ShiftedTime(DateTimeOffset begin) : TimeProvider
{
    private long _shift = (begin - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _shift, (now - System.GetUtcNow()).Ticks);
}
