namespace Slipway.Dashboard.Live;

/// <summary>Makes of many signals few calls: the first is answered at once, those that follow within the pause by one call at its end.</summary>
public sealed class Coalescer : IDisposable
{
    private readonly TimeSpan _pause;
    private readonly Action _call;
    private readonly ITimer _timer;
    private bool _resting, _pending;

    public Coalescer(TimeSpan pause, Action call, TimeProvider time)
    {
        (_pause, _call) = (pause, call);
        _timer = time.CreateTimer(_ => Rested(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Signal()
    {
        if (_resting)
        {
            _pending = true;
            return;
        }

        Call();
    }

    public void Dispose() => _timer.Dispose();

    private void Rested()
    {
        _resting = false;
        if (_pending)
        {
            Call();
        }
    }

    private void Call()
    {
        (_resting, _pending) = (true, false);
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        _call();
    }
}
