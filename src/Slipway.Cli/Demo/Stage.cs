using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Slipway.Cli.Playground;
using Slipway.Cli.Schemas;
using Slipway.Controller;
using Slipway.Controller.Options;
using Slipway.Kube;
using Slipway.Sandbox;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Workloads;

namespace Slipway.Cli.Demo;

/// <summary>What the story takes place on: a sandbox with our two kinds, a controller on it, and the registry that tells it of pushes.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Namespace = "default";

    private static readonly ResourceType Definitions =
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);

    private readonly CancellationTokenSource _stopping = new();
    private Task? _controller;

    private Stage(SandboxCluster cluster, KubeconfigFile kubeconfig)
    {
        (Cluster, Kubeconfig) = (cluster, kubeconfig);
        Connection = ClusterConnection.Open(new ConnectionOptions { Kubeconfig = kubeconfig.FullPath, Version = CommandLine.ProductVersion.Text });
    }

    public SandboxCluster Cluster { get; }

    public KubeconfigFile Kubeconfig { get; }

    public ClusterConnection Connection { get; }

    /// <summary>Ends only when the stage is taken down, or badly; before the controller is started, never.</summary>
    public Task Controller => _controller ?? new TaskCompletionSource().Task;

    public static async Task<Stage> SetAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var workloads = new WorkloadOptions { Speed = options.Speed };
        var cluster = await SandboxCluster.StartAsync(new SandboxClusterOptions { Workloads = workloads }, cancellationToken);
        var path = Path.Combine(Path.GetTempPath(), $"slipway-demo-{Environment.ProcessId}", "kubeconfig");
        return new Stage(cluster, KubeconfigFile.Write(cluster, path));
    }

    /// <summary>Starts the controller, as 'slipway run' does; the registry tells it of each push.</summary>
    /// <returns>Where it listens.</returns>
    public async Task<Uri> RunControllerAsync(string listen, CancellationToken cancellationToken)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _controller = ControllerHost.RunAsync(
            new ControllerOptions
            {
                Kubeconfig = Kubeconfig.FullPath,
                Listen = listen,
                Identity = EnvironmentOptions.Identity(Environment.GetEnvironmentVariable),
                WebhookToken = token,
                Dashboard = Environment.GetEnvironmentVariable("SLIPWAY_DASHBOARD"),
                Logs = LogFormat.Quiet,
                Listening = listening.SetResult,
            },
            _stopping.Token);

        // Whichever is first: a controller that cannot start must not be waited for.
        await await Task.WhenAny(listening.Task, _controller).WaitAsync(cancellationToken);
        var address = await listening.Task.WaitAsync(cancellationToken);
        var webhook = new NotificationEndpoint(new Uri(address, "/webhooks/distribution"));
        Cluster.Registry.Notify(webhook with { Headers = webhook.Headers.Add("Authorization", $"Bearer {token}"), Actions = ["push"] });
        return address;
    }

    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        foreach (var definition in CustomResources.All)
        {
            await Client(Definitions).CreateAsync(null, definition, cancellationToken);
        }
    }

    /// <summary>As 'kubectl apply --server-side' does: what is applied is the user's, not ours.</summary>
    public async Task ApplyAsync(ResourceType type, JsonObject value, CancellationToken cancellationToken) =>
        await Client(type).ApplyAsync(new ObjectKey(Namespace, (string)value["metadata"]!["name"]!), value, null, cancellationToken, manager: "kubectl");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await (_controller ?? Task.CompletedTask).ContinueWith(_ => { }, TaskScheduler.Default);
        Connection.Dispose();
        await Cluster.DisposeAsync();
        Kubeconfig.Dispose();
        Directory.Delete(Path.GetDirectoryName(Kubeconfig.FullPath)!);
        _stopping.Dispose();
    }

    private ResourceClient<JsonObject> Client(ResourceType type) => new(Connection, type, _ => []);
}
