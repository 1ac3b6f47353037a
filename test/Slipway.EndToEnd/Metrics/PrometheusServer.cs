using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Harness;

namespace Slipway.EndToEnd.Metrics;

/// <summary>
/// A real Prometheus on loopback that finds the pods of a namespace by the API server and scrapes their port 8080 each second. It can be
/// stopped and started again on the same port, with what it knew.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-prometheus-").FullName;
    private readonly int _port = FreePort();
    private RunningProcess? _process;

    private PrometheusServer()
    {
    }

    public Uri Url => new($"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}");

    /// <param name="ns">Whose pods it scrapes. Their series have the labels of the pods and the labels <c>namespace</c> and <c>pod</c>.</param>
    public static async Task<PrometheusServer> StartAsync(string ns)
    {
        var server = new PrometheusServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "prometheus.yml"), Config(ns));
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        _process = RunningProcess.Start(TestEnvironment.Prometheus,
        [
            $"--config.file={Path.Combine(_folder, "prometheus.yml")}",
            $"--storage.tsdb.path={Path.Combine(_folder, "data")}",
            $"--web.listen-address={Url.Authority}",
            "--log.level=warn",
        ]);
        await Eventually.TrueAsync("Prometheus is ready", async () =>
        {
            Assert.False(_process.HasExited, _process.Output);
            try
            {
                using var answer = await Http.GetAsync(new Uri(Url, "/-/ready"));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, evidence: () => _process.Output);
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>An instant query; the values of its vector, each with its labels.</summary>
    public async Task<IReadOnlyList<(JsonObject Labels, double Value)>> QueryAsync(string expression)
    {
        var text = await Http.GetStringAsync(new Uri(Url, "/api/v1/query?query=" + Uri.EscapeDataString(expression)));
        return [.. JsonNode.Parse(text)!["data"]!["result"]!.AsArray().Select(one =>
            (one!["metric"]!.AsObject(), double.Parse(one["value"]![1]!.ToString(), CultureInfo.InvariantCulture)))];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Config(string ns) =>
        $$"""
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: pods
            kubernetes_sd_configs: [{role: pod, kubeconfig_file: "{{TestEnvironment.Kubeconfig}}", namespaces: {names: [{{ns}}]} }]
            relabel_configs:
              - {source_labels: [__meta_kubernetes_pod_phase], regex: Running, action: keep}
              - {source_labels: [__meta_kubernetes_pod_ip], target_label: __address__, replacement: "$1:8080"}
              - {action: labelmap, regex: __meta_kubernetes_pod_label_(.+)}
              - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
              - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
