using System.Diagnostics.Metrics;
using Slipway.Registry;
using Slipway.Telemetry;

namespace Slipway.Tests.Telemetry;

public sealed class RegistryMetricsTests : IDisposable
{
    private readonly SlipwayMetrics _metrics = new();
    private readonly MeterListener _listener = new();
    private readonly List<string> _measured = [];

    public RegistryMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _metrics.Meter && instrument.Name.StartsWith("slipway_registry_", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _metrics.Dispose();
    }

    [Theory]
    [InlineData("GET", 200, "get", "2xx")]
    [InlineData("HEAD", 429, "head", "4xx")]
    [InlineData("GET", null, "get", "none")]
    public void A_request_is_counted_by_verb_and_class(string method, int? status, string verb, string codes)
    {
        _metrics.RegistryRequest(new RegistryExchange("ghcr.io", method, status, TimeSpan.FromSeconds(1), default));

        Assert.Equal([$"slipway_registry_requests_total 1 verb={verb} code_class={codes}"], _measured);
    }

    [Fact]
    public void Feeds_are_counted_by_how_often_they_look()
    {
        _metrics.Show(() => new Dictionary<FeedPace, int> { [FeedPace.AsAsked] = 5, [FeedPace.Stretched] = 2, [FeedPace.Slowed] = 1 });

        _listener.RecordObservableInstruments();

        Assert.Equal(["slipway_registry_feeds 1 pace=slowed", "slipway_registry_feeds 2 pace=stretched", "slipway_registry_feeds 5 pace=asked"], _measured.Order(StringComparer.Ordinal));
    }

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        _measured.Add($"{instrument.Name} {value} {string.Join(' ', labels.ToArray().Select(label => $"{label.Key}={label.Value}"))}");
}
