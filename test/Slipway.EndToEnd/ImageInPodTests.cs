using System.Text.Json.Nodes;
using Slipway.EndToEnd.Harness;
using Slipway.Sandbox.Registry;

namespace Slipway.EndToEnd;

/// <summary>The image that is shipped, run by containerd as a pod, with the rights that <c>slipway install</c> or the chart gives and no others.</summary>
[Collection(RealCluster.Name)]
public sealed class ImageInPodTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Home = "slipway-system";
    private const string ChartsHome = "slipway-chart";
    private const string Name = "slipway";
    private const string Source = "follow: {semver: {range: '>=1.0'}}, interval: 2s";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task As_install_makes_it_it_does_the_main_job()
    {
        var registry = await NeedAsync();
        var configuration = Path.Combine(Path.GetTempPath(), $"slipway-pod-{Environment.ProcessId}.yaml");
        await File.WriteAllTextAsync(configuration, $"registries: [{{host: '{registry}', plainHttp: true}}]\n", TestContext.Current.CancellationToken);
        var (exit, manifests) = await RunningProcess.RunAsync(TestEnvironment.Slipway, ["install", "--image", $"{registry}/slipway/controller:test", "--config", configuration]);
        File.Delete(configuration);
        Assert.True(exit == 0, manifests);
        await cluster.ApplyAsync(manifests);

        await MainJobAsync(new(Home, Name), registry, await cluster.NewNamespaceAsync("pod"));
    }

    [Fact]
    public async Task As_the_chart_makes_it_it_does_the_main_job_is_upgraded_and_leaves_everything_behind_that_is_the_users()
    {
        var registry = await NeedAsync();
        string[] values =
        [
            "--set", $"name={ChartsHome},rbac.people=false,image.repository={registry}/slipway/controller,image.tag=test", "--set-json", $$"""configuration={"registries": [{"host": "{{registry}}", "plainHttp": true}]}""",
        ];
        await HelmChart.DoneAsync(["install", ChartsHome, HelmChart.Folder, "-n", ChartsHome, "--create-namespace", .. values]);
        var ns = await cluster.NewNamespaceAsync("chart");
        var pod = new Workload(ChartsHome, ChartsHome);
        await MainJobAsync(pod, registry, ns);

        // A version is pushed while one pod takes over from the other.
        await HelmChart.DoneAsync(["upgrade", ChartsHome, HelmChart.Folder, "-n", ChartsHome, .. values, "--set", "podAnnotations.upgraded=yes"]);
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.3.0");
        await OutcomeAsync(ns, 4, "Succeeded");
        await cluster.KubectlAsync("rollout", "status", $"deployment/{ChartsHome}", "-n", ChartsHome, "--timeout=120s");
        Assert.Equal([1, 2, 3, 4], (await cluster.HistoryAsync(ns, "shop")).Select(release => release.Spec.Number));

        await HelmChart.DoneAsync("uninstall", ChartsHome, "-n", ChartsHome, "--wait");
        Assert.Equal([1, 2, 3, 4], (await cluster.HistoryAsync(ns, "shop")).Select(release => release.Spec.Number));
        Assert.Equal("1.3.0", (await cluster.DeliveryAsync(ns, "shop")).Status!.Current!.Tag);
        Assert.Empty((await cluster.KubectlAsync("get", "clusterroles,clusterrolebindings", "-l", $"app.kubernetes.io/name={ChartsHome}", "-o", "name")).Trim());
    }

    // The others have controllers of their own, and there is one Lease for all.
    public async ValueTask DisposeAsync()
    {
        if (TestEnvironment.Helm is not null)
        {
            await HelmChart.DoneAsync("uninstall", ChartsHome, "-n", ChartsHome, "--ignore-not-found", "--wait");
        }

        await cluster.KubectlAsync("scale", "deployment", "slipway", "-n", Home, "--replicas=0");
        await Eventually.TrueAsync("no pod of the controller runs", async () => await PodAsync(new(Home, Name), "{.metadata.name}") == "");
    }

    /// <summary>The controller's Deployment, and the label of its pods.</summary>
    private sealed record Workload(string Namespace, string Name);

    // Also pushes the image; or what is not here is said, and the test is skipped.
    private async Task<string> NeedAsync()
    {
        Assert.SkipUnless(TestEnvironment.HasPods, "no pods run in this cluster");
        if (TestEnvironment.Image is not { } layout || TestEnvironment.NodeRegistry is not { } registry)
        {
            Assert.Skip("there is no image (SLIPWAY_IMAGE: eng/image/build makes one), or no registry that pods reach (SLIPWAY_NODE_REGISTRY)");
            return "";
        }

        await cluster.Shipyard.PushAsync("slipway/controller", await ReadAsync(layout), "test");
        return registry;
    }

    private async Task MainJobAsync(Workload controller, string registry, string ns)
    {
        await Eventually.TrueAsync("the pod of the controller is ready", async () => (await PodAsync(controller, "{.status.containerStatuses[0].ready}")).Contains("true", StringComparison.Ordinal), Patience);
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.0.0");
        await cluster.ApplyAsync(Manifests.Deployment(ns, $"{registry}/{ns}/shop:1.0.0", replicas: 2) + Manifests.Delivery(ns, "{name: shop}", Source));
        await OutcomeAsync(ns, 1, "Succeeded");
        var good = await cluster.Shipyard.PushAsync($"{ns}/shop", "1.1.0");
        await OutcomeAsync(ns, 2, "Succeeded");
        await cluster.Shipyard.PushAsync($"{ns}/shop", "1.2.0", crashes: true);
        await OutcomeAsync(ns, 3, "RolledBack");

        Assert.Equal($"{registry}/{ns}/shop:1.1.0@{good}", await cluster.ImageAsync(ns, "deployment", "shop"));
        Assert.Equal("0", await PodAsync(controller, "{.status.containerStatuses[0].restartCount}"));
        Assert.Equal("true true 65532", await PodAsync(controller, "{.spec.containers[0].securityContext.readOnlyRootFilesystem} {.spec.securityContext.runAsNonRoot} {.spec.securityContext.runAsUser}"));
        Assert.Empty(await RefusedAsync(controller));
    }

    private async Task<string> PodAsync(Workload of, string paths) =>
        (await cluster.KubectlAsync("get", "pod", "-n", of.Namespace, "-l", $"app.kubernetes.io/name={of.Name}", "--field-selector=status.phase=Running", "-o", $"jsonpath={{range .items[*]}}{paths}{{end}}")).Trim();

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
    private static async Task<string[]> RefusedAsync(Workload controller)
    {
        if (TestEnvironment.AuditLog is not { } path)
        {
            return [];
        }

        var lines = await File.ReadAllLinesAsync(path);
        return [.. lines.Where(line => line.Contains($"system:serviceaccount:{controller.Namespace}:{controller.Name}", StringComparison.Ordinal)).Where(line => JsonNode.Parse(line) is { } one && (int?)one["responseStatus"]?["code"] == 403)];
    }
}
