using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>A manifest, as far as a decision needs it (OCI image spec, manifest.md and image-index.md; Docker schema 2).</summary>
public abstract record ImageManifest
{
    private ImageManifest() { }

    /// <summary>Everything that a registry may answer with; without this list registries convert, and the digest is another one.</summary>
    public const string Accept =
        "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, " +
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>One image for several platforms.</summary>
    /// <param name="Platforms">Without those that are no platforms: build attestations call themselves unknown/unknown.</param>
    /// <param name="Images">The digests of the platforms' manifests, in the order of the index.</param>
    public sealed record Index(PlatformSet Platforms, ImmutableArray<string> Images, ImageLabels Annotations) : ImageManifest;

    /// <summary>One image; its platform is in its config.</summary>
    /// <param name="IsImageConfig">Whether the config calls itself one; charts and signatures have configs of their own types.</param>
    public sealed record OnePlatform(string ConfigDigest, bool IsImageConfig, ImageLabels Annotations) : ImageManifest;

    /// <summary>Null where this is no manifest that is known here, with the reason.</summary>
    public static ImageManifest? TryParse(ReadOnlyMemory<byte> bytes, out string why)
    {
        why = "";
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            if (Member(root, "manifests") is { ValueKind: JsonValueKind.Array } manifests)
            {
                return IndexOf(root, manifests);
            }

            if (Member(root, "config") is { ValueKind: JsonValueKind.Object } config && Text(config, "digest") is { } digest && ContentDigest.IsValid(digest))
            {
                return new OnePlatform(digest, Text(config, "mediaType") is ImageConfigType or DockerConfigType, ImageLabels.From(Member(root, "annotations")));
            }

            why = Member(root, "schemaVersion") is { ValueKind: JsonValueKind.Number } version && version.TryGetInt32(out var number) && number == 1
                ? "it is of Docker's schema 1, which names no digest of its parts; push it again with a current tool"
                : "it is neither an image manifest nor an index";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            why = "it is not valid JSON";
        }

        return null;
    }

    private const string ImageConfigType = "application/vnd.oci.image.config.v1+json";

    private const string DockerConfigType = "application/vnd.docker.container.image.v1+json";

    private static Index IndexOf(JsonElement root, JsonElement manifests)
    {
        var (platforms, images) = (new List<Platform>(), ImmutableArray.CreateBuilder<string>());
        foreach (var manifest in manifests.EnumerateArray())
        {
            if (Member(manifest, "platform") is { ValueKind: JsonValueKind.Object } platform && PlatformOf(platform) is { } known)
            {
                platforms.Add(known);
                if (Text(manifest, "digest") is { } digest && ContentDigest.IsValid(digest))
                {
                    images.Add(digest);
                }
            }
        }

        return new Index(new PlatformSet(platforms), images.ToImmutable(), ImageLabels.From(Member(root, "annotations")));
    }

    /// <summary>Null where the object names no platform.</summary>
    internal static Platform? PlatformOf(JsonElement platform) =>
        (Text(platform, "os"), Text(platform, "architecture")) is ({ } os and not "unknown", { } architecture and not "unknown")
            ? new Platform(os, architecture, Text(platform, "variant"))
            : null;

    internal static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    // Long ones are of no use to anybody who reads a status.
    internal static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= 512 } text ? text : null;
}

/// <summary>What an image says of its own version (OCI image spec, annotations.md).</summary>
public sealed record ImageLabels(string? Version = null, string? Revision = null)
{
    public static readonly ImageLabels None = new();

    internal static ImageLabels From(JsonElement? labels) => labels is { } found
        ? new ImageLabels(
            ImageManifest.Text(found, "org.opencontainers.image.version"),
            ImageManifest.Text(found, "org.opencontainers.image.revision"))
        : None;

    /// <summary>These, and where they say nothing the others.</summary>
    public ImageLabels Or(ImageLabels others) => new(Version ?? others.Version, Revision ?? others.Revision);
}

/// <summary>The config blob of an image (OCI image spec, config.md).</summary>
/// <param name="Platform">Null where the config names none.</param>
public sealed record ImageConfig(Platform? Platform, ImageLabels Labels)
{
    /// <summary>When the image was built, as it says; null where it says nothing or no time (config.md, "created", RFC 3339, section 5.6).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Null where it is no JSON object.</summary>
    public static ImageConfig? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            return root.ValueKind is not JsonValueKind.Object
                ? null
                : new ImageConfig(
                    ImageManifest.PlatformOf(root),
                    ImageLabels.From(ImageManifest.Member(root, "config") is { } config ? ImageManifest.Member(config, "Labels") : null))
                {
                    Created = ImageManifest.Member(root, "created") is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var created) ? created : null,
                };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>What is known of one digest for ever: content does not change under its digest.</summary>
public sealed record ImageFacts(PlatformSet Platforms, ImageLabels Labels);
