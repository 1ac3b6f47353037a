using System.Text.RegularExpressions;
using Slipway.Telemetry;
using Slipway.Tests.Tidy;

namespace Slipway.Tests.Telemetry;

public sealed partial class InstrumentTests
{
    // What prometheus/docs advises and promtool looks at, and the abbreviations that it overlooks.
    [GeneratedRegex("_(ms|s|sec|secs|msec|m|min|mins|minutes|h|hours|d|days|kb|mb|gb|percent|milliseconds|counter|gauge|histogram)(_|$)")]
    private static partial Regex Misnamed { get; }

    [GeneratedRegex("^(slipway|process|dotnet)(_[a-z0-9]+)+$")]
    private static partial Regex SnakeCase { get; }

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \| (?<type>\w+) \| (?<unit>\w*) ?\| (?<labels>.*?) ?\| (?<means>.*?) \| (?<use>.*?) \|$", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    private static readonly string[] TargetLabels = ["type", "namespace", "pod", "container", "job", "instance", "service", "region", "zone", "cluster", "env", "le", "quantile"];

    private static readonly string[] Endings = ["_total", "_sum", "_count", "_bucket"];

    [Fact]
    public void Names_are_as_Prometheus_advises() => Assert.DoesNotContain(Instruments.All, metric =>
        !SnakeCase.IsMatch(metric.Name) || Misnamed.IsMatch(metric.Name)
        || metric.Name.EndsWith("_total", StringComparison.Ordinal) != (metric.Kind == MetricKind.Counter)
        || Endings.Any(ending => metric.Family.EndsWith(ending, StringComparison.Ordinal)));

    [Fact]
    public void Labels_do_not_clash_with_those_of_a_target() =>
        Assert.DoesNotContain(Instruments.All.SelectMany(metric => metric.Labels), label => TargetLabels.Contains(label.Name));

    [Fact]
    public void Each_has_a_sentence() => Assert.DoesNotContain(Instruments.All, metric => !metric.Help.EndsWith('.') || metric.Help.Contains('\n', StringComparison.Ordinal) || !char.IsUpper(metric.Help[0]) && metric.Help[0] != '1');

    [Fact]
    public void Histograms_have_rising_bounds_and_nothing_else_has_any() => Assert.DoesNotContain(Instruments.All, metric =>
        metric.Buckets.IsEmpty == (metric.Kind == MetricKind.Histogram) || !metric.Buckets.SequenceEqual(metric.Buckets.Order().Distinct()));

    [Fact]
    public void The_document_lists_what_the_code_has_and_nothing_else()
    {
        var document = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "metrics.md"));
        var rows = Row.Matches(document);

        Assert.Equal(
            Instruments.All.Select(metric => $"{metric.Name} | {$"{metric.Kind}".ToLowerInvariant()} | {metric.Unit} | {Labels(metric)} | {metric.Help}").Order(StringComparer.Ordinal),
            rows.Select(row => $"{row.Groups["name"]} | {row.Groups["type"]} | {row.Groups["unit"]} | {row.Groups["labels"]} | {row.Groups["means"]}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(rows, row => row.Groups["use"].Length < 10);
        Assert.Contains($"bound of {MetricDefinition.MostSeries} series", document, StringComparison.Ordinal);
    }

    private static string Labels(MetricDefinition metric) =>
        string.Join(", ", metric.Labels.Select(label => label.Values.IsDefaultOrEmpty ? $"`{label.Name}`" : $"`{label.Name}` ({string.Join(", ", label.Values)})"));
}
