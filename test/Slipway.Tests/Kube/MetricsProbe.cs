using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Telemetry;

namespace Slipway.Tests.Kube;

/// <summary>What one set of instruments has counted, by name and labels.</summary>
public sealed class MetricsProbe : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _values = new();
    private readonly MeterListener _listener = new();

    public MetricsProbe(SlipwayMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => _values.AddOrUpdate(Name(instrument, labels), value, (_, sum) => sum + value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => _values[Name(instrument, labels)] = value);
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => _values[Name(instrument, labels)] = value);
        _listener.Start();
    }

    public double this[string series] => _values.GetValueOrDefault(series);

    /// <summary>Reads the gauges.</summary>
    public void Scrape() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        $"{instrument.Name}{{{string.Join(',', labels.ToArray().OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}}";
}
