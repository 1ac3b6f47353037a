using System.Globalization;
using System.Net;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.UnderLoad;

/// <summary>The workload that rollouts are tried on, as a careful user writes it, and its Service.</summary>
/// <param name="Namespace">Also that of its images.</param>
internal sealed record Shop(TestCluster Cluster, string Namespace) : IAsyncDisposable
{
    public int Replicas { get; init; } = 3;

    /// <summary>For how long a pod serves on once it was asked to end; without, what the proxies have not heard of yet is lost.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(3);

    public string Image => $"{TestEnvironment.Registry}/{Namespace}/shop";

    public string Manifests(string tag) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: shop, namespace: {{Namespace}} }
        spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop, namespace: {{Namespace}} }
        spec:
          replicas: {{Number(Replicas)}}
          selector: {matchLabels: {app: shop} }
          strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0} }
          template:
            metadata: {labels: {app: shop} }
            spec:
              terminationGracePeriodSeconds: 20
              containers:
                - name: web
                  image: "{{Image}}:{{tag}}"
                  env: [{name: DRAIN_MS, value: "{{Number((long)Drain.TotalMilliseconds)}}"}]
                  resources: {requests: {cpu: 10m} }
                  readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}
        ---

        """;

    /// <summary>An autoscaler that reacts within seconds, up and down.</summary>
    public string Autoscaler(int least, int most) =>
        $$"""
        apiVersion: autoscaling/v2beta2
        kind: HorizontalPodAutoscaler
        metadata: {name: shop, namespace: {{Namespace}} }
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
          minReplicas: {{Number(least)}}
          maxReplicas: {{Number(most)}}
          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50} } }]
          behavior: {scaleDown: {stabilizationWindowSeconds: 0, policies: [{type: Pods, value: 100, periodSeconds: 1}]} }
        ---

        """;

    public Task<string> PushAsync(string tag, bool crashes = false, int errorPercent = 0) =>
        Cluster.Shipyard.PushAsync($"{Namespace}/shop", Cluster.Shipyard.Build(tag, crashes, errorPercent), tag);

    /// <summary>Where clients find it, once it is led to pods that serve.</summary>
    public async Task<IPEndPoint> AddressAsync()
    {
        await Cluster.KubectlAsync("rollout", "status", "deployment/shop", "-n", Namespace, "--timeout=120s");
        var address = new IPEndPoint(IPAddress.Parse((await Cluster.KubectlAsync("get", "service", "shop", "-n", Namespace, "-o", "jsonpath={.spec.clusterIP}")).Trim()), 80);
        await Eventually.TrueAsync("the Service answers", async () =>
        {
            using var connection = new Load.Connection();
            try
            {
                using var late = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
                await connection.OpenAsync(address, late.Token);
                return (await connection.AskAsync("/", keep: false, late.Token)).Status > 0;
            }
            catch (Exception e) when (e is Load.RequestFailure or OperationCanceledException)
            {
                return false;
            }
        });
        return address;
    }

    public async Task<int> ReplicasAsync() =>
        int.Parse((await Cluster.KubectlAsync("get", "deployment", "shop", "-n", Namespace, "-o", "jsonpath={.spec.replicas}")).Trim(), CultureInfo.InvariantCulture);

    /// <summary>A node has room for so many pods, and a load for so much of a machine.</summary>
    public async ValueTask DisposeAsync() => await Cluster.KubectlAsync("delete", "namespace", Namespace, "--wait=false");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
