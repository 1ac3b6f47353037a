using System.Text.Json.Nodes;
using Slipway.EndToEnd.Harness;
using Slipway.Sandbox.Registry;

namespace Slipway.EndToEnd;

/// <summary>The image that is shipped, run by containerd as a pod, with the rights that <c>slipway install</c> prints and no others.</summary>
[Collection(RealCluster.Name)]
public sealed class ImageInPodTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Home = "slipway-system";
    private const string Account = $"system:serviceaccount:{Home}:slipway";
    private const string Source = "follow: {semver: {range: '>=1.0'}}, interval: 2s";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task It_does_the_main_job_as_nobody_on_a_root_that_nobody_writes_to()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "no pods run in this cluster");
        if (TestEnvironment.Image is not { } layout || TestEnvironment.NodeRegistry is not { } registry)
        {
            Assert.Skip("there is no image (SLIPWAY_IMAGE: eng/image/build makes one), or no registry that pods reach (SLIPWAY_NODE_REGISTRY)");
            return;
        }

        var ns = await cluster.NewNamespaceAsync("pod");
        await cluster.Shipyard.PushAsync("slipway/controller", await ReadAsync(layout), "test");
        await InstallAsync($"{registry}/slipway/controller:test", registry);
        await Eventually.TrueAsync("the pod of the controller is ready", async () => (await PodAsync("{.status.containerStatuses[0].ready}")).Contains("true", StringComparison.Ordinal), Patience);

        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{registry}/{ns}/shop:1.0.0", replicas: 2) + Manifests.Delivery(ns, "{name: shop}", Source));
        await OutcomeAsync(ns, 1, "Succeeded");
        var good = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await OutcomeAsync(ns, 2, "Succeeded");
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.2.0", crashes: true);
        await OutcomeAsync(ns, 3, "RolledBack");

        Assert.Equal($"{registry}/{ns}/shop:1.1.0@{good}", await cluster.ImageAsync(ns, "deployment", "shop"));
        Assert.Equal("0", await PodAsync("{.status.containerStatuses[0].restartCount}"));
        Assert.Equal("true true 65532", await PodAsync("{.spec.containers[0].securityContext.readOnlyRootFilesystem} {.spec.securityContext.runAsNonRoot} {.spec.securityContext.runAsUser}"));
        Assert.Empty(await RefusedAsync());
    }

    // The others have controllers of their own, and there is one Lease for all.
    public async ValueTask DisposeAsync()
    {
        await cluster.KubectlAsync("scale", "deployment", "slipway", "-n", Home, "--replicas=0");
        await cluster.KubectlAsync("wait", "pod", "-n", Home, "-l", "app.kubernetes.io/name=slipway", "--for=delete", "--timeout=60s");
    }

    private async Task InstallAsync(string image, string registry)
    {
        var configuration = Path.Combine(Path.GetTempPath(), $"slipway-pod-{Environment.ProcessId}.yaml");
        await File.WriteAllTextAsync(configuration, $"registries: [{{host: '{registry}', plainHttp: true}}]\n");
        try
        {
            var (exit, manifests) = await RunningProcess.RunAsync(TestEnvironment.Slipway, ["install", "--image", image, "--config", configuration]);
            Assert.True(exit == 0, manifests);
            await cluster.ApplyAsync(manifests);
        }
        finally
        {
            File.Delete(configuration);
        }
    }

    private async Task<string> PodAsync(string paths) => (await cluster.KubectlAsync("get", "pod", "-n", Home, "-l", "app.kubernetes.io/name=slipway", "--field-selector=status.phase=Running", "-o", $"jsonpath={{range .items[*]}}{paths}{{end}}")).Trim();

    private Task OutcomeAsync(string ns, long number, string outcome) => Eventually.TrueAsync(
        $"release {number} of {ns}/shop ends as {outcome}",
        async () => (await cluster.HistoryAsync(ns, "shop")).FirstOrDefault(release => release.Spec.Number == number)?.Status?.Outcome == outcome,
        Patience);

    private static async Task<BuiltImage> ReadAsync(string layout)
    {
        var index = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(layout, "index.json")))!["manifests"]![0]!;
        var manifest = await BlobAsync(layout, (string)index["digest"]!);
        var json = JsonNode.Parse(manifest)!;
        var blobs = json["layers"]!.AsArray().Prepend(json["config"]).Select(blob => (string)blob!["digest"]!);
        return new BuiltImage((string)index["mediaType"]!, manifest) { Blobs = [.. await Task.WhenAll(blobs.Select(async digest => new ReadOnlyMemory<byte>(await BlobAsync(layout, digest))))] };
    }

    private static Task<byte[]> BlobAsync(string layout, string digest) => File.ReadAllBytesAsync(Path.Combine(layout, "blobs", "sha256", digest.Split(':')[1]));

    /// <summary>What the API server has refused to the pod's account, by its audit log.</summary>
    private static async Task<string[]> RefusedAsync()
    {
        if (TestEnvironment.AuditLog is not { } path)
        {
            return [];
        }

        var lines = await File.ReadAllLinesAsync(path);
        return [.. lines.Where(line => line.Contains(Account, StringComparison.Ordinal)).Where(line => JsonNode.Parse(line) is { } one && (int?)one["responseStatus"]?["code"] == 403)];
    }
}
