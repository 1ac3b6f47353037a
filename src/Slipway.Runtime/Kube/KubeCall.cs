using System.Net.Http.Headers;

namespace Slipway.Kube;

/// <summary>One request, told in the words of RBAC.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete: for metrics and messages.</param>
/// <param name="Subject">The object, such as "Deployment prod/shop": for messages.</param>
/// <param name="Path">With the query.</param>
internal sealed record KubeCall(HttpMethod Method, string Verb, string Subject, string Path)
{
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Bytes of an answer; more is refused before it is held.</summary>
    public int LongestAnswer { get; init; } = 16 << 20;

    public string Doing => $"{Verb} {Subject}";

    public HttpRequestMessage ToRequest(Uri server)
    {
        // Under a server with a path of its own (a proxy such as Rancher's) the API's paths hang below it.
        var root = server.AbsoluteUri.TrimEnd('/');
        var request = new HttpRequestMessage(Method, root + Path)
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = Body is { } body ? new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } } : null,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }
}
