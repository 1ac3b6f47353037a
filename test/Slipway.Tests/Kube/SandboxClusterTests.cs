using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kube;
using Slipway.Sandbox.Api;
using Slipway.Tests.Queue;
using KubernetesRelease = Slipway.Sandbox.Storage.KubernetesRelease;

namespace Slipway.Tests.Kube;

/// <summary>The client and its caches against a server that behaves as the API server does, and then against one that misbehaves.</summary>
public sealed class SandboxClusterTests : IAsyncLifetime
{
    private SandboxApiServer? _server;
    private ClusterConnection? _connection;
    private ResourceClient<Thing>? _things;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }, Ct);
        _connection = ClusterConnection.To(_server.Url, token: _server.AdminToken);
        _things = new ResourceClient<Thing>(_connection, ResourceTypes.ConfigMaps, json => new Thing(json.GetProperty("metadata").Text("name")!, json.Property("data")?.Text("color") ?? ""));
        await new ResourceClient<string>(_connection, ResourceTypes.Namespaces, _ => "").CreateAsync(null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "prod" } }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static ObjectKey Key(string name) => new("prod", name);

    private static JsonObject Map(string name, string color) => new() { ["metadata"] = new JsonObject { ["name"] = name }, ["data"] = new JsonObject { ["color"] = color } };

    private static JsonObject Color(string? color) => new() { ["data"] = new JsonObject { ["color"] = color } };

    [Fact]
    public async Task An_object_lives_from_create_to_delete()
    {
        var made = await _things!.CreateAsync("prod", Map("a", "red"), Ct);
        var patched = await _things.MergePatchAsync(Key("a"), Color("blue"), Ct);
        var tested = await _things.JsonPatchAsync(Key("a"), new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/data/color", ["value"] = "green" }), Ct);

        Assert.Equal(["red", "blue", "green"], [made.Value.Color, patched.Value.Color, tested.Value.Color]);
        Assert.Equal(made.Uid, tested.Uid);
        Assert.True(ResourceVersion.IsOlder(made.ResourceVersion, patched.ResourceVersion));
        Assert.Equal(tested, await _things.GetAsync(Key("a"), Ct));
        Assert.True((await Assert.ThrowsAsync<KubeException>(() => _things.CreateAsync("prod", Map("a", "red"), Ct))).IsAlreadyExists);
        Assert.True((await Assert.ThrowsAsync<KubeException>(() => _things.DeleteAsync(Key("a"), new DeleteTerms(Uid: "another"), Ct))).IsConflict);
        Assert.True(await _things.DeleteAsync(Key("a"), new DeleteTerms(made.Uid), Ct));
        Assert.False(await _things.DeleteAsync(Key("a"), new DeleteTerms(), Ct));
        Assert.Null(await _things.GetAsync(Key("a"), Ct));
    }

    [Fact]
    public async Task A_fence_holds_off_every_kind_of_write_that_comes_too_late()
    {
        var old = await _things!.CreateAsync("prod", Map("a", "red"), Ct);
        await _things.MergePatchAsync(Key("a"), Color("blue"), Ct);
        var fenced = Color("late");
        fenced["metadata"] = new JsonObject { ["resourceVersion"] = old.ResourceVersion };

        Assert.True((await Assert.ThrowsAsync<KubeException>(() => _things.ApplyAsync(Key("a"), Color("late"), old.ResourceVersion, Ct))).IsConflict);
        Assert.True((await Assert.ThrowsAsync<KubeException>(() => _things.MergePatchAsync(Key("a"), fenced, Ct))).IsConflict);
        Assert.True((await Assert.ThrowsAsync<KubeException>(() => _things.DeleteAsync(Key("a"), new DeleteTerms(ResourceVersion: old.ResourceVersion), Ct))).IsConflict);
        Assert.Equal("blue", (await _things.GetAsync(Key("a"), Ct))!.Value.Color);
    }

    [Fact]
    public async Task Apply_owns_what_it_names_and_takes_it_over_only_by_force()
    {
        await _things!.ApplyAsync(Key("a"), Color("red"), null, Ct, manager: "other");

        Assert.True((await Assert.ThrowsAsync<KubeException>(() => _things.ApplyAsync(Key("a"), Color("blue"), null, Ct, force: false))).IsConflict);
        Assert.Equal("blue", (await _things.ApplyAsync(Key("a"), Color("blue"), null, Ct)).Value.Color);
    }

    [Fact]
    public async Task Long_lists_come_whole_page_by_page()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1203), Ct, async (i, token) => await _things!.CreateAsync("prod", Map($"m{i:0000}", "red"), token));

        var list = await _things!.ListAsync(new ListScope("prod"), Ct);

        Assert.Equal(1203, list.Items.Count(item => item.Key.Name.StartsWith('m')));

        // The server counts a request when its answer is out, and that may be after we have read it.
        await Eventually.TrueAsync(() => _server!.Requests.Count("list", "configmaps") == 3, "three pages");
    }

    [Fact]
    public async Task The_server_s_own_kubeconfig_leads_to_it()
    {
        var file = Path.GetTempFileName();
        _server!.WriteKubeconfig(file);
        using var connection = ClusterConnection.Open(new ConnectionOptions { Kubeconfig = file });
        File.Delete(file);

        Assert.NotEmpty((await new ResourceClient<string>(connection, ResourceTypes.Namespaces, _ => "").ListAsync(ListScope.All, Ct)).Items);
    }

    [Theory]
    [InlineData(KubernetesRelease.OneTwenty, "v1beta1")]
    [InlineData(KubernetesRelease.Current, "v1")]
    public async Task The_version_of_CronJob_is_found_on_old_and_new_servers(KubernetesRelease release, string version)
    {
        await using var server = await SandboxApiServer.StartAsync(new ApiServerOptions { Release = release, Tls = false }, Ct);
        using var connection = ClusterConnection.To(server.Url, token: server.AdminToken);
        using var discovery = new ApiDiscovery(connection);

        Assert.Equal(version, (await discovery.FindAsync("batch", "CronJob", Ct))?.Version);
        Assert.Equal(ResourceTypes.Jobs, await discovery.FindAsync("batch", "Job", Ct));
        Assert.Equal(ResourceTypes.Leases, await discovery.FindAsync("coordination.k8s.io", "Lease", Ct));
        Assert.Null(await discovery.FindAsync("slipway.dev", "Delivery", Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_goes_wrong_on_the_way_the_cache_ends_up_as_the_server_is(int seed)
    {
        _server!.Faults = new FaultPlan
        {
            Seed = seed,
            TooManyRequests = 0.02,
            ErrorBefore = 0.1,
            ErrorAfter = 0.05,
            WatchExpired = 0.05,
            WatchClosed = 0.1,
            EventDelayed = 0.1,
            EventDuplicated = 0.2,
            Delay = TimeSpan.FromMilliseconds(20),
        };
        var told = new ConcurrentDictionary<ObjectKey, string>();
        var informer = new Informer<Thing>(_things!, new ListScope("prod"), () => 0, NullLogger.Instance);
        informer.OnChange(change =>
        {
            if (change.New is { } now)
            {
                told[change.Key] = now.Color;
            }
            else
            {
                told.TryRemove(change.Key, out _);
            }
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var run = informer.RunAsync(stop.Token);

        await ChurnAsync(new Random(seed), informer);
        _server.Faults = FaultPlan.None;
        var truth = (await _things!.ListAsync(new ListScope("prod"), Ct)).Items.OrderBy(item => item.Key.Name).ToList();

        await Eventually.TrueAsync(
            () => informer.HasSynced && informer.List().OrderBy(thing => thing.Name).SequenceEqual(truth.Select(item => item.Value)),
            $"the cache to be as the server: {string.Join(' ', truth.Select(item => $"{item.Key.Name}={item.Value.Color}"))}; {informer.Problem}");
        Assert.Equal(truth.Select(item => (item.Key, item.Value.Color)), told.OrderBy(pair => pair.Key.Name).Select(pair => (pair.Key, pair.Value)));
        await stop.CancelAsync();
        await run;
    }

    private async Task ChurnAsync(Random random, Informer<Thing> informer)
    {
        for (var i = 0; i < 150; i++)
        {
            var key = Key($"x{random.Next(8)}");
            try
            {
                if (random.Next(4) == 0)
                {
                    await _things!.DeleteAsync(key, new DeleteTerms(), Ct);
                }
                else
                {
                    var written = await _things!.ApplyAsync(key, Color($"c{i}"), null, Ct);
                    informer.Wrote(written);

                    // Read your writes: this key is written by nobody else.
                    Assert.Equal($"c{i}", informer.Get(key)?.Color);
                }
            }
            catch (KubeException e) when (e.IsTransient || e.IsConflict)
            {
                // What was injected, before the deed or after it.
            }
        }
    }
}
