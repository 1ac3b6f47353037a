using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Contract.Server;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace Slipway.Contract.Server;

/// <summary>
/// The server that the cases run against: the sandbox in this process, or with <c>SLIPWAY_CONTRACT=real</c> the one that
/// <c>KUBECONFIG</c> names. The cases know only its address.
/// </summary>
public sealed class Cluster : IAsyncLifetime
{
    /// <summary>For files of this run; gone after it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-contract-").FullName;
    private SandboxApiServer? _sandbox;
    private HttpClient? _http;

    public static bool IsReal => Environment.GetEnvironmentVariable("SLIPWAY_CONTRACT") == "real";

    /// <summary>The second number of the version: 20 of 1.20.</summary>
    public int Minor { get; private set; }

    public string KubeconfigPath { get; private set; } = "";

    public ApiClient Api { get; private set; } = null!;

    /// <summary>Where CronJobs are: batch/v1 from 1.21 on, batch/v1beta1 before.</summary>
    public string CronJobs { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (IsReal)
        {
            KubeconfigPath = Environment.GetEnvironmentVariable("KUBECONFIG")
                ?? throw new InvalidOperationException("SLIPWAY_CONTRACT=real needs KUBECONFIG, the path of one kubeconfig");
        }
        else
        {
            var release = Environment.GetEnvironmentVariable("SLIPWAY_CONTRACT") == "sandbox-1.20" ? KubernetesRelease.OneTwenty : KubernetesRelease.Current;
            _sandbox = await SandboxApiServer.StartAsync(new() { Release = release, BookmarkInterval = TimeSpan.FromSeconds(1) });
            KubeconfigPath = Path.Combine(Folder, "kubeconfig");
            _sandbox.WriteKubeconfig(KubeconfigPath);
        }
        _http = Kubeconfig.Read(KubeconfigPath).Connect();
        Api = new(_http);
        var version = await Api.GetAsync("/version");
        Minor = int.Parse(version.Body.Text("minor").TrimEnd('+'), CultureInfo.InvariantCulture);
        CronJobs = (await Api.GetAsync("/apis/batch/v1")).Body.Objects("resources")
            .Any(resource => resource.Name() == "cronjobs" || resource.Text("name") == "cronjobs") ? "batch/v1" : "batch/v1beta1";
    }

    /// <summary>A namespace of the case's own, gone when it is done.</summary>
    public async Task<TestNamespace> NewNamespaceAsync()
    {
        var created = await Api.PostAsync("/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"generateName":"contract-"}}""");
        return new(Api, created.Expect(201).Name());
    }

    /// <summary>Skips a case whose subject is younger than the server.</summary>
    public void Since(int minor, string what) => Assert.SkipUnless(Minor >= minor, $"{what} came with 1.{minor}; this server is 1.{Minor}");

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>A namespace that is deleted with all that is in it.</summary>
public sealed class TestNamespace(ApiClient api, string name) : IAsyncDisposable
{
    public string Name { get; } = name;

    public string ConfigMaps => $"/api/v1/namespaces/{Name}/configmaps";

    public string Deployments => $"/apis/apps/v1/namespaces/{Name}/deployments";

    public string Core(string plural) => $"/api/v1/namespaces/{Name}/{plural}";

    public string Group(string group, string version, string plural) => $"/apis/{group}/{version}/namespaces/{Name}/{plural}";

    public async Task<JsonObject> CreateConfigMapAsync(string name, string data = """{"a":"1"}""", string labels = "{}") =>
        (await api.PostAsync(ConfigMaps, $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","labels":{{labels}}},"data":{{data}}}""")).Expect(201);

    public async ValueTask DisposeAsync() => await api.DeleteAsync($"/api/v1/namespaces/{Name}");
}
