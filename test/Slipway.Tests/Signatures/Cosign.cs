using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;
using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

/// <summary>Puts signatures where cosign puts them (sigstore/cosign, specs/SIGNATURE_SPEC.md, "Storage"), without asking whether they are any good.</summary>
internal sealed class Cosign(RegistryContent content, string repository = "acme/shop")
{
    public sealed record Layer(byte[] Payload, string? Signature = null, string MediaType = SimpleSigning.MediaType, string? Digest = null, long? Size = null);

    public static Layer Signed(byte[] payload, SigningKey key) => new(payload, key.SignText(payload));

    public static string TagOf(string digest) => $"{digest.Replace(':', '-')}.sig";

    /// <summary>A manifest with a layer for each signature.</summary>
    /// <returns>Its digest.</returns>
    public string Put(string? tag, string? subject, string? artifactType, params Layer[] layers)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciManifest,
            ["config"] = ImageBuilder.Descriptor(MediaTypes.OciConfig, Blob("{}"u8.ToArray())),
            ["layers"] = new JsonArray([.. layers.Select(Descriptor)]),
        };
        if (subject is not null)
        {
            manifest["subject"] = new JsonObject { ["mediaType"] = MediaTypes.OciManifest, ["digest"] = subject, ["size"] = 1 };
        }

        if (artifactType is not null)
        {
            manifest["artifactType"] = artifactType;
        }

        return PutManifest(manifest, MediaTypes.OciManifest, tag);
    }

    public string Sign(string digest, byte[] payload, SigningKey key) => Put(TagOf(digest), null, null, Signed(payload, key));

    public string Bundle(string digest, byte[] bundle, string type = "application/vnd.dev.sigstore.bundle.v0.3+json", string? tag = null) =>
        Put(tag, digest, type, new Layer(bundle, MediaType: type));

    /// <summary>The list that clients keep where the registry does not.</summary>
    public string PutReferrersTag(string digest, params string[] manifests) => PutManifest(
        new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciIndex,
            ["manifests"] = new JsonArray([.. manifests.Select(manifest => new JsonObject { ["mediaType"] = MediaTypes.OciManifest, ["digest"] = manifest, ["size"] = 1 })]),
        },
        MediaTypes.OciIndex,
        digest.Replace(':', '-'));

    private string PutManifest(JsonObject manifest, string type, string? tag)
    {
        var stored = StoredManifest.Parse(Encoding.UTF8.GetBytes(manifest.ToJsonString()), type, out var why) ?? throw new FormatException(why);
        var missing = content.PutManifest(repository, stored, tag is null ? [] : [tag]);
        Assert.True(missing is null, $"{missing} is not there");
        return stored.Digest;
    }

    private byte[] Blob(byte[] bytes)
    {
        content.PutBlob(repository, bytes);
        return bytes;
    }

    private JsonObject Descriptor(Layer layer)
    {
        var descriptor = ImageBuilder.Descriptor(layer.MediaType, Blob(layer.Payload));
        descriptor["size"] = layer.Size ?? layer.Payload.Length;
        descriptor["digest"] = layer.Digest ?? (string?)descriptor["digest"];
        descriptor["annotations"] = layer.Signature is null ? null : new JsonObject { ["dev.cosignproject.cosign/signature"] = layer.Signature };
        return descriptor;
    }
}
