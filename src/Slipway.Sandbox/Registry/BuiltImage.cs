using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Images;

namespace Slipway.Sandbox.Registry;

/// <summary>A manifest or an index, with all that it refers to.</summary>
public sealed record BuiltImage(string MediaType, ReadOnlyMemory<byte> Manifest)
{
    public string Digest { get; } = ContentDigest.Of(Manifest.Span);

    public ImmutableArray<ReadOnlyMemory<byte>> Blobs { get; init; } = [];

    /// <summary>The manifests of an index.</summary>
    public ImmutableArray<BuiltImage> Children { get; init; } = [];

    /// <summary>Null for an index.</summary>
    public Platform? Platform { get; init; }

    public string? Subject { get; init; }

    public string? ArtifactType { get; init; }

    /// <summary>One index over images of several platforms (OCI image spec, "Image Index"; Docker's manifest list where they are Docker's).</summary>
    public static BuiltImage Index(params ImmutableArray<BuiltImage> images)
    {
        var docker = images.Any(image => image.MediaType == MediaTypes.DockerManifest);
        var mediaType = docker ? MediaTypes.DockerManifestList : MediaTypes.OciIndex;
        var index = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["manifests"] = new JsonArray([.. images.Select(Entry)]),
        };
        return new BuiltImage(mediaType, Encoding.UTF8.GetBytes(index.ToJsonString())) { Children = images };
    }

    private static JsonObject Entry(BuiltImage image)
    {
        var entry = ImageBuilder.Descriptor(image.MediaType, image.Manifest.Span);
        if (image.Platform is { } on)
        {
            var platform = new JsonObject { ["architecture"] = on.Architecture, ["os"] = on.Os };
            if (on.Variant is not null)
            {
                platform["variant"] = on.Variant;
            }

            entry["platform"] = platform;
        }

        return entry;
    }
}
