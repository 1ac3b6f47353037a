using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;

namespace Slipway.Tests.SandboxWorld.Workloads;

/// <summary>A store, a registry and the controllers on one clock that the test moves. Between two moves everything has settled.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly Housekeeping _housekeeping;
    private readonly RegistryConnection _connection;

    private World(ManualTime time, ObjectStore store, SandboxRegistry registry, WorkloadOptions options)
    {
        (Time, Store, Registry) = (time, store, registry);
        _housekeeping = new Housekeeping(store);
        _connection = new RegistryConnection(registry.Url);
        Workloads = SandboxWorkloads.Start(store, time, options);
    }

    public ManualTime Time { get; }

    public ObjectStore Store { get; }

    public SandboxRegistry Registry { get; }

    public SandboxWorkloads Workloads { get; }

    public static async Task<World> StartAsync(WorkloadOptions? options = null, SandboxRegistryOptions? registry = null, KubernetesRelease release = KubernetesRelease.Current)
    {
        var time = new ManualTime();
        var store = new ObjectStore(BuiltInResources.Table(release), time);
        ClusterSeed.Sow(store);
        return new World(time, store, await SandboxRegistry.StartAsync(registry, TestContext.Current.CancellationToken), options ?? new WorkloadOptions());
    }

    public string Image(string tag, string repository = "shop") => $"{Registry.Address}/{repository}:{tag}";

    public Task<string> PushAsync(string tag, params (string Label, string Value)[] labels) => PushAsync("shop", tag, labels);

    public Task<string> PushAsync(string repository, string tag, params (string Label, string Value)[] labels) => PushAsync(
        repository, tag, labels.Aggregate(new ImageBuilder().WithLabel("org.opencontainers.image.version", tag), (builder, label) => builder.WithLabel(label.Label, label.Value)).Build());

    public Task<string> PushAsync(string repository, string tag, BuiltImage image) =>
        new ImagePusher(_connection).PushAsync(repository, image, TestContext.Current.CancellationToken, tag);

    public async Task<JsonObject> CreateAsync(GroupResource resource, string json)
    {
        var created = Store.Create(resource, JsonTree.ParseObject(json));
        await SettleAsync();
        return created;
    }

    public async Task ChangeAsync(GroupResource resource, string name, Action<JsonObject> change)
    {
        Store.Update(new(resource, "default", name), value =>
        {
            change(value);
            return value;
        });
        await SettleAsync();
    }

    public Task SetImageAsync(GroupResource resource, string name, string tag) =>
        ChangeAsync(resource, name, value => value["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = Image(tag));

    public Task ScaleAsync(GroupResource resource, string name, int replicas) => ChangeAsync(resource, name, value => value["spec"]!["replicas"] = replicas);

    public async Task DeleteAsync(GroupResource resource, string name, DeleteOptions? options = null)
    {
        Store.Delete(new(resource, "default", name), options);
        await SettleAsync();
    }

    public JsonObject Get(GroupResource resource, string name) => Store.Find(resource, "default", name) ?? throw new InvalidOperationException($"no {resource} {name}");

    public JsonObject[] List(GroupResource resource) => [.. Store.List(resource, "default").Items];

    public JsonObject[] Pods => List(Known.Pods);

    public JsonObject[] PodsOf(string tag) => [.. Pods.Where(pod => pod["spec"]!["containers"]![0]!["image"]!.ToString() == Image(tag))];

    public string[] Events(string about) =>
        [.. List(Known.Events).Where(one => one["involvedObject"]!["name"]!.ToString() == about).Select(one => $"{one["reason"]}: {one["message"]}")];

    /// <summary>Until nobody has anything to do at this instant.</summary>
    public async Task SettleAsync()
    {
        long version;
        do
        {
            version = Store.Version;
            await Workloads.WhenIdleAsync().WaitAsync(TestContext.Current.CancellationToken);
            _housekeeping.Settle();
            await Workloads.WhenIdleAsync().WaitAsync(TestContext.Current.CancellationToken);
        }
        while (Store.Version != version);
        Assert.Empty(Workloads.Failures);
    }

    /// <summary>Moves the clock from one instant that somebody waits for to the next.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await SettleAsync();
        var until = Time.GetUtcNow() + by;
        while (Time.NextDue is { } next && next <= until)
        {
            Time.Advance(next - Time.GetUtcNow() is { Ticks: > 0 } step ? step : TimeSpan.Zero);
            await SettleAsync();
        }

        Time.Advance(until - Time.GetUtcNow());
        await SettleAsync();
    }

    /// <summary>Moves the clock until it is so, but not for longer than the limit.</summary>
    public async Task UntilAsync(Func<bool> so, int limitSeconds = 60)
    {
        await SettleAsync();
        var limit = Time.GetUtcNow() + TimeSpan.FromSeconds(limitSeconds);
        while (!so())
        {
            Assert.True(Time.NextDue is { } next && next <= limit, $"it is not so within {limitSeconds} s");
            Time.Advance(Time.NextDue!.Value - Time.GetUtcNow() is { Ticks: > 0 } step ? step : TimeSpan.Zero);
            await SettleAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Workloads.DisposeAsync();
        await Registry.DisposeAsync();
        _connection.Dispose();
    }
}
