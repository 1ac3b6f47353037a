namespace Slipway.Sandbox.Workloads.Traffic;

/// <summary>A value, and what it was before: for those who hear of changes late. What is older than anybody's lag is forgotten.</summary>
internal sealed class Lagged<T>(T first)
{
    // Many changes within one lag: the oldest of them are passed over.
    private const int MaxKept = 1_000;

    private readonly List<(DateTimeOffset At, T Value)> _values = [(DateTimeOffset.MinValue, first)];

    public T Latest => _values[^1].Value;

    public void Set(DateTimeOffset now, TimeSpan lag, T value)
    {
        _values.Add((now, value));
        var seen = _values.FindLastIndex(one => one.At <= now - lag);
        _values.RemoveRange(0, Math.Max(seen, _values.Count - MaxKept));
    }

    /// <summary>As it was at an instant, or as early as is known.</summary>
    public T At(DateTimeOffset instant) => _values[Math.Max(0, _values.FindLastIndex(one => one.At <= instant))].Value;
}
