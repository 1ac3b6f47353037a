using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry;
using Slipway.Telemetry.Exposition;

namespace Slipway.Tests.Telemetry;

/// <summary>One set of instruments, and what a scrape of it says.</summary>
public sealed class ScrapedWorld : IDisposable
{
    private readonly MetricStore _store;

    public ScrapedWorld() => _store = new MetricStore(Metrics, NullLogger<MetricStore>.Instance);

    public SlipwayMetrics Metrics { get; } = new();

    public string[] Lines(ExpositionFormat format = ExpositionFormat.Text) => _store.Expose(format).TrimEnd('\n').Split('\n');

    /// <summary>The samples of this metric, without the zeros that are there from the start.</summary>
    public string[] Samples(string metric) => [.. Lines().Where(line => (line.StartsWith(metric + '{', StringComparison.Ordinal) || line.StartsWith(metric + ' ', StringComparison.Ordinal)) && !line.EndsWith(" 0", StringComparison.Ordinal))];

    public void Dispose()
    {
        _store.Dispose();
        Metrics.Dispose();
    }
}
