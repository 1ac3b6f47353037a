using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;

namespace Slipway.EndToEnd.Harness;

/// <summary>The real cluster as its administrator sees it, with what the tests need to look at and to set up. One for all tests.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    private readonly string _kubeconfig = TestEnvironment.Kubeconfig;
    private int _namespaces;

    internal ClusterConnection Admin { get; private set; } = null!;

    internal ResourceClient<Delivery> Deliveries { get; private set; } = null!;

    internal ResourceClient<Release> Releases { get; private set; } = null!;

    internal Shipyard Shipyard { get; private set; } = null!;

    internal ReadOnlyMemory<byte> Program { get; private set; }

    /// <summary>Installs what <c>slipway install</c> prints, and gives the rights in it to the identity that the controller runs as.</summary>
    public async ValueTask InitializeAsync()
    {
        Admin = ClusterConnection.Open(new ConnectionOptions { Kubeconfig = _kubeconfig });
        Deliveries = new(Admin, ResourceTypes.Deliveries, ApiJson.Default.Delivery);
        Releases = new(Admin, ResourceTypes.Releases, ApiJson.Default.Release);
        Program = await Shipyard.CompileAsync();
        Shipyard = new Shipyard(TestEnvironment.Registry, null, Program);

        var (exit, manifests) = await RunningProcess.RunAsync(TestEnvironment.Slipway, ["install"]);
        Assert.True(exit == 0, manifests);
        await ApplyAsync(manifests);
        await ApplyAsync(Bindings);
        await Eventually.TrueAsync("the CRDs are established", async () => (await Deliveries.ListAsync(ListScope.All, default)).Unreadable.IsEmpty);
    }

    public ValueTask DisposeAsync()
    {
        Shipyard.Dispose();
        Admin.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A namespace of the test's own, and a repository of the same name.</summary>
    internal async Task<string> NewNamespaceAsync(string prefix)
    {
        var name = $"{prefix}-{Environment.ProcessId}-{Interlocked.Increment(ref _namespaces)}";
        await KubectlAsync("create", "namespace", name);
        return name;
    }

    internal async Task<string> KubectlAsync(params string[] arguments)
    {
        var (exit, output) = await RunningProcess.RunAsync(TestEnvironment.Kubectl, ["--kubeconfig", _kubeconfig, .. arguments]);
        return exit == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {output}");
    }

    internal async Task ApplyAsync(string manifests)
    {
        var file = Path.Combine(Path.GetTempPath(), $"slipway-{Environment.ProcessId}-{Interlocked.Increment(ref _namespaces)}.yaml");
        await File.WriteAllTextAsync(file, manifests);
        try
        {
            await KubectlAsync("apply", "-f", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    internal async Task<Delivery> DeliveryAsync(string ns, string name) =>
        (await Deliveries.GetAsync(new ObjectKey(ns, name), default))?.Value ?? throw new InvalidOperationException($"there is no Delivery {ns}/{name}");

    /// <summary>In the order of their numbers.</summary>
    internal async Task<IReadOnlyList<Release>> HistoryAsync(string ns, string delivery) =>
    [
        .. (await Releases.ListAsync(new ListScope(ns), default)).Items.Select(item => item.Value)
            .Where(release => release.Spec.Delivery == delivery)
            .OrderBy(release => release.Spec.Number),
    ];

    internal async Task<string> ImageAsync(string ns, string kind, string name) =>
        (await KubectlAsync("get", kind, name, "-n", ns, "-o", kind == "cronjob"
            ? "jsonpath={.spec.jobTemplate.spec.template.spec.containers[0].image}"
            : "jsonpath={.spec.template.spec.containers[0].image}")).Trim();

    internal ResourceClient<JsonObject> Any(ResourceType type) => new(Admin, type, json => JsonNode.Parse(json.GetRawText())!.AsObject());

    private static string Bindings =>
        $"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {"{"}name: slipway-controller-under-test{"}"}
        roleRef: {"{"}apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: slipway{"}"}
        subjects: [{"{"}apiGroup: rbac.authorization.k8s.io, kind: User, name: {TestEnvironment.ControllerUser}{"}"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {"{"}name: slipway-controller-under-test, namespace: slipway-system{"}"}
        roleRef: {"{"}apiGroup: rbac.authorization.k8s.io, kind: Role, name: slipway-leader{"}"}
        subjects: [{"{"}apiGroup: rbac.authorization.k8s.io, kind: User, name: {TestEnvironment.ControllerUser}{"}"}]
        """;
}

/// <summary>All tests share one cluster, and run one after the other: they count its requests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealCluster : ICollectionFixture<TestCluster>
{
    public const string Name = "real cluster";
}
