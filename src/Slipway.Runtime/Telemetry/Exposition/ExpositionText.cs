using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Slipway.Telemetry.Exposition;

/// <summary>Writes metrics as Prometheus reads them.</summary>
/// <remarks>prometheus/docs, "Exposition formats", for 0.0.4; the OpenMetrics specification, 1.0, "Text format".</remarks>
internal sealed class ExpositionText(ExpositionFormat format)
{
    private readonly StringBuilder _text = new();

    private bool IsOpen => format == ExpositionFormat.OpenMetrics;

    /// <summary>The metric with all its series; a metric that has none is not mentioned, as nobody could tell its type from its absence.</summary>
    public void Write(SeriesTable table)
    {
        var definition = table.Definition;
        if (table.All.IsEmpty)
        {
            return;
        }

        var family = IsOpen ? definition.Family : definition.Name;
        _text.Append("# HELP ").Append(family).Append(' ').Append(Escaped(definition.Help, quotes: IsOpen)).Append('\n');
        _text.Append("# TYPE ").Append(family).Append(' ').Append(Word(definition.Kind)).Append('\n');
        if (IsOpen && definition.Unit is { } unit)
        {
            _text.Append("# UNIT ").Append(family).Append(' ').Append(unit).Append('\n');
        }

        foreach (var series in table.All)
        {
            if (definition.Kind == MetricKind.Histogram)
            {
                WriteHistogram(definition, series);
            }
            else
            {
                Sample(definition.Name, definition, series.Labels, null, series.Value);
            }
        }
    }

    public string End() => (IsOpen ? _text.Append("# EOF\n") : _text).ToString();

    private void WriteHistogram(MetricDefinition definition, MetricSeries series)
    {
        var (cumulative, sum) = series.Distribution();
        for (var i = 0; i < cumulative.Length; i++)
        {
            Sample(definition.Name + "_bucket", definition, series.Labels, i < definition.Buckets.Length ? Bound(definition.Buckets[i]) : "+Inf", cumulative[i]);
        }

        Sample(definition.Name + "_sum", definition, series.Labels, null, sum);
        Sample(definition.Name + "_count", definition, series.Labels, null, cumulative[^1]);
    }

    private void Sample(string name, MetricDefinition definition, ImmutableArray<string> values, string? bound, double value)
    {
        _text.Append(name);
        var separator = '{';
        for (var i = 0; i < values.Length; i++)
        {
            Label(ref separator, definition.Labels[i].Name, values[i]);
        }

        if (bound is not null)
        {
            Label(ref separator, "le", bound);
        }

        _text.Append(separator == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private void Label(ref char separator, string name, string value)
    {
        _text.Append(separator).Append(name).Append("=\"").Append(Escaped(value, quotes: true)).Append('"');
        separator = ',';
    }

    // OpenMetrics wants one spelling of each bound, with a decimal point: "1.0".
    private string Bound(double bound) => Number(bound) is var number && IsOpen && bound == Math.Floor(bound) && !number.Contains('.', StringComparison.Ordinal) && !number.Contains('E', StringComparison.Ordinal) ? number + ".0" : number;

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escaped(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Word(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };
}
