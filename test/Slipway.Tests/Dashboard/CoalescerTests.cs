using Slipway.Tests.SandboxWorld;
using Slipway.Dashboard.Live;

namespace Slipway.Tests.Dashboard;

public sealed class CoalescerTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ManualTime _time = new();
    private readonly Coalescer _coalescer;
    private int _calls;

    public CoalescerTests() => _coalescer = new(Pause, () => _calls++, _time);

    [Fact]
    public void The_first_signal_is_answered_at_once_and_those_within_the_pause_by_one_call_at_its_end()
    {
        _coalescer.Signal();
        Assert.Equal(1, _calls);

        _coalescer.Signal();
        _coalescer.Signal();
        Assert.Equal(1, _calls);

        _time.Advance(Pause);
        Assert.Equal(2, _calls);
    }

    [Fact]
    public void After_a_pause_without_signals_nothing_is_called_and_the_next_one_is_answered_at_once()
    {
        _coalescer.Signal();
        _time.Advance(Pause);
        Assert.Equal(1, _calls);

        _coalescer.Signal();
        Assert.Equal(2, _calls);
    }

    [Fact]
    public void A_call_at_the_end_of_a_pause_begins_another_pause()
    {
        _coalescer.Signal();
        _coalescer.Signal();
        _time.Advance(Pause);
        _coalescer.Signal();
        Assert.Equal(2, _calls);

        _time.Advance(Pause);
        Assert.Equal(3, _calls);
    }

    [Fact]
    public void Nothing_is_called_after_the_end()
    {
        _coalescer.Signal();
        _coalescer.Signal();
        _coalescer.Dispose();
        _time.Advance(Pause);
        Assert.Equal(1, _calls);
    }

    public void Dispose() => _coalescer.Dispose();
}
