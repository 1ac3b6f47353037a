using Slipway.Conditions;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.Load;
using Slipway.EndToEnd.Metrics;
using Slipway.Rollouts;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>A canary that a real Prometheus judges by what it scrapes from the pods.</summary>
[Collection(RealCluster.Name)]
public sealed class CheckedRolloutTests(TestCluster cluster, ITestOutputHelper output)
{
    private const int ErrorPercent = 5;

    [Fact]
    public async Task A_version_that_fails_one_request_in_twenty_is_stopped_at_its_first_step_and_no_pod_of_the_stable_one_is_touched()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync("errors"));
        await using var prometheus = await PrometheusServer.StartAsync(cluster, shop.Namespace);
        await using var controller = await StartAsync(prometheus);
        await using var load = await BeginAsync(shop, controller);
        var before = await StableAsync(shop);

        await shop.PushAsync("1.1.0", errorPercent: ErrorPercent);
        var release = await EndedAsync(shop, "1.1.0", controller);

        var report = await load.StopAsync();
        output.WriteLine($"{release.Status}\n{report}\n{report.Slices(TimeSpan.FromSeconds(1))}");
        Assert.Equal("RolledBack", release.Status!.Outcome);
        Assert.Contains(release.Status.Transitions!, one => one.Message.Contains("step 1 of 2", StringComparison.Ordinal));
        Assert.DoesNotContain(release.Status.Transitions!, one => one.Message.Contains("step 2 of 2", StringComparison.Ordinal));
        Assert.Equal(before, await StableAsync(shop));
        Assert.Empty(report.Dropped);
        Assert.All(report.Samples.Where(sample => sample.Outcome is Outcome.Error), sample => Assert.Equal("1.1.0", sample.Version));
        Assert.InRange(report.Errors, 1, report.ByVersion["1.1.0"] * ErrorPercent / 100 + 1);
    }

    [Fact]
    public async Task With_Prometheus_down_a_canary_waits_and_goes_on_when_it_is_back()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync("blind"));
        await using var prometheus = await PrometheusServer.StartAsync(cluster, shop.Namespace);
        await using var controller = await StartAsync(prometheus);
        await using var load = await BeginAsync(shop, controller);
        var before = await StableAsync(shop);

        await prometheus.StopAsync();
        await shop.PushAsync("1.1.0");
        await Eventually.TrueAsync("the step is inconclusive", async () => (await cluster.DeliveryAsync(shop.Namespace, "shop")).Status?.Held?.Reason == Reasons.Inconclusive, TimeSpan.FromMinutes(3), () => controller.Output);
        var blind = (await cluster.DeliveryAsync(shop.Namespace, "shop")).Status!;
        Assert.Equal(0, Assert.IsType<RolloutState.Stepping>(blind.Rollout).Step);
        Assert.Equal(before, await StableAsync(shop));

        await prometheus.StartAsync();
        var release = await EndedAsync(shop, "1.1.0", controller);

        var report = await load.StopAsync();
        output.WriteLine($"{release.Status}\n{report}");
        Assert.Equal("Succeeded", release.Status!.Outcome);
        Assert.Empty(report.Dropped);
    }

    private static async Task<RunningProcess> StartAsync(PrometheusServer prometheus)
    {
        var controller = ControllerProcess.Start(port: null, "--config", await prometheus.ConfigurationAsync());
        await ControllerProcess.ReadyAsync(controller);
        return controller;
    }

    private async Task<LoadGenerator> BeginAsync(Shop shop, RunningProcess controller)
    {
        await shop.PushAsync("1.0.0");
        await cluster.ApplyAsync(shop.Manifests("1.0.0") + Manifests.Delivery(shop.Namespace, "{name: shop}", "follow: {semver: {}}, interval: 2s", Canary));
        await Eventually.TrueAsync("adopted", async () => (await cluster.HistoryAsync(shop.Namespace, "shop")).Count == 1, evidence: () => controller.Output);
        return LoadGenerator.Start(await shop.AddressAsync());
    }

    private Task<Api.Release> EndedAsync(Shop shop, string tag, RunningProcess controller) => Eventually.GetAsync(
        $"{tag} has ended",
        async () => (await cluster.HistoryAsync(shop.Namespace, "shop")).LastOrDefault(release => release.Spec.Tag == tag && release.Status is { } status && History.Outcomes.IsFinal(status.Outcome)),
        TimeSpan.FromMinutes(5),
        () => controller.Output);

    private Task<string> StableAsync(Shop shop) => cluster.KubectlAsync(
        "get", "deployment", "shop", "-n", shop.Namespace, "-o", "jsonpath={.metadata.generation} {.spec.replicas} {.spec.template.spec.containers[0].image}");

    private const string Canary =
        """
        strategy: {canary: {steps: [{weight: 25, hold: 8s}, {weight: 50, hold: 3s}], traffic: {settle: 1s, drain: 2s} } }
          progressDeadline: 5m
          checks:
            - name: errors
              prometheus:
                query: sum(rate(requests_total{code="500",pod=~"{{ candidate.pods }}"}[5s])) / sum(rate(requests_total{pod=~"{{ candidate.pods }}"}[5s]))
              pass: result < 0.01
              interval: 1s
              warmUp: 4s
        """;
}
