using Slipway.Telemetry;
using Slipway.Telemetry.Exposition;

namespace Slipway.Tests.Telemetry;

public sealed class ExpositionTests : IDisposable
{
    private readonly ScrapedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_counter_keeps_its_ending_in_the_text_form_and_its_family_loses_it_in_OpenMetrics()
    {
        ProcessReadings.Show(_world.Metrics, "1.2.3");

        Assert.Contains("# TYPE process_cpu_seconds_total counter", _world.Lines());
        Assert.DoesNotContain(_world.Lines(), line => line.StartsWith("# UNIT", StringComparison.Ordinal) || line == "# EOF");

        var open = _world.Lines(ExpositionFormat.OpenMetrics);
        Assert.Contains("# TYPE process_cpu_seconds counter", open);
        Assert.Contains("# UNIT process_cpu_seconds seconds", open);
        Assert.Contains(open, line => line.StartsWith("process_cpu_seconds_total ", StringComparison.Ordinal));
        Assert.Equal("# EOF", open[^1]);
    }

    [Fact]
    public void A_label_is_escaped()
    {
        _world.Metrics.WebhookLooks("a\"b\\c\nd", 1);

        Assert.Equal(["slipway_webhook_looks_total{receiver=\"a\\\"b\\\\c\\nd\"} 1"], _world.Samples("slipway_webhook_looks_total"));
    }

    [Fact]
    public void A_histogram_counts_up_to_each_bound_and_sums()
    {
        foreach (var milliseconds in new[] { 5, 6, 70_000 })
        {
            _world.Metrics.Reconciled("delivery", "ok", TimeSpan.FromMilliseconds(milliseconds));
        }

        const string name = "slipway_reconcile_duration_seconds";
        var lines = _world.Lines().Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains("delivery", StringComparison.Ordinal)).ToArray();
        Assert.Equal($"{name}_bucket{{controller=\"delivery\",le=\"0.005\"}} 1", lines[0]);
        Assert.Equal($"{name}_bucket{{controller=\"delivery\",le=\"0.01\"}} 2", lines[1]);
        Assert.Equal([$"{name}_bucket{{controller=\"delivery\",le=\"30\"}} 2", $"{name}_bucket{{controller=\"delivery\",le=\"+Inf\"}} 3"], lines[^4..^2]);
        Assert.Equal([$"{name}_sum{{controller=\"delivery\"}} 70.011", $"{name}_count{{controller=\"delivery\"}} 3"], lines[^2..]);
        Assert.Contains($"{name}_bucket{{controller=\"delivery\",le=\"30.0\"}} 2", _world.Lines(ExpositionFormat.OpenMetrics));
    }

    [Theory]
    [InlineData(null, ExpositionFormat.Text)]
    [InlineData("*/*", ExpositionFormat.Text)]
    [InlineData("text/html", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.3,text/plain;q=0.4", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=0.0.1", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=much", ExpositionFormat.Text)]
    public void The_form_is_what_the_scraper_likes_best(string? accept, ExpositionFormat form) => Assert.Equal(form, ExpositionFormats.Choose(accept));
}
