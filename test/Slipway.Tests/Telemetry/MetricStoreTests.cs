using System.Collections.Immutable;
using System.Globalization;
using Slipway.Telemetry;

namespace Slipway.Tests.Telemetry;

public sealed class MetricStoreTests : IDisposable
{
    private readonly ScrapedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_can_be_counted_is_there_with_zero_before_anything_was_counted()
    {
        Assert.Contains("slipway_rollouts_ended_total{outcome=\"rolled_back\"} 0", _world.Lines());
        Assert.Contains("slipway_deliveries{state=\"stalled\"} 0", _world.Lines());
        Assert.Contains("slipway_push_to_live_seconds_count 0", _world.Lines());
    }

    [Fact]
    public void A_fresh_process_has_at_most_four_hundred_series()
    {
        ProcessReadings.Show(_world.Metrics, "1.2.3");

        Assert.InRange(_world.Lines().Count(line => line[0] != '#'), 100, 400);
    }

    [Fact]
    public void A_metric_has_a_bound_and_what_comes_beyond_is_counted_as_dropped()
    {
        for (var i = 0; i < MetricDefinition.MostSeries + 5; i++)
        {
            _world.Metrics.WebhookLooks(i.ToString(CultureInfo.InvariantCulture), 1);
        }

        _world.Metrics.WebhookLooks("0", 1);

        var samples = _world.Samples("slipway_webhook_looks_total");
        Assert.Equal(MetricDefinition.MostSeries, samples.Length);
        Assert.Equal("slipway_webhook_looks_total{receiver=\"0\"} 2", samples[0]);
        Assert.Equal(["slipway_metrics_dropped_series_total{metric=\"slipway_webhook_looks_total\"} 5"], _world.Samples("slipway_metrics_dropped_series_total"));
    }

    [Fact]
    public void What_a_gauge_no_longer_shows_is_gone_at_the_next_scrape()
    {
        ImmutableArray<string> checks = ["start", "informers"];
        _world.Metrics.Show(Instruments.Ready, "test", () => checks.Select(check => new Reading(1, check)));
        Assert.Equal(2, _world.Samples("slipway_ready").Length);

        checks = ["start"];

        Assert.Equal(["slipway_ready{check=\"start\"} 1"], _world.Samples("slipway_ready"));
    }

    [Fact]
    public void A_gauge_that_cannot_be_read_costs_the_others_nothing()
    {
        _world.Metrics.Show(Instruments.Leader, "test", () => throw new InvalidOperationException("broken"));
        _world.Metrics.Show(Instruments.Held, "test", () => [new Reading(7)]);

        Assert.Equal(["slipway_deliveries_held 7"], _world.Samples("slipway_deliveries_held"));
        Assert.Empty(_world.Samples("slipway_leader"));
    }

    [Fact]
    public void Nothing_is_lost_where_many_threads_count()
    {
        Parallel.For(0, 10_000, _ => _world.Metrics.Reconciled("delivery", "ok", TimeSpan.FromSeconds(1)));

        Assert.Equal(["slipway_reconciles_total{controller=\"delivery\",result=\"ok\"} 10000"], _world.Samples("slipway_reconciles_total"));
        Assert.Equal(["slipway_reconcile_duration_seconds_sum{controller=\"delivery\"} 10000"], _world.Samples("slipway_reconcile_duration_seconds_sum"));
    }

    [Fact]
    public void Lines_of_the_log_are_counted_by_level()
    {
        using var counter = new LogCounter(_world.Metrics);
        Microsoft.Extensions.Logging.LogLevel[] levels = [.. Enum.GetValues<Microsoft.Extensions.Logging.LogLevel>()];
        foreach (var level in levels)
        {
            counter.Log(level, default, "text", null, (text, _) => text);
        }

        Assert.Equal(
            ((string[])["information", "warning", "error", "critical"]).Select(level => $"slipway_log_messages_total{{level=\"{level}\"}} 1"), _world.Samples("slipway_log_messages_total"));
    }
}
