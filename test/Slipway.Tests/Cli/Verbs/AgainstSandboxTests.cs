using System.Text.Json.Nodes;
using Slipway.Cli.Schemas;
using Slipway.Kube;
using Slipway.Sandbox;

namespace Slipway.Tests.Cli.Verbs;

/// <summary>The verbs over real HTTP, with our own definitions installed: what they write is stored, and what must not be is refused.</summary>
public sealed class AgainstSandboxTests : IAsyncLifetime
{
    private readonly string _kubeconfig = Path.GetTempFileName();
    private SandboxCluster _cluster = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ClusterConnection Connection(ConnectionOptions? options = null) => ClusterConnection.Open((options ?? new()) with { Kubeconfig = _kubeconfig });

    public async ValueTask InitializeAsync()
    {
        _cluster = await SandboxCluster.StartAsync(cancellationToken: Cancel);
        _cluster.WriteKubeconfig(_kubeconfig);
        var definitions = new ResourceType("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);
        using var connection = Connection();
        foreach (var definition in CustomResources.All)
        {
            await Client(connection, definitions).CreateAsync(null, definition, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        File.Delete(_kubeconfig);
    }

    private static ResourceClient<JsonObject> Client(ClusterConnection connection, ResourceType type) => new(connection, type, element => JsonObject.Create(element.Clone()));

    private async Task<JsonObject> CreateAsync(Action<JsonObject>? change = null)
    {
        var delivery = JsonNode.Parse("""{"metadata":{"name":"shop"},"spec":{"targets":[{"name":"shop"}],"source":{"follow":{"semver":{}}},"history":{}}}""")!.AsObject();
        (delivery["apiVersion"], delivery["kind"]) = ("slipway.dev/v1alpha1", "Delivery");
        change?.Invoke(delivery);
        using var connection = Connection();
        return (await Client(connection, ResourceTypes.Deliveries).CreateAsync("default", delivery, Cancel)).Value;
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.OfAsync(args, connect: Connection);

    [Fact]
    public async Task The_server_fills_in_what_is_safe_to_fill_in()
    {
        var spec = (await CreateAsync())["spec"]!;

        Assert.Equal(("1m", false, 50), ((string?)spec["source"]!["interval"], (bool?)spec["suspend"], (int?)spec["history"]!["limit"]));
        Assert.Null(spec["pin"]);
    }

    [Theory]
    [InlineData("pin", "\"tag\"", "spec.pin")]
    [InlineData("rollback", "\"always\"", "spec.rollback")]
    [InlineData("progressDeadline", "\"10 minutes\"", "spec.progressDeadline")]
    [InlineData("targets", "[]", "spec.targets")]
    [InlineData("history", "{\"limit\":0}", "spec.history.limit")]
    [InlineData("source", "{}", "spec.source.follow")]
    [InlineData("source", "{\"follow\":{\"semver\":{},\"numeric\":{} } }", "spec.source.follow")]
    [InlineData("suspend", "\"yes\"", "spec.suspend")]
    public async Task What_cannot_be_right_is_refused_by_the_server_already(string field, string value, string named)
    {
        var refusal = await Assert.ThrowsAsync<KubeException>(() => CreateAsync(delivery => delivery["spec"]![field] = JsonNode.Parse(value)));

        Assert.Equal(422, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspension_is_stored_and_a_resumption_ends_it()
    {
        await CreateAsync();

        Assert.Equal(0, (await RunAsync("suspend", "shop")).Code);
        Assert.True((bool?)JsonNode.Parse((await RunAsync("get", "shop", "-o", "json")).Out)!["spec"]!["suspend"]);
        Assert.Equal(0, (await RunAsync("resume", "shop")).Code);

        var delivery = JsonNode.Parse((await RunAsync("get", "shop", "-o", "json")).Out)!;
        Assert.False((bool?)delivery["spec"]!["suspend"]);
        Assert.Equal("2026-03-01T12:00:00.000Z from command-line by sandbox", (string?)delivery["metadata"]!["annotations"]!["slipway.dev/resume"]);
    }

    [Fact]
    public async Task A_Delivery_that_nobody_looks_at_is_explained_as_such()
    {
        await CreateAsync();

        var run = await RunAsync("why", "shop");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("nobody has looked at this Delivery yet", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Release_keeps_what_is_written_with_it_in_one_write()
    {
        var release = JsonNode.Parse(Samples.Release(1, "1.0.0", Samples.Digest100, "Succeeded", message: "fine"))!.AsObject();
        release["metadata"]!.AsObject().Remove("uid");
        release["metadata"]!["namespace"] = "default";
        using (var connection = Connection())
        {
            await Client(connection, ResourceTypes.Releases).CreateAsync("default", release, Cancel);
        }

        var run = await RunAsync("history", "shop");

        Assert.Contains("Succeeded", run.Out, StringComparison.Ordinal);
    }
}
