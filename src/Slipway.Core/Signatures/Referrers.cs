using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Registry;

namespace Slipway.Signatures;

/// <summary>An entry of the list of what refers to an image: its signatures, attestations, bills of materials and whatever else.</summary>
/// <param name="PredicateType">Of a bundle, where the list says it. It is a hint for saving downloads, and decides nothing.</param>
public sealed record Referrer(string Digest, string? ArtifactType, string? PredicateType)
{
    // sigstore/cosign: in the OCI 1.1 mode of version 2 the type is …artifact.sig.v1+json or …att…. Where a registry says the type of the
    // config in place of the artifact's own, that of a bundle is the empty one (image spec 1.1, "Guidance for an Empty Descriptor").
    private const string CosignPrefix = "application/vnd.dev.cosign.artifact.";
    private const string EmptyConfig = "application/vnd.oci.empty.v1+json";

    public bool MayBeSignature =>
        ArtifactType is null or EmptyConfig || ArtifactType.StartsWith(CosignPrefix, StringComparison.Ordinal) || ArtifactType.StartsWith(DsseEnvelope.BundleMediaType, StringComparison.Ordinal);

    /// <summary>The tag under which clients keep the list where a registry does not (distribution spec 1.1, "Referrers Tag Schema").</summary>
    public static string TagOf(string digest) => digest.Replace(':', '-');

    /// <summary>The entries of an index (distribution spec 1.1, "Listing Referrers"); null where it is none.</summary>
    public static ImmutableArray<Referrer>? TryParse(ReadOnlyMemory<byte> index)
    {
        try
        {
            using var document = JsonDocument.Parse(index, new JsonDocumentOptions { MaxDepth = 32 });
            return SignedJson.Member(document.RootElement, "manifests") is { ValueKind: JsonValueKind.Array or JsonValueKind.Null }
                ? [.. SignedJson.Items(document.RootElement, "manifests").Where(entry => ContentDigest.IsValid(SignedJson.Text(entry, "digest"))).Select(Read)]
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Referrer Read(JsonElement entry) => new(
        SignedJson.Text(entry, "digest")!,
        SignedJson.Text(entry, "artifactType"),
        SignedJson.Text(SignedJson.Object(entry, "annotations"), SignatureManifest.BundlePredicateType));
}

/// <summary>One layer of a manifest that keeps signatures: each is one of them.</summary>
/// <param name="Size">In bytes, as the manifest says.</param>
public sealed record SignatureLayer(string? MediaType, string Digest, long Size, string? Signature, string? PredicateType)
{
    public bool IsSimple => MediaType == SimpleSigning.MediaType;

    public bool IsEnvelope => MediaType == DsseEnvelope.MediaType || MediaType?.StartsWith(DsseEnvelope.BundleMediaType, StringComparison.Ordinal) == true;
}

/// <summary>The manifest under which signatures are stored (sigstore/cosign, specs/SIGNATURE_SPEC.md, "Storage"; specs/ATTESTATION_SPEC.md).</summary>
public sealed record SignatureManifest(ImmutableArray<SignatureLayer> Layers)
{
    internal const string BundlePredicateType = "dev.sigstore.bundle.predicateType";

    private const string SignatureAnnotation = "dev.cosignproject.cosign/signature";

    private const string PredicateAnnotation = "predicateType";

    /// <summary>The tag of an image's signatures and that of its attestations.</summary>
    public static string SignatureTagOf(string digest) => $"{Referrer.TagOf(digest)}.sig";

    public static string AttestationTagOf(string digest) => $"{Referrer.TagOf(digest)}.att";

    /// <summary>Null where it is no manifest with layers.</summary>
    public static SignatureManifest? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            var predicate = SignedJson.Text(SignedJson.Object(root, "annotations"), BundlePredicateType);
            return SignedJson.Member(root, "layers") is { ValueKind: JsonValueKind.Array }
                ? new([.. SignedJson.Items(root, "layers").Where(layer => ContentDigest.IsValid(SignedJson.Text(layer, "digest"))).Select(layer => Read(layer, predicate))])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static SignatureLayer Read(JsonElement layer, string? predicate)
    {
        var annotations = SignedJson.Object(layer, "annotations");
        var size = SignedJson.Member(layer, "size") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var bytes) ? bytes : 0;
        return new(
            SignedJson.Text(layer, "mediaType"),
            SignedJson.Text(layer, "digest")!,
            size,
            SignedJson.Text(annotations, SignatureAnnotation),
            SignedJson.Text(annotations, PredicateAnnotation) ?? predicate);
    }
}
