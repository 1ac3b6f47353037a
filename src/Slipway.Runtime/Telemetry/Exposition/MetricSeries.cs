using System.Collections.Immutable;

namespace Slipway.Telemetry.Exposition;

/// <summary>One combination of label values, and what was measured under it. Any thread may measure; nothing is locked or allocated.</summary>
internal sealed class MetricSeries(ImmutableArray<string> labels, ImmutableArray<double> buckets)
{
    // Not cumulative; the last is for what exceeds every bound.
    private readonly long[] _counts = new long[buckets.Length + 1];
    private double _sum;

    public ImmutableArray<string> Labels { get; } = labels;

    /// <summary>Of a counter or a gauge.</summary>
    public double Value => Volatile.Read(ref _sum);

    /// <summary>Counts up to each bound and in all, and the sum of a histogram.</summary>
    public (ImmutableArray<long> Cumulative, double Sum) Distribution()
    {
        var cumulative = ImmutableArray.CreateBuilder<long>(_counts.Length);
        var count = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            count += Volatile.Read(ref _counts[i]);
            cumulative.Add(count);
        }

        return (cumulative.MoveToImmutable(), Value);
    }

    public void Set(double value) => Volatile.Write(ref _sum, value);

    public void Add(double value)
    {
        double seen;
        do
        {
            seen = Volatile.Read(ref _sum);
        }
        while (Interlocked.CompareExchange(ref _sum, seen + value, seen) != seen);
    }

    public void Record(double value)
    {
        var bucket = 0;
        while (bucket < buckets.Length && value > buckets[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Add(value);
    }

    public bool Has(MetricDefinition definition, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        for (var i = 0; i < Labels.Length; i++)
        {
            if (!string.Equals(Labels[i], Find(definition.Labels[i].Name, tags), StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public static string Find(string label, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == label)
            {
                return tag.Value as string ?? "";
            }
        }

        return "";
    }
}
