using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary><c>/v2/NAME/manifests/REFERENCE</c> (OCI distribution spec 1.1, "Pulling manifests", "Pushing Manifests", "Deleting tags", "Deleting Manifests").</summary>
internal sealed class ManifestEndpoint(RegistryContent content, SandboxRegistryOptions options)
{
    public RegistryAnswer Answer(RegistryRequest request, RegistryRoute.Manifest route) => request.Method switch
    {
        "GET" or "HEAD" => Get(request, route),
        "PUT" => Put(request, route),
        "DELETE" => Delete(route),
        _ => RegistryError.Unsupported(request.Method),
    };

    private RegistryAnswer Get(RegistryRequest request, RegistryRoute.Manifest route)
    {
        if (content.FindManifest(route.Name, route.Reference) is not { } found)
        {
            return RegistryError.ManifestUnknown(route.Reference);
        }

        // docker-registry compares the validator with what the tag points to, before it looks at Accept.
        if (request.Header("If-None-Match") is { } known && known.Split(',').Any(tag => tag.Trim().Trim('"') == found.Digest))
        {
            return (new RegistryAnswer(304) { Events = [RegistryEvent.Of("pull", route, found)] })
                .With("Docker-Content-Digest", found.Digest)
                .With("ETag", $"\"{found.Digest}\"");
        }

        return Negotiate(request, route, found) is { } shown
            ? Show(route, shown)
            : RegistryError.ManifestUnknown(route.Reference, OciComplaint(found));
    }

    /// <summary>
    /// What docker-registry 2.x makes of a client that does not name the stored type: OCI documents are unknown to it (404); behind a tag,
    /// a Docker list becomes its linux/amd64 entry and a schema 2 manifest is rewritten as schema 1, each with another digest. <c>*/*</c> names no type.
    /// </summary>
    private StoredManifest? Negotiate(RegistryRequest request, RegistryRoute.Manifest route, StoredManifest found)
    {
        var accepted = (request.Header("Accept") ?? "").Split(',').Select(type => type.Split(';')[0].Trim());
        if (accepted.Contains(found.MediaType))
        {
            return found;
        }

        return found.MediaType switch
        {
            MediaTypes.OciManifest or MediaTypes.OciIndex => null,
            _ when ContentDigest.IsDigest(route.Reference) => found,
            MediaTypes.DockerManifestList => DefaultOf(route.Name, found) is { } child ? Negotiate(request, route, child) : null,
            _ => AsSchema1(route, found),
        };
    }

    private static string OciComplaint(StoredManifest found) => found.MediaType == MediaTypes.OciIndex
        ? "OCI index found, but accept header does not support OCI indexes"
        : "OCI manifest found, but accept header does not support OCI manifests";

    private StoredManifest? DefaultOf(string repository, StoredManifest list) =>
        JsonNode.Parse(list.Bytes.Span)!["manifests"]!.AsArray()
            .FirstOrDefault(entry => entry?["platform"] is { } on && on["os"]?.ToString() == "linux" && on["architecture"]?.ToString() == "amd64")
            ?["digest"]?.ToString() is { } digest
            ? content.FindManifest(repository, digest)
            : null;

    private static StoredManifest AsSchema1(RegistryRoute.Manifest route, StoredManifest found)
    {
        var bytes = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 1,
            ["name"] = route.Name,
            ["tag"] = route.Reference,
            ["architecture"] = "amd64",
            ["fsLayers"] = new JsonArray([.. found.Needs.Reverse().Select(digest => new JsonObject { ["blobSum"] = digest })]),
            ["history"] = new JsonArray(),
        }.ToJsonString());
        return new StoredManifest(ContentDigest.Of(bytes), MediaTypes.DockerManifestV1, bytes, [], null);
    }

    /// <summary>A HEAD is told as a pull too, as docker-registry does: who asks on every notification, asks for ever.</summary>
    private static RegistryAnswer Show(RegistryRoute.Manifest route, StoredManifest shown) =>
        new RegistryAnswer(200) { Body = shown.Bytes, ContentType = shown.MediaType, Events = [RegistryEvent.Of("pull", route, shown)] }
            .With("Docker-Content-Digest", shown.Digest)
            .With("ETag", $"\"{shown.Digest}\"");

    private RegistryAnswer Put(RegistryRequest request, RegistryRoute.Manifest route)
    {
        if (request.Body.Length > options.MaxManifestBytes)
        {
            return RegistryError.ManifestTooLarge(options.MaxManifestBytes);
        }

        var byDigest = ContentDigest.IsDigest(route.Reference);
        if (!byDigest && !RegistryRoute.IsTag(route.Reference))
        {
            return RegistryError.TagInvalid(route.Reference);
        }

        var mediaType = (request.Header("Content-Type") ?? "").Split(';')[0].Trim();
        if (StoredManifest.Parse(request.Body, mediaType, out var why) is not { } manifest)
        {
            return RegistryError.ManifestInvalid(why);
        }

        if (byDigest && manifest.Digest != route.Reference)
        {
            return RegistryError.DigestInvalid($"content is {manifest.Digest}");
        }

        return content.PutManifest(route.Name, manifest, byDigest ? [] : [route.Reference]) is { } missing
            ? RegistryError.ManifestBlobUnknown(missing)
            : Stored(request, route, manifest);
    }

    private RegistryAnswer Stored(RegistryRequest request, RegistryRoute.Manifest route, StoredManifest manifest)
    {
        ImmutableArray<KeyValuePair<string, string>> subject = options.ReferrersApi && manifest.Subject is { } about ? [new("OCI-Subject", about)] : [];
        return new RegistryAnswer(201) { Headers = subject, Events = [RegistryEvent.Of("push", route, manifest)] }
            .With("Location", $"http://{request.Host}/v2/{route.Name}/manifests/{manifest.Digest}")
            .With("Docker-Content-Digest", manifest.Digest);
    }

    private RegistryAnswer Delete(RegistryRoute.Manifest route)
    {
        var found = content.FindManifest(route.Name, route.Reference);
        var gone = ContentDigest.IsDigest(route.Reference)
            ? content.DeleteManifest(route.Name, route.Reference)
            : content.Untag(route.Name, route.Reference);
        return gone && found is not null
            ? new RegistryAnswer(202) { Events = [RegistryEvent.Of("delete", route, found)] }
            : RegistryError.ManifestUnknown(route.Reference);
    }
}
