using System.Text.Json.Nodes;
using Slipway.Sandbox;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

namespace Slipway.Browser.Harness;

/// <summary>A cluster whose pods run and a registry that is pushed to. All that happens to the shop in it is the controller's doing.</summary>
internal sealed class Rehearsal : IAsyncDisposable
{
    public const string Page = "/dashboard/namespaces/default/deliveries/shop";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-browser-");
    private SandboxCluster _sandbox = null!;
    private RunningController _controller = null!;

    private Rehearsal() { }

    public Gauge Errors { get; private set; } = null!;

    public Uri Address => _controller.Address;

    public string Token => _sandbox.Api.AdminToken;

    public string Output => _controller.Output;

    /// <param name="strategy">Of the Delivery, whose checks are named <c>errors</c>; 1.4.2 runs and is adopted.</param>
    public static async Task<Rehearsal> StartAsync(string strategy, string checks)
    {
        var rehearsal = new Rehearsal();
        rehearsal._sandbox = await SandboxCluster.StartAsync(new SandboxClusterOptions { Api = new ApiServerOptions { Tls = false } });
        rehearsal.Errors = await Gauge.StartAsync();
        await rehearsal.PushAsync("1.4.2");
        rehearsal.Furnish(strategy, checks);
        var (kubeconfig, configuration) = (rehearsal.At("kubeconfig"), rehearsal.At("config.yaml"));
        rehearsal._sandbox.WriteKubeconfig(kubeconfig);
        await File.WriteAllTextAsync(configuration, $"checks: {{prometheus: {{address: \"{rehearsal.Errors.Address}\"}}}}");
        rehearsal._controller = new RunningController(kubeconfig, configuration);
        await rehearsal._controller.StartAsync();
        return rehearsal;
    }

    public Task PushAsync(string tag) => _sandbox.PushAsync("acme/shop", tag, TestContext.Current.CancellationToken);

    /// <summary>The tags that pods run which serve, each once.</summary>
    public string[] Serving() =>
    [
        .. _sandbox.Store.List(new("", "pods"), "default").Items
            .Where(pod => pod["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") == true)
            .Select(pod => (string)pod["spec"]!["containers"]![0]!["image"]!)
            .Distinct(),
    ];

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        await Errors.DisposeAsync();
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Furnish(string strategy, string checks)
    {
        foreach (var definition in Slipway.Cli.Schemas.CustomResources.All)
        {
            Put("apiextensions.k8s.io", "customresourcedefinitions", definition.ToJsonString());
        }

        var image = _sandbox.Image("acme/shop", "1.4.2");
        Put("apps", "deployments", $$"""
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop", "namespace": "default"}, "spec": {"replicas": 4, "selector": {"matchLabels": {"app": "shop"} }, "template": {
              "metadata": {"labels": {"app": "shop"} }, "spec": {"containers": [{"name": "web", "image": "{{image}}"}]} } } }
            """);
        Put("", "services", """
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop", "namespace": "default"}, "spec": {"selector": {"app": "shop"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}]} }
            """);
        Put("slipway.dev", "deliveries", $$"""
            {"apiVersion": "slipway.dev/v1alpha1", "kind": "Delivery", "metadata": {"name": "shop", "namespace": "default"}, "spec": {
              "targets": [{"kind": "Deployment", "name": "shop"}], "source": {"follow": {"semver": {"range": ">=1.0"} }, "interval": "1s"}, "strategy": {{strategy}}, "checks": {{checks}} } }
            """);
    }

    private void Put(string group, string resource, string json) => _sandbox.Store.Create(new GroupResource(group, resource), JsonNode.Parse(json)!.AsObject());

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
