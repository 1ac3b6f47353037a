using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Harness;
using Slipway.Kube;

namespace Slipway.EndToEnd.Metrics;

/// <summary>
/// A real Prometheus on loopback that scrapes port 8080 of the pods of a namespace each second. It can be stopped and started again on the same port,
/// with what it knew. Debian's build has no service discovery for Kubernetes, so the pods that run are written into a file for it.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-prometheus-").FullName;
    private readonly int _port = FreePort();
    private RunningProcess? _process;

    private readonly CancellationTokenSource _stopping = new();
    private Task _finding = Task.CompletedTask;

    private PrometheusServer()
    {
    }

    private string Targets => Path.Combine(_folder, "targets.json");

    public Uri Url => new($"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}");

    /// <param name="ns">Whose pods it scrapes. Their series have the labels of the pods and the labels <c>namespace</c> and <c>pod</c>.</param>
    public static async Task<PrometheusServer> StartAsync(TestCluster cluster, string ns)
    {
        var server = new PrometheusServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "prometheus.yml"), Config(server.Targets));
        await server.StartAsync();
        server._finding = Task.Run(() => server.FindAsync(cluster.Any(ResourceTypes.Pods), new ListScope(ns)));
        return server;
    }

    /// <summary>The controller's configuration that names it, for checks that name none. A Delivery may not send the controller to its own machine.</summary>
    public async Task<string> ConfigurationAsync()
    {
        var file = Path.Combine(_folder, "slipway.yaml");
        await File.WriteAllTextAsync(file, $"checks: {{prometheus: {{address: \"{Url}\"}}}}\n");
        return file;
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
        await _stopping.CancelAsync();
        await _finding;
        _stopping.Dispose();
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FindAsync(ResourceClient<JsonObject> pods, ListScope scope)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        var before = "";
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                var running = (await pods.ListAsync(scope, _stopping.Token)).Items.Select(item => item.Value).Where(pod => pod["status"]?["phase"]?.ToString() == "Running");
                var targets = new JsonArray([.. running.Select(JsonNode (pod) => Target(pod))]).ToJsonString();
                if (targets != before)
                {
                    // Moved into place, so that nobody reads a half of it.
                    await File.WriteAllTextAsync(Targets + ".new", before = targets, _stopping.Token);
                    File.Move(Targets + ".new", Targets, overwrite: true);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private static JsonObject Target(JsonObject pod)
    {
        var labels = new JsonObject { ["namespace"] = pod["metadata"]!["namespace"]!.ToString(), ["pod"] = pod["metadata"]!["name"]!.ToString() };
        foreach (var (name, value) in pod["metadata"]!["labels"]!.AsObject())
        {
            // As Prometheus' own discovery does it: what no label's name can have becomes an underscore.
            labels[string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'))] = value!.ToString();
        }

        return new JsonObject { ["targets"] = new JsonArray($"{pod["status"]!["podIP"]}:8080"), ["labels"] = labels };
    }

    private static string Config(string targets) =>
        $$"""
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: pods
            file_sd_configs: [{files: [{{targets}}]}]
        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
