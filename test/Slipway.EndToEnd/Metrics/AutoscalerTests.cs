using System.Text.Json.Nodes;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.UnderLoad;

namespace Slipway.EndToEnd.Metrics;

/// <summary>The real autoscaler of the controller manager, by a load that the test says.</summary>
[Collection(RealCluster.Name)]
public sealed class AutoscalerTests(TestCluster cluster)
{
    [Fact]
    public async Task An_autoscaler_scales_a_Deployment_up_and_down_by_the_load_of_its_pods()
    {
        Assert.SkipUnless(TestEnvironment.HasPods && TestEnvironment.HasNodeAddress, "this cluster has no node on this machine");
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync("scale")) { Replicas = 2 };
        await shop.PushAsync("1.0.0");
        await using var metrics = await MetricsApi.StartAsync(cluster);

        // Each pod requests 10m, and is to use half of it: 10m are a load for two pods.
        metrics.ShareLoad(shop.Namespace, 10);
        await cluster.ApplyAsync(shop.Manifests("1.0.0") + shop.Autoscaler(1, 6));
        await cluster.KubectlAsync("rollout", "status", "deployment/shop", "-n", shop.Namespace, "--timeout=120s");
        await Eventually.TrueAsync("the autoscaler is active", async () => await ActiveAsync(shop.Namespace), evidence: Describe);

        metrics.ShareLoad(shop.Namespace, 20);
        await Eventually.TrueAsync("scaled up to four", async () => await shop.ReplicasAsync() == 4, TimeSpan.FromMinutes(2), Describe);
        metrics.ShareLoad(shop.Namespace, 5);
        await Eventually.TrueAsync("scaled down to one", async () => await shop.ReplicasAsync() == 1, TimeSpan.FromMinutes(2), Describe);

        // Without a version kubectl asks for v1, which has no conditions.
        async Task<bool> ActiveAsync(string ns) =>
            JsonNode.Parse(await cluster.KubectlAsync("get", "--raw", $"/apis/autoscaling/v2beta2/namespaces/{ns}/horizontalpodautoscalers/shop"))!["status"]?["conditions"] is JsonArray conditions
            && conditions.Any(one => one!["type"]!.ToString() == "ScalingActive" && one["status"]!.ToString() == "True");

        string Describe() => cluster.KubectlAsync("describe", "hpa", "shop", "-n", shop.Namespace).GetAwaiter().GetResult();
    }
}
