using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry.Exposition;

/// <summary>Keeps what the instruments measure until it is scraped.</summary>
public sealed partial class MetricStore : IDisposable
{
    private readonly SlipwayMetrics _metrics;
    private readonly ILogger<MetricStore> _log;
    private readonly FrozenDictionary<string, SeriesTable> _tables = Instruments.All.ToFrozenDictionary(definition => definition.Name, definition => new SeriesTable(definition));
    private readonly List<SeriesTable> _shown = [];
    private readonly ConcurrentDictionary<string, bool> _full = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();

    public MetricStore(SlipwayMetrics metrics, ILogger<MetricStore> log)
    {
        (_metrics, _log) = (metrics, log);
        _listener.InstrumentPublished = Follow;
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, table) => Measured((Followed)table!, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, table) => Measured((Followed)table!, value, tags));
        _listener.Start();
    }

    private sealed record Followed(MetricStore Store, SeriesTable Table, bool IsShown);

    /// <summary>All metrics as they stand, in one of the two formats. What cannot be read at present is left out and told in the log.</summary>
    public string Expose(ExpositionFormat format)
    {
        lock (_scraping)
        {
            _shown.ForEach(table => table.Clear());
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException e)
            {
                LogUnread(e, e.InnerExceptions.Count);
            }

            var text = new ExpositionText(format);
            foreach (var definition in Instruments.All)
            {
                text.Write(_tables[definition.Name]);
            }

            return text.End();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Follow(Instrument instrument, MeterListener listener)
    {
        if (ReferenceEquals(instrument.Meter, _metrics.Meter))
        {
            var table = _tables[instrument.Name];
            if (instrument.IsObservable)
            {
                _shown.Add(table);
            }

            listener.EnableMeasurementEvents(instrument, new Followed(this, table, instrument.IsObservable));
        }
    }

    private static void Measured(Followed followed, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (followed.Table.Find(tags) is not { } series)
        {
            followed.Store.Drop(followed.Table.Definition);
        }
        else if (followed.Table.Definition.Kind == MetricKind.Histogram)
        {
            series.Record(value);
        }
        else if (followed.IsShown)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    private void Drop(MetricDefinition metric)
    {
        _metrics.Dropped(metric.Name);
        if (_full.TryAdd(metric.Name, true))
        {
            LogFull(metric.Name, MetricDefinition.MostSeries);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Metric} has {Most} series, and gets no more: what has other labels is dropped, and counted in slipway_metrics_dropped_series_total")]
    private partial void LogFull(string metric, int most);

    [LoggerMessage(LogLevel.Error, "{Count} metrics could not be read, and are missing from this scrape")]
    private partial void LogUnread(Exception error, int count);
}
