using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;

namespace Slipway.Tests.SandboxWorld;

/// <summary>What came back, whole.</summary>
public sealed record ProbeAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? ErrorCode => Json["errors"]?[0]?["code"]?.ToString();
}

/// <summary>A registry and a bare client that follows nothing and knows nothing.</summary>
public sealed class RegistryProbe : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly RegistryConnection _connection;

    private RegistryProbe(SandboxRegistry registry, RegistryLogin? login)
    {
        Registry = registry;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = registry.Url };
        _connection = new RegistryConnection(registry.Url, login);
        Pusher = new ImagePusher(_connection);
    }

    public SandboxRegistry Registry { get; }

    public ImagePusher Pusher { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RegistryProbe> StartAsync(SandboxRegistryOptions? options = null, RegistryLogin? login = null) =>
        new(await SandboxRegistry.StartAsync(options, Cancel), login);

    public Task<string> PushAsync(string repository, BuiltImage image, params string[] tags) => Pusher.PushAsync(repository, image, Cancel, tags);

    public Task<ProbeAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<ProbeAnswer> HeadAsync(string path, params (string Name, string Value)[] headers) => SendAsync("HEAD", path, null, headers);

    public async Task<ProbeAnswer> SendAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _http.SendAsync(request, Cancel);
        return new ProbeAnswer(
            (int)response.StatusCode,
            response.Headers.Concat(response.Content.Headers).ToDictionary(pair => pair.Key, pair => string.Join(", ", pair.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    public static (string, string) Accept(params string[] types) => ("Accept", string.Join(", ", types));

    public static readonly (string, string) AcceptAll = Accept(MediaTypes.AcceptAll);

    public static (string, string) Basic(string user, string password) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _connection.Dispose();
        await Registry.DisposeAsync();
    }
}
