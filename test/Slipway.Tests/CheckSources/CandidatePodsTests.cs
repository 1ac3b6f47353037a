using System.Text.Json.Nodes;
using Slipway.Checks;
using Slipway.CheckSources;
using Slipway.Kube;
using Slipway.Sandbox.Api;

namespace Slipway.Tests.CheckSources;

public sealed class CandidatePodsTests : IAsyncLifetime
{
    private SandboxApiServer? _api;
    private ClusterConnection? _cluster;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }, Ct);
        _cluster = ClusterConnection.To(_api.Url, token: _api.AdminToken);
    }

    public async ValueTask DisposeAsync()
    {
        _cluster!.Dispose();
        await _api!.DisposeAsync();
    }

    [Fact]
    public async Task Pods_of_the_new_version_that_run_are_asked_whether_they_take_requests_or_not()
    {
        await WorkloadAsync("shop-canary");
        await PodAsync("a", "10.0.0.1", "acme/shop@sha256:aa", ready: true);
        await PodAsync("b", "10.0.0.2", "acme/shop@sha256:bb", ready: true);
        await PodAsync("c", "10.0.0.3", "acme/shop@sha256:aa", ready: false);
        await PodAsync("d", null, "acme/shop@sha256:aa", ready: true);
        await PodAsync("e", "127.0.0.1", "acme/shop@sha256:aa", ready: true);

        Assert.Equal(["10.0.0.1"], await new CandidatePods(_cluster!).AddressesAsync(Wish, Ct));
        Assert.Equal(["10.0.0.2"], await new CandidatePods(_cluster!).AddressesAsync(Wish with { Step = Steps.Rollback, Context = Wish.Context with { Workload = "shop-canary" } }, Ct));
    }

    [Fact]
    public async Task Without_the_workload_there_are_none() => Assert.Empty(await new CandidatePods(_cluster!).AddressesAsync(Wish, Ct));

    private static MeasureWish Wish => MeasuringWorld.Wish(new CheckSource.Http(null, 8080));

    private ResourceClient<JsonObject> Any(ResourceType type) => new(_cluster!, type, json => JsonNode.Parse(json.GetRawText())!.AsObject());

    private Task<ResourceItem<JsonObject>> WorkloadAsync(string name) => Any(ResourceTypes.Deployments).ApplyAsync(new ObjectKey("default", name), new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "shop" } },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "shop" } }, ["spec"] = Containers("x") },
        },
    }, null, Ct);

    private async Task PodAsync(string name, string? ip, string image, bool ready)
    {
        var key = new ObjectKey("default", name);
        await Any(ResourceTypes.Pods).ApplyAsync(key, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "shop" } }, ["spec"] = Containers(image) }, null, Ct);
        await Any(ResourceTypes.Pods).MergePatchAsync(key, new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["podIP"] = ip,
                ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "web", ["ready"] = ready, ["restartCount"] = 0, ["image"] = image, ["imageID"] = "" }),
            },
        }, Ct, "status");
    }

    private static JsonObject Containers(string image) => new() { ["containers"] = new JsonArray(new JsonObject { ["name"] = "web", ["image"] = image }) };
}
