using System.Text.Json.Nodes;
using Slipway.Conditions;
using Slipway.EndToEnd.Harness;
using Slipway.EndToEnd.Load;
using Slipway.EndToEnd.UnderLoad;
using Slipway.Rollouts;

namespace Slipway.EndToEnd.Metrics;

/// <summary>A canary beside a Deployment that a real autoscaler scales meanwhile. What the API server wrote down says who wrote what.</summary>
[Collection(RealCluster.Name)]
public sealed class AutoscaledCanaryTests(TestCluster cluster, ITestOutputHelper output)
{
    // Its controllers are one user here; of them the autoscaler alone writes a scale.
    private const string ControllerManager = "system:kube-controller-manager";

    [Fact]
    public async Task An_autoscaler_scales_the_stable_side_while_a_canary_stands_beside_it_and_nobody_else_writes_its_replicas()
    {
        Assert.SkipUnless(TestEnvironment.HasPods && TestEnvironment.HasNodeAddress, "this cluster has no node on this machine");
        Assert.SkipWhen(TestEnvironment.AuditLog is null, "this cluster does not show its audit log");
        await using var shop = new Shop(cluster, await cluster.NewNamespaceAsync("scaled")) { Replicas = 2 };
        await using var metrics = await MetricsApi.StartAsync(cluster);
        await using var controller = ControllerProcess.Start(port: null);
        await ControllerProcess.ReadyAsync(controller);
        await shop.PushAsync("1.0.0");

        // Each pod requests 10m, and is to use half of it. What each is said to use does not hang on how many there are, so that nothing is left to chance.
        metrics.SetLoad(shop.Namespace, (_, _) => 5);
        await cluster.ApplyAsync(shop.Manifests("1.0.0") + shop.Autoscaler(2, 6) + Manifests.Delivery(shop.Namespace, "{name: shop}", "follow: {semver: {}}, interval: 2s", Canary));
        await Eventually.TrueAsync("adopted", async () => (await cluster.HistoryAsync(shop.Namespace, "shop")).Count == 1, evidence: () => controller.Output);
        await using var load = LoadGenerator.Start(await shop.AddressAsync());
        var audit = AuditLog.End(TestEnvironment.AuditLog!);

        await shop.PushAsync("1.1.0");
        await SteppingAsync("two pods beside two", side => side is { Of: 2, Open: 2 });

        metrics.SetLoad(shop.Namespace, (_, _) => 20);
        await Eventually.TrueAsync("scaled up", async () => await shop.ReplicasAsync() == 6, TimeSpan.FromMinutes(2), () => controller.Output);
        await SteppingAsync("six pods beside six", side => side is { Of: 6, Open: 6 });
        metrics.SetLoad(shop.Namespace, (_, _) => 1);
        await Eventually.TrueAsync("scaled down", async () => await shop.ReplicasAsync() == 2, TimeSpan.FromMinutes(2), () => controller.Output);
        await SteppingAsync("two open pods beside two, and none taken away yet", side => side is { Of: 2, Open: 2, Replicas: 6 });

        await cluster.KubectlAsync("annotate", "delivery", "shop", "-n", shop.Namespace, "--overwrite", $"{Api.ApiNames.PromoteAnnotation}=now all by test");
        var release = await Eventually.GetAsync(
            "1.1.0 has ended",
            async () => (await cluster.HistoryAsync(shop.Namespace, "shop")).LastOrDefault(one => one.Spec.Tag == "1.1.0" && one.Status is { } status && History.Outcomes.IsFinal(status.Outcome)),
            TimeSpan.FromMinutes(3),
            () => controller.Output);
        var report = await load.StopAsync();
        output.WriteLine($"{release.Status}\n{report}\n{report.Slices(TimeSpan.FromSeconds(1))}");
        Assert.Equal("Succeeded", release.Status!.Outcome);
        Assert.Empty(report.Dropped);
        await JudgeAsync(shop, audit);

        Task SteppingAsync(string what, Func<Side, bool> holds) => Eventually.TrueAsync(
            what,
            async () => (await cluster.DeliveryAsync(shop.Namespace, "shop")).Status is { Rollout: RolloutState.Stepping { Stage: Stage.Holding } at, Held.Reason: Reasons.AwaitingApproval } && holds(at.Side),
            TimeSpan.FromMinutes(2),
            () => $"{cluster.DeliveryAsync(shop.Namespace, "shop").GetAwaiter().GetResult().Status?.Rollout}\n{controller.Output}");
    }

    private async Task JudgeAsync(Shop shop, long from)
    {
        var workload = $"/namespaces/{shop.Namespace}/deployments/shop";
        AuditLog.Request[] ours = [.. WritesOf(TestEnvironment.ControllerUser)];
        AuditLog.Request[] scaled = [.. WritesOf(ControllerManager).Where(request => request.Resource == "deployments/scale")];
        output.WriteLine($"writes to deployment/shop: {ours.Length} of the controller ({string.Join("; ", ours.Select(request => request.Body))}), {scaled.Length} of the autoscaler, each to its scale");
        Assert.NotEmpty(ours);
        Assert.All(ours, request => Assert.Equal("deployments", request.Resource));
        Assert.All(ours, request => Assert.Null(JsonNode.Parse(request.Body!)!["spec"]!["replicas"]));

        // Up once and down once, in as many writes as the autoscaler takes for that: had anybody written against it, it would have had to again.
        Assert.InRange(scaled.Length, 2, 6);
        var fields = JsonNode.Parse(await cluster.KubectlAsync("get", "--raw", $"/apis/apps/v1{workload}"))!["metadata"]!["managedFields"]!.AsArray();
        Assert.All(fields.Where(entry => entry!["manager"]!.ToString() == "slipway"), entry => Assert.DoesNotContain("f:replicas", entry!.ToJsonString(), StringComparison.Ordinal));
        Assert.Contains(fields, entry => entry!["manager"]!.ToString() == "slipway");

        IEnumerable<AuditLog.Request> WritesOf(string user) =>
            AuditLog.Since(TestEnvironment.AuditLog!, from, user).Where(request => request.Writes && (request.Path.EndsWith(workload, StringComparison.Ordinal) || request.Path.Contains($"{workload}/", StringComparison.Ordinal) || request.Path.Contains($"{workload}?", StringComparison.Ordinal)));
    }

    private const string Canary =
        """
        strategy: {canary: {steps: [{weight: 50, approval: {} }], traffic: {settle: 1s, drain: 2s} } }
          progressDeadline: 3m
        """;
}
