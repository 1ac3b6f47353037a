using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Images;

namespace Slipway.Tests.Registry;

/// <summary>One request as it came over the wire.</summary>
internal sealed record Captured(string Method, string Target, string? Authorization, string Everything);

/// <summary>
/// A registry over real HTTP on loopback that does what it should until a test makes it misbehave, and remembers every byte it was sent.
/// </summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, SortedDictionary<string, string>> _tags = new();
    private readonly ConcurrentDictionary<string, (string Type, byte[] Bytes)> _content = new();

    private readonly ConcurrentDictionary<string, bool> _connections = new();

    private TestRegistry()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public ConcurrentQueue<Captured> Requests { get; } = new();

    /// <summary>That it was ever connected to by.</summary>
    public int Connections => _connections.Count;

    /// <summary>True where it has answered in the registry's place.</summary>
    public Func<HttpContext, Task<bool>> Misbehaves { get; set; } = _ => Task.FromResult(false);

    /// <summary>What it asks of those who bring nothing; null where it is open to all.</summary>
    public string? Challenge { get; set; }

    /// <summary>The one header that it accepts.</summary>
    public Func<string?, bool> Accepts { get; set; } = _ => true;

    public bool TellsDigests { get; set; } = true;

    /// <summary>Gives validators for manifests, and answers 304 to who has one: as docker-registry 2.8 does.</summary>
    public bool ValidatesManifests { get; set; }

    /// <summary>The same for lists, which docker-registry does not.</summary>
    public bool ValidatesLists { get; set; }

    public int MaxPageSize { get; set; } = int.MaxValue;

    public Uri Address => new(_app.Urls.First());

    public string Host => Address.Authority;

    public RepositoryName Repository(string path = "acme/shop") => new(Host, path);

    public static async Task<TestRegistry> StartAsync()
    {
        var registry = new TestRegistry();
        await registry._app.StartAsync();
        return registry;
    }

    /// <summary>Answers 401 with a bearer challenge, gives out numbered tokens at /token, and accepts those.</summary>
    public TestRegistry WithTokens(int lifetime = 300, string? realm = null, string? basic = null)
    {
        Challenge = $"Bearer realm=\"{realm ?? new Uri(Address, "/token").ToString()}\",service=\"test\",scope=\"repository:acme/shop:pull\"";
        Accepts = header => header?.StartsWith("Bearer token-", StringComparison.Ordinal) == true;
        var count = 0;
        Misbehaves = async http =>
        {
            if (http.Request.Path != "/token")
            {
                return false;
            }

            http.Response.StatusCode = basic is null || http.Request.Headers.Authorization == BasicHeader(basic) ? 200 : 401;
            await http.Response.WriteAsync($$"""{"token":"token-{{Interlocked.Increment(ref count)}}","expires_in":{{lifetime}}}""");
            return true;
        };
        return this;
    }

    public static string BasicHeader(string userAndPassword) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword))}";

    /// <summary>Puts an image of one platform there and returns its digest.</summary>
    public string Push(string tag, string content, string path = "acme/shop", string platform = "linux/amd64", string? version = null, string? revision = null, string? created = null)
    {
        var labels = $$"""{"org.opencontainers.image.version":"{{version}}","org.opencontainers.image.revision":"{{revision}}"}""";
        var config = Keep("application/vnd.oci.image.config.v1+json", $$"""
            {"os": "{{platform.Split('/')[0]}}", "architecture": "{{platform.Split('/')[1]}}", "created": {{(created is null ? "null" : $"\"{created}\"")}}, "config": {"Labels": {{labels}}}, "content": "{{content}}"}
            """);
        return PushManifest(tag, "application/vnd.oci.image.manifest.v1+json", $$"""
            {"schemaVersion": 2, "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "{{config}}", "size": 1}, "layers": []}
            """, path);
    }

    /// <summary>Puts an index with one image per platform there.</summary>
    public string PushIndex(string tag, string content, params string[] platforms) => PushIndex(tag, content, created: null, platforms);

    public string PushIndex(string tag, string content, string? created, string[] platforms)
    {
        var images = platforms.Select(platform => $$"""
            {"digest": "{{Push($"part-{platform.Replace('/', '-')}", content, "acme/parts", platform, version: content, created: created)}}", "platform": {"os": "{{platform.Split('/')[0]}}", "architecture": "{{platform.Split('/')[1]}}"} }
            """);
        return PushManifest(tag, "application/vnd.oci.image.index.v1+json", $$"""{"schemaVersion": 2, "manifests": [{{string.Join(',', images)}}]}""", "acme/shop");
    }

    public string PushManifest(string tag, string type, string manifest, string path = "acme/shop")
    {
        var digest = Keep(type, manifest);
        lock (_tags)
        {
            TagsOf(path)[tag] = digest;
        }

        return digest;
    }

    public void Tag(string tag, string digest, string path = "acme/shop")
    {
        lock (_tags)
        {
            TagsOf(path)[tag] = digest;
        }
    }

    public void Untag(string tag, string path = "acme/shop")
    {
        lock (_tags)
        {
            TagsOf(path).Remove(tag);
        }
    }

    /// <summary>Changes what is served under a digest without changing the digest.</summary>
    public void Corrupt(string digest) => _content[digest] = (_content[digest].Type, "{\"schemaVersion\": 2, \"manifests\": []}"u8.ToArray());

    public int Count(string method, string part) => Requests.Count(request => request.Method == method && request.Target.Contains(part, StringComparison.Ordinal));

    /// <summary>The requests so far, forgotten afterwards: "GET tags/list, HEAD 1.0.0".</summary>
    public string Drain()
    {
        var lines = new List<string>();
        while (Requests.TryDequeue(out var request))
        {
            var last = request.Target.Split('?')[0].Split('/')[^1];
            lines.Add($"{request.Method} {(last.StartsWith("sha256:", StringComparison.Ordinal) ? request.Target.Contains("/blobs/", StringComparison.Ordinal) ? "blob" : "digest" : last)}");
        }

        return string.Join(", ", lines);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private SortedDictionary<string, string> TagsOf(string path) => _tags.GetOrAdd(path, _ => new SortedDictionary<string, string>(StringComparer.Ordinal));

    private string Keep(string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
        _content[digest] = (type, bytes);
        return digest;
    }

    private async Task ServeAsync(HttpContext http)
    {
        var request = http.Request;
        _connections[http.Connection.Id] = true;
        using var body = new StreamReader(request.Body);
        var everything = $"{request.Method} {request.Path}{request.QueryString}\n{string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}"))}\n\n{await body.ReadToEndAsync()}";
        Requests.Enqueue(new Captured(request.Method, $"{request.Path}{request.QueryString}", request.Headers.Authorization, everything));
        if (await Misbehaves(http))
        {
            return;
        }

        if (Challenge is not null && !Accepts(request.Headers.Authorization))
        {
            http.Response.Headers.WWWAuthenticate = Challenge;
            await RefuseAsync(http, 401, "UNAUTHORIZED");
            return;
        }

        await AnswerAsync(http, request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task AnswerAsync(HttpContext http, string[] path)
    {
        switch (path)
        {
            case ["v2", .. var name, "tags", "list"] when _tags.TryGetValue(string.Join('/', name), out var tags):
                await ListAsync(http, string.Join('/', name), tags);
                break;

            case ["v2", .. var name, "manifests", var reference] when _tags.TryGetValue(string.Join('/', name), out var tags):
                string? digest;
                lock (_tags)
                {
                    digest = reference.Contains(':') ? reference : tags.GetValueOrDefault(reference);
                }

                await SendAsync(http, digest, "MANIFEST_UNKNOWN");
                break;

            case ["v2", .., "blobs", var blob]:
                await SendAsync(http, blob, "BLOB_UNKNOWN");
                break;

            default:
                await RefuseAsync(http, 404, "NAME_UNKNOWN");
                break;
        }
    }

    private async Task ListAsync(HttpContext http, string name, SortedDictionary<string, string> tags)
    {
        List<string> rest;
        lock (_tags)
        {
            rest = [.. tags.Keys.Where(tag => string.CompareOrdinal(tag, http.Request.Query["last"].ToString()) > 0)];
        }

        var page = rest.Take(Math.Min(MaxPageSize, int.Parse(http.Request.Query["n"].ToString(), System.Globalization.CultureInfo.InvariantCulture))).ToList();
        if (page.Count < rest.Count)
        {
            http.Response.Headers.Link = $"</v2/{name}/tags/list?n={page.Count}&last={page[^1]}>; rel=\"next\"";
        }

        if (ValidatesLists && Unchanged(http, string.Join(',', page)))
        {
            return;
        }

        await http.Response.WriteAsync($$"""{"name":"{{name}}","tags":[{{string.Join(',', page.Select(tag => $"\"{tag}\""))}}]}""");
    }

    private async Task SendAsync(HttpContext http, string? digest, string unknown)
    {
        if (digest is null || !_content.TryGetValue(digest, out var content))
        {
            await RefuseAsync(http, 404, unknown);
            return;
        }

        if (ValidatesManifests && Unchanged(http, digest))
        {
            return;
        }

        http.Response.ContentType = content.Type;
        http.Response.ContentLength = content.Bytes.Length;
        if (TellsDigests)
        {
            http.Response.Headers["Docker-Content-Digest"] = digest;
        }

        if (http.Request.Method == "GET")
        {
            await http.Response.Body.WriteAsync(content.Bytes);
        }
    }

    private static bool Unchanged(HttpContext http, string content)
    {
        var validator = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}\"";
        http.Response.Headers.ETag = validator;
        http.Response.StatusCode = http.Request.Headers.IfNoneMatch == validator ? 304 : 200;
        return http.Response.StatusCode == 304;
    }

    private static async Task RefuseAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        if (http.Request.Method != "HEAD")
        {
            await http.Response.WriteAsync($$"""{"errors":[{"code":"{{code}}","message":"no"}]}""");
        }
    }
}
