using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>A manifest as it was put: its bytes are never written again, or its digest would change.</summary>
/// <param name="Needs">Digests of the config and layers, or of the manifests of an index, that must be there already.</param>
/// <param name="Subject">The manifest that this one is about (OCI image spec 1.1, <c>subject</c>).</param>
public sealed record StoredManifest(string Digest, string MediaType, ReadOnlyMemory<byte> Bytes, ImmutableArray<string> Needs, string? Subject)
{
    /// <summary>For the list of referrers: the artifact's own type, else that of its config (OCI distribution spec 1.1, "Listing Referrers").</summary>
    public string? ArtifactType { get; init; }

    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <returns>Null, with a sentence why, where the bytes are no manifest of that type.</returns>
    public static StoredManifest? Parse(ReadOnlyMemory<byte> bytes, string mediaType, out string why)
    {
        JsonObject? root;
        try
        {
            root = JsonNode.Parse(bytes.Span) as JsonObject;
        }
        catch (JsonException e)
        {
            why = $"not JSON: {e.Message}";
            return null;
        }

        why = root is null ? "not a JSON object" : Complaint(root, mediaType);
        return why == "" ? Read(root!, bytes, mediaType) : null;
    }

    private static string Complaint(JsonObject root, string mediaType)
    {
        if (!MediaTypes.IsManifest(mediaType))
        {
            return $"unknown manifest type {mediaType}";
        }

        if (Text(root, "mediaType") is { } own && own != mediaType)
        {
            return $"mediaType in manifest should be '{mediaType}' not '{own}'";
        }

        var list = MediaTypes.IsIndex(mediaType) ? "manifests" : "layers";
        return root[list] is JsonArray ? "" : $"no {list}";
    }

    private static StoredManifest Read(JsonObject root, ReadOnlyMemory<byte> bytes, string mediaType)
    {
        var listed = (root["manifests"] ?? root["layers"])!.AsArray().OfType<JsonObject>();
        JsonObject[] config = root["config"] is JsonObject one ? [one] : [];
        return new StoredManifest(
            ContentDigest.Of(bytes.Span),
            mediaType,
            bytes,
            [.. config.Concat(listed).Select(descriptor => Text(descriptor, "digest")).OfType<string>().Distinct()],
            root["subject"] is JsonObject subject ? Text(subject, "digest") : null)
        {
            ArtifactType = Text(root, "artifactType") ?? (config is [var first] ? Text(first, "mediaType") : null),
            Annotations = (root["annotations"] as JsonObject ?? [])
                .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.Ordinal),
        };
    }

    private static string? Text(JsonObject node, string name) =>
        node[name] is JsonValue value && value.TryGetValue<string>(out var text) && text != "" ? text : null;
}
