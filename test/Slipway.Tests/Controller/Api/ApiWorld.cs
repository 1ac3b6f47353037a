using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Controller.Api;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Registry;
using Slipway.Sandbox.Api;
using Slipway.Telemetry;
using Slipway.Tests.Cli;
using Slipway.Tests.Controllers;

namespace Slipway.Tests.Controller.Api;

/// <summary>The API over real HTTP before a real sandbox, of a process that follows the cluster and does not lead: what is there is what the test has put there.</summary>
public sealed class ApiWorld : IAsyncLifetime
{
    private const string Rbac = "rbac.authorization.k8s.io";

    private readonly CancellationTokenSource _stopping = new();
    private readonly SlipwayMetrics _metrics = new();
    private readonly Tenure _tenure = new(TimeProvider.System);
    private readonly CollectedLog _log = new();
    private SandboxApiServer? _server;
    private ClusterConnection? _admin, _controller;
    private ApiContext? _context;
    private WebApplication? _app;
    private Task _running = Task.CompletedTask;
    private int _names;

    // Whom a test is about signs in as often as it likes.
    internal ApiOptions Options { get; set; } = new() { SignIns = new(10_000, 10_000) };

    public SandboxApiServer Server => _server!;

    internal ClusterConnection Admin => _admin!;

    internal ApiContext Context => _context!;

    // Cookies are what the tests are about: none is kept behind their back.
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public Uri Address => new(_app!.Urls.First());

    public string Log => _log.ToString();

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxApiServer.StartAsync(new ApiServerOptions { Tls = false });
        _admin = ClusterConnection.To(_server.Url, token: _server.AdminToken);
        foreach (var definition in Slipway.Cli.Schemas.CustomResources.All)
        {
            await Any(new ResourceType("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false)).CreateAsync(null, definition, default);
        }

        foreach (var ns in new[] { "prod", "stage" })
        {
            await Any(ResourceTypes.Namespaces).CreateAsync(null, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = ns } }, default);
            await SeedAsync(ns, "shop");
        }

