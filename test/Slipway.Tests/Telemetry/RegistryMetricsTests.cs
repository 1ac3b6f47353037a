using Slipway.Registry;

namespace Slipway.Tests.Telemetry;

public sealed class RegistryMetricsTests : IDisposable
{
    private readonly ScrapedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("GET", 200, "get", "2xx", false)]
    [InlineData("GET", 401, "get", "4xx", false)]
    [InlineData("HEAD", 429, "head", "4xx", true)]
    [InlineData("GET", 503, "get", "5xx", true)]
    [InlineData("GET", null, "get", "none", true)]
    public void A_request_is_counted_by_verb_and_class(string method, int? status, string verb, string codes, bool fails)
    {
        _world.Metrics.RegistryRequest(new RegistryExchange("ghcr.io", method, status, TimeSpan.FromSeconds(1), default));

        Assert.Equal([$"slipway_registry_requests_total{{verb=\"{verb}\",code_class=\"{codes}\"}} 1"], _world.Samples("slipway_registry_requests_total"));
        Assert.Equal(fails ? [$"slipway_registry_request_failures_total{{verb=\"{verb}\"}} 1"] : [], _world.Samples("slipway_registry_request_failures_total"));
        Assert.Equal([$"slipway_registry_request_duration_seconds_sum{{verb=\"{verb}\"}} 1"], _world.Samples("slipway_registry_request_duration_seconds_sum"));
    }

    [Fact]
    public void Feeds_are_counted_by_how_often_they_look()
    {
        _world.Metrics.Show(() => new Dictionary<FeedPace, int> { [FeedPace.AsAsked] = 5, [FeedPace.Stretched] = 2, [FeedPace.Slowed] = 1 });

        Assert.Equal(
            ["slipway_registry_feeds{pace=\"asked\"} 5", "slipway_registry_feeds{pace=\"stretched\"} 2", "slipway_registry_feeds{pace=\"slowed\"} 1"],
            _world.Samples("slipway_registry_feeds"));
    }
}
