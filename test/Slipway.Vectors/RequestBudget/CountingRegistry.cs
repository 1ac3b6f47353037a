using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Vectors.RequestBudget;

/// <summary>What was asked of the registry, by what the budgets count.</summary>
public enum Asked
{
    /// <summary>Sent away with a challenge: what others do by asking for /v2/ first.</summary>
    Ping,

    Token,
    TagsList,
    ManifestHead,
    ManifestGet,
    Blob,
}

/// <summary>A registry without a network, by the distribution spec, that counts what it is asked. Every repository has the same tags.</summary>
public sealed class CountingRegistry : HttpMessageHandler
{
    public const string Host = "127.0.0.1:5000";

    private readonly ConcurrentDictionary<Asked, int> _counts = new();
    private readonly ConcurrentDictionary<string, byte[]> _content = new();
    private readonly SortedDictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public bool WantsToken { get; init; }

    public int PageLimit { get; init; } = 1000;

    /// <summary>The answer in the place of the usual one; null where there is none.</summary>
    public Func<Asked, string, HttpResponseMessage?> Instead { get; set; } = (_, _) => null;

    /// <summary>Called at every request, before it is answered.</summary>
    public Action AtRequest { get; set; } = () => { };

    public int this[Asked kind] => _counts.GetValueOrDefault(kind);

    public int Total => _counts.Values.Sum();

    public void Forget() => _counts.Clear();

    /// <summary>An image of its own on this tag; its digest.</summary>
    public string Push(string tag)
    {
        var config = Keep($$"""{"os":"linux","architecture":"amd64","created":"2026-01-01T00:00:00Z","content":"{{tag}}"}""");
        var digest = Keep($$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{config}}","size":1},"layers":[]}""");
        lock (_lock)
        {
            _tags[tag] = digest;
        }

        return digest;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AtRequest();
        var path = request.RequestUri!.PathAndQuery;
        var kind = KindOf(request, path);
        _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);
        return Task.FromResult(Instead(kind, path) ?? Answer(kind, path));
    }

    private Asked KindOf(HttpRequestMessage request, string path) => path switch
    {
        _ when path.StartsWith("/token", StringComparison.Ordinal) => Asked.Token,
        _ when WantsToken && request.Headers.Authorization is null => Asked.Ping,
        _ when path.Contains("/tags/list", StringComparison.Ordinal) => Asked.TagsList,
        _ when path.Contains("/blobs/", StringComparison.Ordinal) => Asked.Blob,
        _ => request.Method == HttpMethod.Head ? Asked.ManifestHead : Asked.ManifestGet,
    };

    private HttpResponseMessage Answer(Asked kind, string path) => kind switch
    {
        Asked.Ping => With(new HttpResponseMessage(HttpStatusCode.Unauthorized), "WWW-Authenticate", $"Bearer realm=\"http://{Host}/token\",service=\"counting\""),
        Asked.Token => Json("""{"token":"t","expires_in":300}"""),
        Asked.TagsList => List(path),
        _ => Content(path.Split('/')[^1]),
    };

    private HttpResponseMessage List(string path)
    {
        var query = path.Split('?')[^1].Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        List<string> rest;
        lock (_lock)
        {
            rest = [.. _tags.Keys.Where(tag => string.CompareOrdinal(tag, query.GetValueOrDefault("last", "")) > 0).Take(PageLimit + 1)];
        }

        var page = rest.Take(PageLimit).ToList();
        var answer = Json($$"""{"name":"x","tags":[{{string.Join(',', page.Select(tag => $"\"{tag}\""))}}]}""");
        return page.Count == rest.Count ? answer : With(answer, "Link", $"<{path.Split('?')[0]}?n={PageLimit}&last={page[^1]}>; rel=\"next\"");
    }

    private HttpResponseMessage Content(string reference)
    {
        string? digest;
        lock (_lock)
        {
            digest = reference.Contains(':') ? reference : _tags.GetValueOrDefault(reference);
        }

        return digest is not null && _content.TryGetValue(digest, out var bytes)
            ? With(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) }, "Docker-Content-Digest", digest)
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }

    private string Keep(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
        _content[digest] = bytes;
        return digest;
    }

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };

    private static HttpResponseMessage With(HttpResponseMessage answer, string name, string value)
    {
        answer.Headers.TryAddWithoutValidation(name, value);
        return answer;
    }
}
