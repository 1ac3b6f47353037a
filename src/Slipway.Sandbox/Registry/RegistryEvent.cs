using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>Something that happened to content, as docker distribution's notifications tell it.</summary>
/// <param name="Action">push, pull, mount or delete.</param>
internal sealed record RegistryEvent(string Action, string Repository, string Digest, string MediaType, int Size, string? Tag)
{
    /// <summary>The type of an envelope (docker distribution, "Work with notifications", "Envelope").</summary>
    public const string EnvelopeType = "application/vnd.docker.distribution.events.v1+json";

    public static RegistryEvent Of(string action, RegistryRoute.Manifest route, StoredManifest manifest) =>
        new(action, route.Name, manifest.Digest, manifest.MediaType, manifest.Bytes.Length, ContentDigest.IsDigest(route.Reference) ? null : route.Reference);

    public static RegistryEvent OfBlob(string action, string repository, string digest, int size) =>
        new(action, repository, digest, "application/octet-stream", size, null);

    public JsonObject ToJson(RegistryRequest request, string user, string id, DateTimeOffset at) => new()
    {
        ["id"] = id,
        ["timestamp"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
        ["action"] = Action,
        ["target"] = Target(request),
        ["request"] = new JsonObject
        {
            ["id"] = id,
            ["addr"] = request.Client,
            ["host"] = request.Host,
            ["method"] = request.Method,
            ["useragent"] = request.Header("User-Agent") ?? "",
        },
        ["actor"] = user == "" ? [] : new JsonObject { ["name"] = user },
        ["source"] = new JsonObject { ["addr"] = request.Host, ["instanceID"] = "slipway-sandbox" },
    };

    private JsonObject Target(RegistryRequest request)
    {
        var manifest = MediaTypes.IsManifest(MediaType);
        var target = new JsonObject
        {
            ["mediaType"] = MediaType,
            ["size"] = Size,
            ["digest"] = Digest,
            ["length"] = Size,
            ["repository"] = Repository,
            ["url"] = $"http://{request.Host}/v2/{Repository}/{(manifest ? "manifests" : "blobs")}/{Digest}",
        };
        if (Tag is not null)
        {
            target["tag"] = Tag;
        }

        return target;
    }
}
