using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Slipway.EndToEnd.Harness;
using Slipway.Kube;

namespace Slipway.EndToEnd.Metrics;

/// <summary>
/// Serves metrics.k8s.io to the API server's aggregator, in the place of a metrics-server: the use of the CPU that a test says, for pods that
/// are really there. The real autoscalers of the controller manager scale by it.
/// </summary>
internal sealed class MetricsApi : IAsyncDisposable
{
    private const string Group = "metrics.k8s.io/v1beta1";
    private const string Root = "/apis/" + Group;
    private const string Registration = "v1beta1.metrics.k8s.io";

    private readonly TestCluster _cluster;
    private readonly WebApplication _web;
    private readonly ConcurrentDictionary<string, Func<JsonObject, IReadOnlyList<JsonObject>, int?>> _loads = [];

    private MetricsApi(TestCluster cluster, WebApplication web)
    {
        (_cluster, _web) = (cluster, web);
        web.Run(AnswerAsync);
    }

    public static async Task<MetricsApi> StartAsync(TestCluster cluster)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=metrics", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);

        // The aggregator asks at the address that the Endpoints say, and loopback is none that they may say.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(TestEnvironment.NodeAddress, 0, listen => listen.UseHttps(certificate)));
        var api = new MetricsApi(cluster, builder.Build());
        await api._web.StartAsync();
        await cluster.ApplyAsync(Manifests(new Uri(api._web.Urls.Single()).Port));
        await Eventually.TrueAsync("metrics.k8s.io is served", async () => (await cluster.KubectlAsync("get", "--raw", Root)).Contains("pods", StringComparison.Ordinal));
        return api;
    }

    /// <summary>What the pods of a namespace use from now on, in thousandths of a CPU.</summary>
    /// <param name="load">Of a pod among all that were asked about, so that they can share a load; null where nothing is known of it.</param>
    public void SetLoad(string ns, Func<JsonObject, IReadOnlyList<JsonObject>, int?> load) => _loads[ns] = load;

    /// <summary>A load that the pods which are ready share, whoever owns them.</summary>
    public void ShareLoad(string ns, int thousandths) => SetLoad(ns, (pod, all) => IsReady(pod) ? thousandths / Math.Max(1, all.Count(IsReady)) : 0);

    public async ValueTask DisposeAsync()
    {
        // A registration that nobody answers for would keep every namespace from going.
        await _cluster.KubectlAsync("delete", "apiservice", Registration, "--ignore-not-found");
        await _web.DisposeAsync();
    }

    private static bool IsReady(JsonObject pod) => pod["metadata"]!["deletionTimestamp"] is null && pod["status"]!["conditions"] is JsonArray conditions
        && conditions.Any(one => one!["type"]!.ToString() == "Ready" && one["status"]!.ToString() == "True");

    private async Task AnswerAsync(HttpContext http)
    {
        switch (http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["apis", "metrics.k8s.io", "v1beta1"]:
                await WriteAsync(http, """{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"metrics.k8s.io/v1beta1","resources":[{"name":"pods","singularName":"","namespaced":true,"kind":"PodMetrics","verbs":["get","list"]}]}""");
                break;
            case ["apis", "metrics.k8s.io", "v1beta1", "namespaces", var ns, "pods"]:
                await WriteAsync(http, await PodsAsync(ns, http.Request.Query["labelSelector"].ToString()));
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task<string> PodsAsync(string ns, string selector)
    {
        JsonObject[] pods = [.. (await _cluster.Any(ResourceTypes.Pods).ListAsync(new ListScope(ns, selector), default)).Items.Select(item => item.Value)];
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var items = pods.Select(pod => (Pod: pod, Use: _loads.TryGetValue(ns, out var load) ? load(pod, pods) : null)).Where(one => one.Use is not null).Select(JsonNode (one) => new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = one.Pod["metadata"]!["name"]!.DeepClone(), ["namespace"] = ns },
            ["timestamp"] = now,
            ["window"] = "1s",
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["usage"] = new JsonObject { ["cpu"] = $"{one.Use}m", ["memory"] = "1Mi" } }),
        });
        return new JsonObject { ["kind"] = "PodMetricsList", ["apiVersion"] = Group, ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. items]) }.ToJsonString();
    }

    private static Task WriteAsync(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }

    private static string Manifests(int port) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: metrics, namespace: kube-system}
        spec: {ports: [{port: 443, targetPort: {{port}} }]}
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: {name: metrics, namespace: kube-system}
        subsets: [{addresses: [{ip: {{TestEnvironment.NodeAddress}} }], ports: [{port: {{port}} }]}]
        ---
        apiVersion: apiregistration.k8s.io/v1
        kind: APIService
        metadata: {name: {{Registration}} }
        spec:
          group: metrics.k8s.io
          version: v1beta1
          groupPriorityMinimum: 100
          versionPriority: 100
          insecureSkipTLSVerify: true
          service: {name: metrics, namespace: kube-system}
        """;
}
