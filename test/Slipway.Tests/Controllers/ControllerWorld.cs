using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.CheckSources;
using Slipway.Cli.Schemas;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Registry;
using Slipway.Sandbox;
using Slipway.Signatures;
using Slipway.Telemetry;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Controllers;

/// <summary>The whole controller against the whole sandbox, over HTTP, in one process: what a test changes is what a user or a registry would.</summary>
internal sealed class ControllerWorld : IAsyncDisposable
{
    /// <summary>As whom the controller is known to the API server.</summary>
    public const string User = "controller";

    private const double Speed = 10;

    // As far as anything in a test may be away; a test that waits so long has failed.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private CancellationTokenSource _stopping = new();
    private readonly SlipwayMetrics _metrics = new();
    private readonly Tenure _tenure = new(TimeProvider.System);
    private readonly CollectedLog _log = new();
    private ClusterConnection? _connection;
    private Task _running = Task.CompletedTask;

    private ControllerWorld(SandboxCluster sandbox)
    {
        Sandbox = sandbox;
        Admin = ClusterConnection.To(sandbox.Api.Url, token: sandbox.Api.AdminToken);
        Deliveries = new(Admin, ResourceTypes.Deliveries, ApiJson.Default.Delivery);
        Releases = new(Admin, ResourceTypes.Releases, ApiJson.Default.Release);
    }

    public SandboxCluster Sandbox { get; }

    public ClusterConnection Admin { get; }

    public ResourceClient<Delivery> Deliveries { get; }

    public ResourceClient<Release> Releases { get; }

    public DeliveryController? Controller { get; private set; }

    /// <summary>Where checks and Notifiers may send the controller; null: nowhere on this machine.</summary>
    public CheckConfiguration? Checks { get; set; }

    /// <summary>All that the controller logged.</summary>
    public string Log => _log.ToString();

    public static async Task<ControllerWorld> StartAsync(SandboxClusterOptions? options = null, bool controller = true)
    {
        options ??= new SandboxClusterOptions();
        var world = new ControllerWorld(await SandboxCluster.StartAsync(options with { Api = options.Api with { Tls = false }, Workloads = options.Workloads with { Speed = Speed } }));
        foreach (var definition in CustomResources.All)
        {
            await world.Any(new ResourceType("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false)).CreateAsync(null, definition, default);
        }

        if (controller)
        {
            world.StartController();
        }

        return world;
    }

    public ResourceClient<JsonObject> Any(ResourceType type) => new(Admin, type, json => JsonNode.Parse(json.GetRawText())!.AsObject());

    /// <summary>The controller, with the leadership for as long as it runs.</summary>
    public void StartController(RegistryOptions? registries = null, params ImmutableArray<ImagePolicy> policies) => StartController(TimeProvider.System, new(), registries, policies);

    /// <param name="time">What it takes for the time; its lease goes by the system's.</param>
    public void StartController(TimeProvider time, ConcurrencyLimits limits, RegistryOptions? registries = null, ImmutableArray<ImagePolicy> policies = default)
    {
        _connection = ClusterConnection.To(Sandbox.Api.Url, new ConnectionOptions { Metrics = _metrics }, Sandbox.Api.AddUser(User, "system:masters"));
        var context = new ControllerContext(_connection, null, time, () => 0.5, _metrics, _log) { ImagePolicies = policies.IsDefault ? [] : policies, Concurrency = limits, Checks = Checks, Home = "slipway" };
        Controller = new DeliveryController(context, [Shard.Whole(_tenure)], registries ?? new RegistryOptions(), 4, "test", _log.CreateLogger<DeliveryController>());
        _tenure.Extend(_tenure.Now(), TimeSpan.FromHours(1));
        _running = Controller.RunAsync(_stopping.Token);
    }

    /// <summary>The process ends; one that is started then knows nothing of it.</summary>
    public async Task StopControllerAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _stopping = new();
        _connection?.Dispose();
        _connection = null;
        _running = Task.CompletedTask;
    }

    /// <summary>Pushes a version; a label says how its pods behave.</summary>
    public Task<string> PushAsync(string tag, params (string Label, string Value)[] labels) => Sandbox.PushAsync("acme/shop", tag, default, [.. labels]);

    public Task ApplyWorkloadAsync(ResourceType type, string tag, int? replicas = 2, string name = "shop") => ApplyAsync(type, name, new JsonObject
    {
        ["spec"] = Spec(type.Kind, replicas, Template(name, Sandbox.Image("acme/shop", tag))),
    });

    /// <summary>Applies as kubectl does.</summary>
    public Task ApplyAsync(ResourceType type, string name, JsonObject fields) =>
        Any(type).ApplyAsync(new ObjectKey("default", name), fields, null, default, manager: "kubectl");

    public Task DeliverAsync(string targets = "[{\"name\":\"shop\"}]", string source = "{\"follow\":{\"semver\":{}},\"interval\":\"1s\"}", string more = "{}", string name = "shop")
    {
        var spec = JsonNode.Parse(more)!.AsObject();
        spec["targets"] = JsonNode.Parse(targets);
        spec["source"] = JsonNode.Parse(source);
        return ApplyAsync(ResourceTypes.Deliveries, name, new JsonObject { ["spec"] = spec });
    }

    /// <summary>What a person reads who asks why.</summary>
    public async Task<string> WhyAsync(string name = "shop") => (await CliAsync("why", name, "-n", "default")).Out;

    /// <summary>A person at a command line.</summary>
    public async Task<CliRun> CliAsync(params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: options => ClusterConnection.To(Sandbox.Api.Url, options, Sandbox.Api.AdminToken), time: TimeProvider.System);
        Assert.True(run.Code == 0, $"{string.Join(' ', args)}: {run.Error}{run.Out}");
        return run;
    }

