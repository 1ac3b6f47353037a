using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Slipway.Telemetry;

/// <summary>A counter whose labels are named where it is declared, and nowhere else.</summary>
internal sealed class LabelledCounter(Meter meter, MetricDefinition definition)
{
    private readonly Counter<long> _counter = meter.CreateCounter<long>(definition.Name, LabelTags.Unit(definition), definition.Help);

    public void Add(long count, params ReadOnlySpan<string> values) => _counter.Add(count, LabelTags.Of(definition, values));
}

/// <summary>A histogram whose labels and buckets are where it is declared.</summary>
internal sealed class LabelledHistogram(Meter meter, MetricDefinition definition)
{
    private readonly Histogram<double> _histogram = meter.CreateHistogram(
        definition.Name, LabelTags.Unit(definition), definition.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = definition.Buckets });

    public void Record(TimeSpan time, params ReadOnlySpan<string> values) => _histogram.Record(time.TotalSeconds, LabelTags.Of(definition, values));
}

/// <summary>Values beside their names, on the stack.</summary>
internal static class LabelTags
{
    /// <summary>As UCUM writes it, which is what OTLP carries.</summary>
    public static string? Unit(MetricDefinition definition) => definition.Unit switch
    {
        "seconds" => "s",
        "bytes" => "By",
        "ratio" => "1",
        _ => null,
    };

    public static TagList Of(MetricDefinition definition, ReadOnlySpan<string> values)
    {
        var tags = new TagList();
        for (var i = 0; i < values.Length; i++)
        {
            tags.Add(definition.Labels[i].Name, values[i]);
        }

        return tags;
    }
}
