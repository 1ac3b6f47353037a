using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Api;

namespace Slipway.Browser.Harness;

/// <summary>The sandbox's cluster, of which a test says what is in it. The controller may not take the lease, so that nobody else changes it.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Group = "/apis/slipway.dev/v1alpha1";
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    private static readonly string[] Groups =
        ["", "slipway.dev", "apps", "batch", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "apiextensions.k8s.io", "networking.k8s.io", "gateway.networking.k8s.io", "autoscaling", "policy", "traefik.io"];

    private readonly HttpClient _http;

    private Cluster(SandboxApiServer server)
    {
        Server = server;
        _http = new HttpClient { BaseAddress = server.Url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.AdminToken);
    }

    public SandboxApiServer Server { get; }

    public string ControllerToken { get; private set; } = "";

    public static async Task<Cluster> StartAsync()
    {
        var cluster = new Cluster(await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false }));
        foreach (var definition in Slipway.Cli.Schemas.CustomResources.All)
        {
            await cluster.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
        }

        foreach (var ns in new[] { "prod", "stage", "team-a", "team-b" })
        {
            await cluster.PostAsync("/api/v1/namespaces", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = ns } });
        }

        await cluster.GrantAsync("controller", null, [(Groups, ["*"], ["*"])]);
        cluster.ControllerToken = cluster.Server.AddUser("controller");
        return cluster;
    }

    public async Task GrantAsync(string user, string? ns, params (string[] Groups, string[] Resources, string[] Verbs)[] rules)
    {
        var name = $"{user}-{ns ?? "all"}";
        await PostAsync($"{Rbac}/clusterroles", new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1", ["kind"] = "ClusterRole", ["metadata"] = new JsonObject { ["name"] = name },
            ["rules"] = new JsonArray([.. rules.Select(rule => (JsonNode?)new JsonObject { ["apiGroups"] = List(rule.Groups), ["resources"] = List(rule.Resources), ["verbs"] = List(rule.Verbs) })]),
        });
        await PostAsync(ns is null ? $"{Rbac}/clusterrolebindings" : $"{Rbac}/namespaces/{ns}/rolebindings", new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1", ["kind"] = ns is null ? "ClusterRoleBinding" : "RoleBinding", ["metadata"] = new JsonObject { ["name"] = name },
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = name },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["name"] = user }),
        });
    }

    /// <summary>With its status, as the controller would have written it.</summary>
    /// <returns>Its uid.</returns>
    public async Task<string> AddDeliveryAsync(JsonObject delivery)
    {
        var (ns, name, status) = ((string)delivery["metadata"]!["namespace"]!, (string)delivery["metadata"]!["name"]!, delivery["status"]!.DeepClone());
        var made = await SendAsync(HttpMethod.Post, $"{Group}/namespaces/{ns}/deliveries", delivery, "application/json");
        await SetStatusAsync(ns, name, status);
        return (string)made["metadata"]!["uid"]!;
    }

    public Task SetStatusAsync(string ns, string name, JsonNode status) =>
        SendAsync(HttpMethod.Patch, $"{Group}/namespaces/{ns}/deliveries/{name}/status", new JsonObject { ["status"] = status }, "application/merge-patch+json");

    public Task PostAsync(string path, JsonNode json) => SendAsync(HttpMethod.Post, path, json, "application/json");

    public async Task<JsonObject> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!.AsObject();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode json, string type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json.ToJsonString(), Encoding.UTF8, type) };
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    private static JsonArray List(string[] texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
