using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;

namespace Slipway.Packaging;

/// <summary>A directory that holds images as tools exchange them (OCI image spec, "Image Layout Specification").</summary>
internal static class OciLayout
{
    /// <summary>Writes the image, under its tag, and what is attached to it.</summary>
    public static void Write(string folder, string tag, BuiltImage image, BuiltImage attachment)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        foreach (var bytes in new[] { image, attachment }.SelectMany(one => one.Blobs.Append(one.Manifest)))
        {
            File.WriteAllBytes(Path.Combine(blobs.FullName, ContentDigest.Of(bytes.Span).Split(':')[1]), bytes.Span);
        }

        var named = Descriptor(image);
        named["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag };
        var attached = Descriptor(attachment);
        attached["artifactType"] = attachment.ArtifactType;
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = "application/vnd.oci.image.index.v1+json", ["manifests"] = new JsonArray(named, attached) };
        File.WriteAllText(Path.Combine(folder, "index.json"), index.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    private static JsonObject Descriptor(BuiltImage image) => new() { ["mediaType"] = image.MediaType, ["digest"] = image.Digest, ["size"] = image.Manifest.Length };
}
