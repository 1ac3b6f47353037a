using System.Globalization;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.Load;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>
/// What a canary without a router stands on, tried by hand on a real cluster: a sibling with all labels of the stable pods and a readiness gate. The
/// gate lets requests in and out while the container runs, and the user's Deployment is not touched by any of it.
/// </summary>
[Collection(RealCluster.Name)]
public sealed class ValveTests(TestCluster cluster, ITestOutputHelper output)
{
    private const string Gate = "slipway.dev/serving";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_gate_lets_the_share_of_its_pods_in_and_out_again_and_drops_no_request()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "this cluster has no node that runs pods");
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync("valve")) { Replicas = 3 };
        await shop.PushAsync("1.0.0");
        await shop.PushAsync("2.0.0");
        await cluster.ApplyAsync(shop.Manifests("1.0.0"));
        var address = await shop.AddressAsync();
        var before = await RevisionAsync(shop);
        await using var load = LoadGenerator.Start(address);

        await cluster.ApplyAsync(Sibling(shop));
        await Eventually.TrueAsync("the sibling's container is ready", async () => (await ConditionAsync(shop, "ContainersReady")) == "True");
        await ShareAsync(load, "closed before", share => share == 0);

        await SetGateAsync(shop, "True");
        await ShareAsync(load, "a quarter", share => share is > 0.1 and < 0.4);
        await SetGateAsync(shop, "False");
        await ShareAsync(load, "closed again", share => share == 0);
        Assert.Equal("True", await ConditionAsync(shop, "ContainersReady"));
        await cluster.KubectlAsync("delete", "deployment", "shop-canary", "-n", shop.Namespace);

        var report = await load.StopAsync();
        output.WriteLine($"{report}\n{report.Slices(TimeSpan.FromSeconds(1))}");
        Assert.Empty(report.Dropped);
        Assert.Equal(before, await RevisionAsync(shop));
    }

    private static Task ShareAsync(LoadGenerator load, string what, Func<double, bool> holds) => Eventually.TrueAsync($"the share is {what}", () =>
    {
        var now = load.Now;
        return Task.FromResult(load.Report.Between(now - Glance, now).Share("2.0.0") is { } share && holds(share));
    }, evidence: () => load.Report.Slices(TimeSpan.FromSeconds(1)));

    private async Task SetGateAsync(Shop shop, string state)
    {
        var pod = (await cluster.KubectlAsync("get", "pods", "-n", shop.Namespace, "-l", "track=canary", "-o", "name")).Trim();
        await cluster.KubectlAsync("patch", pod, "-n", shop.Namespace, "--subresource=status", "--type=strategic", "-p",
            string.Create(CultureInfo.InvariantCulture, $$"""{"status":{"conditions":[{"type":"{{Gate}}","status":"{{state}}"}]} }"""));
    }

    private async Task<string> ConditionAsync(Shop shop, string type) =>
        (await cluster.KubectlAsync("get", "pods", "-n", shop.Namespace, "-l", "track=canary", "-o", $"jsonpath={{.items[*].status.conditions[?(@.type=='{type}')].status}}")).Trim();

    private async Task<string> RevisionAsync(Shop shop) =>
        await cluster.KubectlAsync("get", "deployment", "shop", "-n", shop.Namespace, "-o", "jsonpath={.metadata.generation} {.spec.replicas} {.status.updatedReplicas} {.status.readyReplicas}");

    private static string Sibling(Shop shop) =>
        $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop-canary, namespace: {{shop.Namespace}} }
        spec:
          replicas: 1
          selector: {matchLabels: {app: shop, track: canary} }
          template:
            metadata: {labels: {app: shop, track: canary} }
            spec:
              terminationGracePeriodSeconds: 20
              readinessGates: [{conditionType: {{Gate}} }]
              containers:
                - name: web
                  image: "{{shop.Image}}:2.0.0"
                  env: [{name: DRAIN_MS, value: "3000"}]
                  readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}
        """;
}
