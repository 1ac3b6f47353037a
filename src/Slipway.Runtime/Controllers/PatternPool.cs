using System.Diagnostics.CodeAnalysis;
using Slipway.Policies;

namespace Slipway.Controllers;

/// <summary>
/// Patterns that are in use, by their text: a pattern costs some hundred KiB, and a house has a few of them that all its Deliveries write. It
/// keeps none alive, so that it is never larger than what uses it.
/// </summary>
public sealed class PatternPool
{
    private const int SweepAt = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WeakReference<TagPattern>> _patterns = new(StringComparer.Ordinal);
    private int _sweepAt = SweepAt;

    /// <summary>Entries, those included whose pattern nobody uses any longer and that were not swept out yet.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _patterns.Count;
            }
        }
    }

    /// <inheritdoc cref="TagPattern.TryParse"/>
    public bool TryParse(string? text, [NotNullWhen(true)] out TagPattern? pattern, out string error)
    {
        lock (_lock)
        {
            if (text is not null && _patterns.TryGetValue(text, out var known) && known.TryGetTarget(out pattern))
            {
                error = "";
                return true;
            }
        }

        if (!TagPattern.TryParse(text, out pattern, out error))
        {
            return false;
        }

        lock (_lock)
        {
            // Two threads may both have made it; from here on all have the same.
            if (_patterns.TryGetValue(pattern.Text, out var other) && other.TryGetTarget(out var first))
            {
                pattern = first;
                return true;
            }

            _patterns[pattern.Text] = new WeakReference<TagPattern>(pattern);
            Sweep();
            return true;
        }
    }

    private void Sweep()
    {
        if (_patterns.Count < _sweepAt)
        {
            return;
        }

        foreach (var (text, reference) in _patterns)
        {
            if (!reference.TryGetTarget(out _))
            {
                _patterns.Remove(text);
            }
        }

        _sweepAt = Math.Max(SweepAt, 2 * _patterns.Count);
    }
}