        _controller = ClusterConnection.To(_server.Url, new ConnectionOptions { Metrics = _metrics }, _server.AddUser("controller", "system:masters"));
        var controllers = new ControllerContext(_controller, null, TimeProvider.System, () => 0.5, _metrics, _log);
        var deliveries = new DeliveryController(controllers, [Shard.Whole(_tenure)], new RegistryOptions(), 1, "test", _log.CreateLogger<DeliveryController>());
        _context = new ApiContext(deliveries, _controller, Options, TimeProvider.System, _log);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new Forwarding(_log));
        Slipway.Controller.ControllerHost.KeepStrangersQuiet(builder.Logging);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseSecurityHeaders();
        _app.MapApi(_context);
        await _app.StartAsync();
        _running = deliveries.RunAsync(_stopping.Token);
        while (deliveries.Problem is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    internal ResourceClient<JsonObject> Any(ResourceType type) => new(Admin, type, json => JsonNode.Parse(json.GetRawText())!.AsObject());

    /// <summary>The rolled back Delivery of the samples, with its Releases.</summary>
    public async Task SeedAsync(string ns, string name, Action<JsonObject>? change = null)
    {
        var sample = JsonNode.Parse(Samples.RolledBack())!.AsObject();
        sample["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = new JsonObject { ["team"] = name } };
        change?.Invoke(sample);
        var status = sample["status"]!.DeepClone();
        var key = new ObjectKey(ns, name);
        var made = await Any(ResourceTypes.Deliveries).CreateAsync(ns, sample, default);
        await Any(ResourceTypes.Deliveries).MergePatchAsync(key, new JsonObject { ["status"] = status }, default, "status");
        foreach (var (number, outcome) in new[] { (1, "Succeeded"), (2, "Succeeded"), (3, "RolledBack") })
        {
            var release = JsonNode.Parse(Samples.Release(number, $"1.{number - 1}.0", number switch { 1 => Samples.Digest100, 2 => Samples.Digest110, _ => Samples.Digest120 }, outcome))!.AsObject();
            release["metadata"] = new JsonObject
            {
                ["name"] = $"{name}-{number}", ["namespace"] = ns, ["labels"] = new JsonObject { [ApiNames.DeliveryLabel] = name },
                ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = ApiNames.ApiVersion, ["kind"] = ApiNames.DeliveryKind, ["name"] = name, ["uid"] = made.Uid }),
            };
            await Any(ResourceTypes.Releases).CreateAsync(ns, release, default);
        }
    }

    /// <summary>A user with these rules and no others.</summary>
    /// <param name="ns">Where they hold; null: everywhere.</param>
    /// <param name="rules">As <c>VERBS RESOURCES</c>, each divided by commas.</param>
    public async Task<string> UserAsync(string? ns, params string[] rules)
    {
        var name = $"user-{Interlocked.Increment(ref _names)}";
        await GrantAsync(name, ns, rules);
        return Server.AddUser(name);
    }

    /// <returns>The name of the role and of its binding.</returns>
    public async Task<string> GrantAsync(string user, string? ns, params string[] rules)
    {
        var role = $"role-{Interlocked.Increment(ref _names)}";
        var json = new JsonArray([.. rules.Select(rule => (JsonNode?)new JsonObject { ["apiGroups"] = new JsonArray(ApiNames.Group), ["verbs"] = List(rule.Split(' ')[0]), ["resources"] = List(rule.Split(' ')[1]) })]);
        var (roles, bindings) = (new ResourceType(Rbac, "v1", "clusterroles", "ClusterRole", Namespaced: false), ns is null ? new ResourceType(Rbac, "v1", "clusterrolebindings", "ClusterRoleBinding", Namespaced: false) : new ResourceType(Rbac, "v1", "rolebindings", "RoleBinding"));
        await Any(roles).CreateAsync(null, new JsonObject { ["apiVersion"] = $"{Rbac}/v1", ["kind"] = "ClusterRole", ["metadata"] = new JsonObject { ["name"] = role }, ["rules"] = json }, default);
        await Any(bindings).CreateAsync(ns, new JsonObject
        {
            ["apiVersion"] = $"{Rbac}/v1", ["kind"] = bindings.Kind, ["metadata"] = new JsonObject { ["name"] = role },
            ["roleRef"] = new JsonObject { ["apiGroup"] = Rbac, ["kind"] = "ClusterRole", ["name"] = role },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "User", ["apiGroup"] = Rbac, ["name"] = user }),
        }, default);
        return role;
    }

    public async Task WithdrawAsync(string ns, string role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(Server.Url, $"/apis/{Rbac}/v1/namespaces/{ns}/rolebindings/{role}"));
        request.Headers.Authorization = new("Bearer", Server.AdminToken);
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<ApiReply> SendAsync(string method, string path, string? token, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, path)) { Content = method == "GET" ? null : new StringContent(body ?? "{}", Encoding.UTF8, type) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        // A stream has no end: of it the beginning is enough.
        using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var stream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return new((int)answer.StatusCode, stream ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer);
    }

    public Task<ApiReply> GetAsync(string path, string? token, params (string Name, string Value)[] headers) => SendAsync("GET", path, token, headers: headers);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        Http.Dispose();
        await _app!.DisposeAsync();
        _context!.Dispose();
        _controller!.Dispose();
        _admin!.Dispose();
        await _server!.DisposeAsync();
        _tenure.Dispose();
        _metrics.Dispose();
        _stopping.Dispose();
        _log.Dispose();
    }

    private static JsonArray List(string texts) => new([.. texts.Split(',').Select(text => (JsonNode?)text)]);

    private sealed class Forwarding(ILogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
            // The log is another's.
        }
    }
}

/// <summary>What was answered.</summary>
public sealed record ApiReply(int Code, string Text, HttpResponseMessage Answer)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string Reason => (string)Json["reason"]!;
}
