using System.Collections.Immutable;

namespace Slipway.Telemetry;

public enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>A label, and the values that it can have where they are few and known: those are there with 0 from the start.</summary>
public sealed record MetricLabel(string Name, params ImmutableArray<string> Values);

/// <summary>What is measured: its name as Prometheus sees it, its labels, and a sentence that stays the same from version to version.</summary>
public sealed record MetricDefinition(MetricKind Kind, string Name, string Help, ImmutableArray<MetricLabel> Labels)
{
    /// <summary>Combinations of label values that are kept; what comes beyond them is dropped, and counted as dropped.</summary>
    public const int MostSeries = 200;

    private static readonly string[] Units = ["seconds", "bytes", "ratio"];

    /// <summary>Upper bounds, of a histogram.</summary>
    public ImmutableArray<double> Buckets { get; init; } = [];

    /// <summary>OpenMetrics' name of the whole: a counter's without the ending of its sample.</summary>
    public string Family => Kind == MetricKind.Counter && Name.EndsWith("_total", StringComparison.Ordinal) ? Name[..^"_total".Length] : Name;

    /// <summary>The base unit that ends the name; null: it counts things.</summary>
    public string? Unit => Array.Find(Units, unit => Family.EndsWith($"_{unit}", StringComparison.Ordinal));

    /// <summary>Every combination of labels that is known before anything is measured.</summary>
    public IEnumerable<ImmutableArray<string>> KnownSeries() => Labels.Aggregate(
        (IEnumerable<ImmutableArray<string>>)[[]],
        (known, label) => known.SelectMany(values => label.Values.Select(value => values.Add(value))));
}

/// <summary>What a gauge shows, with the values of its labels in their order.</summary>
public readonly record struct Reading(double Value, params ImmutableArray<string> Labels);
