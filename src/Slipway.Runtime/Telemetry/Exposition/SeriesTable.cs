using System.Collections.Immutable;

namespace Slipway.Telemetry.Exposition;

/// <summary>All series of one metric: a few, which are looked through, and a bound on how many there can be.</summary>
internal sealed class SeriesTable
{
    private readonly Lock _gate = new();
    private ImmutableArray<MetricSeries> _series;

    public SeriesTable(MetricDefinition definition)
    {
        Definition = definition;
        _series = [.. definition.KnownSeries().Select(labels => new MetricSeries(labels, definition.Buckets))];
    }

    public MetricDefinition Definition { get; }

    public ImmutableArray<MetricSeries> All => _series;

    /// <summary>Forgets what is shown anew at every scrape, so that what has gone leaves no series behind; what is known beforehand is 0 again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _series = [.. Definition.KnownSeries().Select(labels => new MetricSeries(labels, Definition.Buckets))];
        }
    }

    /// <summary>Null where there are as many as there may be.</summary>
    public MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags) => Existing(tags) ?? Added(tags);

    private MetricSeries? Existing(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in _series)
        {
            if (series.Has(Definition, tags))
            {
                return series;
            }
        }

        return null;
    }

    private MetricSeries? Added(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            if (Existing(tags) is { } quicker)
            {
                return quicker;
            }

            if (_series.Length >= MetricDefinition.MostSeries)
            {
                return null;
            }

            var labels = ImmutableArray.CreateBuilder<string>(Definition.Labels.Length);
            foreach (var label in Definition.Labels)
            {
                labels.Add(MetricSeries.Find(label.Name, tags));
            }

            var added = new MetricSeries(labels.MoveToImmutable(), Definition.Buckets);
            _series = _series.Add(added);
            return added;
        }
    }
}
