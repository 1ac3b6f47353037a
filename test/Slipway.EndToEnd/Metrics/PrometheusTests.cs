using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.Load;
using Slipway.EndToEnd.UnderLoad;

namespace Slipway.EndToEnd.Metrics;

/// <summary>What a real Prometheus sees of real pods: the ground that checks stand on.</summary>
[Collection(RealCluster.Name)]
public sealed class PrometheusTests(TestCluster cluster)
{
    private const string Bad = "sum(increase(requests_total{code=\"500\"}[5s])) / sum(increase(requests_total[5s]))";

    [Fact]
    public async Task It_scrapes_the_pods_and_tells_the_part_of_errors_and_again_after_a_restart()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync("scrape")) { Replicas = 2 };
        await shop.PushAsync("1.0.0", errorPercent: 50);
        await cluster.ApplyAsync(shop.Manifests("1.0.0"));
        await using var load = LoadGenerator.Start(await shop.AddressAsync(), new LoadOptions { PerSecond = 50 });
        await using var prometheus = await PrometheusServer.StartAsync(cluster, shop.Namespace);

        await Eventually.TrueAsync("both pods are scraped", async () => (await prometheus.QueryAsync("up == 1")).Count == 2);
        await Eventually.TrueAsync("half of the answers are errors", HalfAsync);

        await prometheus.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => prometheus.QueryAsync("up"));
        await prometheus.StartAsync();
        await Eventually.TrueAsync("it goes on after a restart", HalfAsync);

        var series = Assert.Single(await prometheus.QueryAsync("count by (namespace, app) (requests_total{code=\"200\"})"));
        Assert.Equal((shop.Namespace, "shop"), (series.Labels["namespace"]!.ToString(), series.Labels["app"]!.ToString()));

        async Task<bool> HalfAsync() => await prometheus.QueryAsync(Bad) is [(_, > 0.4 and < 0.6)];
    }
}
