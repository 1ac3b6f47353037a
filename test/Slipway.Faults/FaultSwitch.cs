namespace Slipway.Faults;

/// <summary>The faults as they are now, and a way to wait until they are others.</summary>
internal sealed class FaultSwitch
{
    private sealed record Setting(ProxyFaults Faults, TaskCompletionSource Replaced);

    private Setting _setting = New(ProxyFaults.None);
    private long _discarded;

    public ProxyFaults Now => Volatile.Read(ref _setting).Faults;

    /// <summary>Bytes that were thrown away.</summary>
    public long Discarded => Interlocked.Read(ref _discarded);

    public void Discard(int count) => Interlocked.Add(ref _discarded, count);

    public void Set(ProxyFaults faults) => Interlocked.Exchange(ref _setting, New(faults)).Replaced.SetResult();

    /// <summary>The faults as soon as they no longer stall the direction.</summary>
    public async Task<DirectionFaults> WhenFlowingAsync(Func<ProxyFaults, DirectionFaults> direction, CancellationToken cancellationToken)
    {
        while (true)
        {
            var setting = Volatile.Read(ref _setting);
            if (direction(setting.Faults) is { Stalled: false } flowing)
            {
                return flowing;
            }

            await setting.Replaced.Task.WaitAsync(cancellationToken);
        }
    }

    private static Setting New(ProxyFaults faults) => new(faults, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