    /// <summary>Waits until the Delivery is held for this reason.</summary>
    public Task<HeldStatus> HeldAsync(string reason, string name = "shop") =>
        UntilAsync($"{name} is held: {reason}", async () => (await DeliveryAsync(name)).Status?.Held is { } held && held.Reason == reason ? held : null);

    public Task AnnotateAsync(string annotation, string value, string name = "shop") => Deliveries.MergePatchAsync(
        new ObjectKey("default", name), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } }, default);

    public async Task<Delivery> DeliveryAsync(string name = "shop") => (await Deliveries.GetAsync(new ObjectKey("default", name), default))!.Value;

    public async Task<IReadOnlyList<Release>> HistoryAsync(string name = "shop") =>
    [
        .. (await Releases.ListAsync(ListScope.All, default)).Items.Select(item => item.Value).Where(release => release.Spec.Delivery == name).OrderBy(release => release.Spec.Number),
    ];

    public async Task<string> ImageAsync(ResourceType type, string name = "shop")
    {
        var workload = (await Any(type).GetAsync(new ObjectKey("default", name), default))!.Value;
        var template = type.Kind == "CronJob" ? workload["spec"]!["jobTemplate"]!["spec"]!["template"]! : workload["spec"]!["template"]!;
        return (string)template["spec"]!["containers"]![0]!["image"]!;
    }

    /// <summary>Waits until Release <paramref name="number"/> has ended; it must have ended so.</summary>
    public async Task<Release> EndsAsync(long number, string outcome, string name = "shop")
    {
        var release = await UntilAsync($"release {number} ends", async () => (await HistoryAsync(name)).FirstOrDefault(release => release.Spec.Number == number && release.Status?.FinishedAt is not null));
        Assert.True(outcome == release.Status!.Outcome, $"{release.Status}\n{Log}");
        return release;
    }

    public Task<Condition> ConditionAsync(string type, string reason, string name = "shop") => UntilAsync(
        $"{type} for {reason}",
        async () => (await DeliveryAsync(name)).Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Reason == reason));

    public async Task<T> UntilAsync<T>(string what, Func<Task<T?>> find)
        where T : class
    {
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        while (!late.IsCancellationRequested)
        {
            if (await find() is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var status = (await Deliveries.ListAsync(ListScope.All, default)).Items.Select(item => $"{item.Key}: {item.Value.Status?.Rollout} {string.Join(';', item.Value.Status?.Conditions ?? [])}");
        throw new TimeoutException($"never: {what}\n{string.Join('\n', status)}\n{Log}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _tenure.End();
        await _running;
        _connection?.Dispose();
        Admin.Dispose();
        await Sandbox.DisposeAsync();
        _tenure.Dispose();
        _metrics.Dispose();
        _stopping.Dispose();
        _log.Dispose();
    }

    private static JsonObject Spec(string kind, int? replicas, JsonObject template)
    {
        if (kind == "CronJob")
        {
            template["spec"]!["restartPolicy"] = "Never";
            return new JsonObject { ["schedule"] = "0 0 1 1 *", ["suspend"] = true, ["jobTemplate"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } } };
        }

        var spec = new JsonObject { ["selector"] = new JsonObject { ["matchLabels"] = template["metadata"]!["labels"]!.DeepClone() }, ["template"] = template };
        if (kind is "Deployment" or "StatefulSet")
        {
            spec["replicas"] = replicas;
        }

        if (kind == "StatefulSet")
        {
            spec["serviceName"] = "shop";
        }

        return spec;
    }

    private static JsonObject Template(string name, string image) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = image }) },
    };
}
