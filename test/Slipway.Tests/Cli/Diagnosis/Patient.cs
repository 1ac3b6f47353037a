using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Cli.Install;
using Slipway.Kube;
using Slipway.Sandbox.Api;

namespace Slipway.Tests.Cli.Diagnosis;

/// <summary>A cluster for a doctor: an API server with what 'slipway install' prints, and a controller of which only the traces are there.</summary>
internal sealed class Patient : IAsyncDisposable
{
    private readonly SandboxApiServer _api;

    private Patient(SandboxApiServer api) => _api = api;

    public ClusterConnection Admin => ClusterConnection.To(_api.Url, new() { Time = TimeProvider.System }, _api.AdminToken);

    /// <summary>How a command line reaches it, as the administrator, in the namespace prod.</summary>
    public Func<ConnectionOptions, ClusterConnection> Connect => options => ClusterConnection.To(_api.Url, options, _api.AdminToken, "prod");

    public static async Task<Patient> StartAsync() => new(await SandboxApiServer.StartAsync(new() { Tls = false }, TestContext.Current.CancellationToken));

    /// <summary>All that install prints, with the Deployment as a cluster shows it that runs it.</summary>
    public async Task<Patient> InstallAsync(long ready = 1, string image = "ghcr.io/slipway-dev/slipway:0.1.0", bool reviews = true, string? configuration = null)
    {
        var options = new InstallOptions("slipway-system", image, null, configuration);
        foreach (var json in Installation.Of(options).Where(json => reviews || (string?)json["metadata"]!["name"] != "slipway-reviews"))
        {
            await CreateAsync(json, status => status["readyReplicas"] = ready);
        }

        await CreateAsync("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"prod"}}""");
        return this;
    }

    public Task LeaseAsync(TimeSpan age, string holder = "slipway-7c9d-x2x") => CreateAsync(new JsonObject
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = "slipway-controller", ["namespace"] = "slipway-system" },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = holder, ["leaseDurationSeconds"] = 15,
            ["renewTime"] = (TimeProvider.System.GetUtcNow() - age).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        },
    });

    public Task CreateAsync(string json) => CreateAsync(JsonNode.Parse(json)!.AsObject());

    public async Task CreateAsync(JsonObject json, Action<JsonObject>? status = null)
    {
        using var connection = Admin;
        var (api, kind, key) = ((string)json["apiVersion"]!, (string)json["kind"]!, (Namespace: (string?)json["metadata"]!["namespace"], Name: (string)json["metadata"]!["name"]!));
        var type = TypeOf(api, kind, key.Namespace is not null);
        var client = new ResourceClient<JsonObject>(connection, type, element => JsonObject.Create(element.Clone()));
        var stop = TestContext.Current.CancellationToken;
        var made = await client.CreateAsync(key.Namespace, json.DeepClone().AsObject(), stop);
        // A Release is one record, without a status of its own.
        var told = kind == "Release" ? null : json["status"]?.DeepClone().AsObject() ?? (kind == "Deployment" && status is not null ? [] : null);
        if (told is not null)
        {
            status?.Invoke(told);
            await client.MergePatchAsync(made.Key, new JsonObject { ["status"] = told }, stop, subresource: "status");
        }
    }

    /// <summary>Runs the doctor as the administrator, or as somebody with a role of the given rules.</summary>
    public async Task<CliRun> ExamineAsync(string[] args, string? rules = null, TimeProvider? time = null)
    {
        var token = _api.AdminToken;
        if (rules is not null)
        {
            token = _api.AddUser("ada");
            await CreateAsync($$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"ada"},"rules":{{rules}}}""");
            await CreateAsync("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"ada"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"ada"},"subjects":[{"kind":"User","name":"ada","apiGroup":"rbac.authorization.k8s.io"}]}""");
        }

        var run = await CliRun.OfAsync(["doctor", "--timeout", "2m", .. args], connect: options => ClusterConnection.To(_api.Url, options, token, "prod"), time: time ?? TimeProvider.System);
        return run with { Out = Regex.Replace(run.Out.Replace(_api.Url.GetLeftPart(UriPartial.Authority), "http://SERVER", StringComparison.Ordinal), "http://SERVER/", "http://SERVER") };
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static ResourceType TypeOf(string api, string kind, bool namespaced)
    {
        var (group, version) = api.Split('/') is [var named, var of] ? (named, of) : ("", api);
        var plural = kind.ToLowerInvariant() switch { var word when word.EndsWith('y') => $"{word[..^1]}ies", var word when word.EndsWith('s') => $"{word}es", var word => $"{word}s" };
        return new ResourceType(group, version, plural, kind, namespaced);
    }
}
