using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads;
using Slipway.Sandbox.Workloads.Nodes;
using static Slipway.Tests.SandboxWorld.Workloads.Shapes;

namespace Slipway.Tests.SandboxWorld;

public sealed class SandboxClusterTests
{
    private static readonly SandboxClusterOptions Fast = new() { Api = new ApiServerOptions { Tls = false }, Workloads = new WorkloadOptions { Speed = 20 } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static HttpClient Connect(SandboxCluster cluster) =>
        new() { BaseAddress = cluster.Api.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", cluster.Api.AdminToken) } };

    private static async Task<JsonObject> WaitAsync(SandboxCluster cluster, GroupResource resource, Func<JsonObject, bool> so)
    {
        await foreach (var change in cluster.Store.WatchAsync(resource, "default", cancellationToken: Cancel))
        {
            if (change.Type is not WatchEventType.Deleted && so(change.Value))
            {
                return change.Value;
            }
        }

        throw new InvalidOperationException("the watch ended");
    }

    private static bool Runs(JsonObject shop, long generation) =>
        shop.Stat("observedGeneration") >= generation && shop.Counts() == (2, 2, 2, 2, 0);

    [Fact]
    public async Task What_is_posted_to_the_api_runs_from_the_registry_and_a_patch_rolls_it_over()
    {
        await using var cluster = await SandboxCluster.StartAsync(Fast, Cancel);
        using var http = Connect(cluster);
        await cluster.PushAsync("acme/shop", "1.0", Cancel);
        var digest = await cluster.PushAsync("acme/shop", "1.1", Cancel);

        var manifest = $$"""{"apiVersion":"apps/v1","kind":"Deployment",{{Workload("shop", "\"replicas\":2", Container(cluster.Image("acme/shop", "1.0"))).TrimStart()[1..]}}""";
        using var created = await http.PostAsync("/apis/apps/v1/namespaces/default/deployments", new StringContent(manifest, Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(201, (int)created.StatusCode);
        await WaitAsync(cluster, Known.Deployments, shop => Runs(shop, 1));

        var patch = $$"""{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"{{cluster.Image("acme/shop", "1.1")}}"}]} } } }""";
        using var patched = await http.PatchAsync(
            "/apis/apps/v1/namespaces/default/deployments/shop", new StringContent(patch, Encoding.UTF8, "application/strategic-merge-patch+json"), Cancel);
        Assert.Equal(200, (int)patched.StatusCode);
        await WaitAsync(cluster, Known.Deployments, shop => Runs(shop, 2));

        var pods = cluster.Store.List(Known.Pods, "default").Items.Where(pod => !pod.IsBeingDeleted()).ToArray();
        Assert.Equal(2, pods.Length);
        Assert.All(pods, pod => Assert.Equal($"{cluster.Registry.Address}/acme/shop@{digest}", pod.Status().Text("imageID")));
        Assert.Empty(cluster.Workloads.Failures);
    }

    [Fact]
    public async Task A_bad_image_is_seen_through_the_api()
    {
        await using var cluster = await SandboxCluster.StartAsync(Fast, Cancel);
        using var http = Connect(cluster);
        await cluster.PushAsync("shop", "bad", Cancel, (ImageBehaviour.CrashLabel, "exit 1"));
        cluster.Store.Create(Known.Pods, JsonTree.ParseObject(Pod("p", Container(cluster.Image("shop", "bad")))));

        await WaitAsync(cluster, Known.Pods, pod => pod.Objects("status", "containerStatuses").Any() && pod.Waiting() == "CrashLoopBackOff");

        var listed = JsonNode.Parse(await http.GetStringAsync("/api/v1/namespaces/default/pods", Cancel))!;
        Assert.Equal("p", listed["items"]![0]!["metadata"]!["name"]!.ToString());
    }

    [Fact]
    public async Task It_pushes_to_a_registry_that_wants_a_name()
    {
        var auth = new RegistryAuth.Bearer(new RegistryAccount("ci", "pw"));
        await using var cluster = await SandboxCluster.StartAsync(Fast with { Registry = new SandboxRegistryOptions { Auth = auth } }, Cancel);

        var digest = await cluster.PushAsync("shop", "1.0", Cancel);

        Assert.Equal(digest, cluster.Registry.Content.Resolve("shop", "1.0"));
    }

    [Fact]
    public async Task A_cluster_that_cannot_start_leaves_no_registry_behind()
    {
        await using var other = await SandboxCluster.StartAsync(Fast, Cancel);
        await using var free = await SandboxRegistry.StartAsync(cancellationToken: Cancel);
        var port = free.Url.Port;
        await free.DisposeAsync();
        var taken = Fast with { Registry = new SandboxRegistryOptions { Port = port }, Api = new ApiServerOptions { Port = other.Api.Url.Port, Tls = false } };

        await Assert.ThrowsAsync<IOException>(() => SandboxCluster.StartAsync(taken, Cancel));

        await using var again = await SandboxRegistry.StartAsync(new SandboxRegistryOptions { Port = port }, Cancel);
        Assert.Equal(port, again.Url.Port);
    }

    [Fact]
    public async Task Its_kubeconfig_leads_to_it()
    {
        await using var cluster = await SandboxCluster.StartAsync(Fast, Cancel);
        var path = Path.GetTempFileName();
        try
        {
            cluster.WriteKubeconfig(path);

            Assert.Contains(cluster.Api.Url.Authority, await File.ReadAllTextAsync(path, Cancel), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
