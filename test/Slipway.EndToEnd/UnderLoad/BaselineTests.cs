using System.Globalization;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.Load;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>
/// What a plain rolling update costs the clients of a Service, without Slipway: the peer beside which its rollouts are measured. The figures go to
/// the test's output; asserted is what must hold on any machine.
/// </summary>
[Collection(RealCluster.Name)]
public sealed class BaselineTests(TestCluster cluster, ITestOutputHelper output)
{
    private const int Rollouts = 3;
    private const int ErrorPercent = 5;

    // Of all requests. Without a drain each pod that goes loses what came within the lag of the proxies: about a tenth of a second of its share.
    private const double MostLost = 0.05;

    [Theory]
    [InlineData(3_000)]
    [InlineData(0)]
    public async Task A_plain_rolling_update_under_load_loses_few_requests_and_none_where_pods_drain(int drain)
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync("baseline")) { Drain = TimeSpan.FromMilliseconds(drain) };
        await shop.PushAsync("1.0.0");
        await cluster.ApplyAsync(shop.Manifests("1.0.0"));
        await using var load = LoadGenerator.Start(await shop.AddressAsync());

        for (var rollout = 1; rollout <= Rollouts; rollout++)
        {
            var tag = string.Create(CultureInfo.InvariantCulture, $"1.{rollout}.0");
            await shop.PushAsync(tag, errorPercent: rollout == Rollouts ? ErrorPercent : 0);
            await cluster.KubectlAsync("set", "image", "deployment/shop", $"web={shop.Image}:{tag}", "-n", shop.Namespace);
            await cluster.KubectlAsync("rollout", "status", "deployment/shop", "-n", shop.Namespace, "--timeout=120s");
        }

        // The last version fails, and nobody looks: for as long as somebody's eyes need, all of the traffic has it.
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        var report = await load.StopAsync();
        output.WriteLine($"{Rollouts} plain rolling updates, pods drain for {drain} ms: {report}");
        output.WriteLine(report.Slices(TimeSpan.FromSeconds(1)));
        Assert.Equal(Rollouts + 1, report.ByVersion.Count);
        Assert.True(report.Errors > 0, "nobody kept the bad version from the clients");
        Assert.InRange(report.Dropped.Count(), 0, drain > 0 ? 0 : report.Samples.Length * MostLost);
    }
}
