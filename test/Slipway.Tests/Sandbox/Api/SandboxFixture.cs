using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

/// <summary>A sandbox and a client of it.</summary>
internal sealed class SandboxFixture : IAsyncDisposable
{
    public const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    public const string Merge = "application/merge-patch+json";

    private SandboxFixture(SandboxApiServer server) => (Server, Http) = (server, ClientOf(server, server.AdminToken));

    public SandboxApiServer Server { get; }

    public HttpClient Http { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SandboxFixture> StartAsync(ApiServerOptions? options = null) =>
        new(await SandboxApiServer.StartAsync((options ?? new()) with { Tls = false }, Stop));

    public static HttpClient ClientOf(SandboxApiServer server, string? token)
    {
        var http = new HttpClient { BaseAddress = server.Url };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public static string ConfigMap(string name, string value = "1") =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{"a":"{{{value}}}"}}""";

    public Task<(int Code, JsonObject Body)> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<(int Code, JsonObject Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<(int Code, JsonObject Body)> PatchAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, Merge);

    public Task<(int Code, JsonObject Body)> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json",
        HttpClient? http = null) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), type, http);

    public async Task<(int Code, JsonObject Body)> SendAsync(HttpMethod method, string path, byte[]? body, string type, HttpClient? http = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        using var response = await (http ?? Http).SendAsync(request, Stop);
        var text = await response.Content.ReadAsByteArrayAsync(Stop);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType == "application/json" ? JsonTree.Parse(text) as JsonObject ?? []
            : []);
    }

    /// <summary>The lines of a watch, up to its end or a number of them.</summary>
    public async Task<List<JsonObject>> WatchAsync(string path, int atMost = int.MaxValue)
    {
        List<JsonObject> events = [];
        try
        {
            using var response = await Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Stop);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
            while (events.Count < atMost && await lines.ReadLineAsync(Stop) is { } line)
            {
                events.Add(JsonTree.ParseObject(line));
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            events.Add(new() { ["type"] = "BROKEN" });
        }
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
