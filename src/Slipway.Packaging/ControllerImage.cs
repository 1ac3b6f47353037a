using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;

namespace Slipway.Packaging;

/// <param name="Version">Of the product.</param>
/// <param name="Revision">The commit that it was built of.</param>
/// <param name="Created">When that was made: the only instant in the image.</param>
internal sealed record ImageFacts(string Version, string Revision, DateTimeOffset Created);

/// <summary>The image of the controller: what seldom changes first, so that an upgrade fetches the program alone.</summary>
internal static class ControllerImage
{
    private const string EmptyJson = "application/vnd.oci.empty.v1+json";

    private static readonly (string Name, string Value)[] Environment =
    [
        ("SSL_CERT_FILE", $"/{BaseFiles.Certificates}"),

        // Without a directory that it may write to there is no socket for a debugger.
        ("DOTNET_EnableDiagnostics", "0"),
    ];

    public static BuiltImage Of(IReadOnlyList<DebianPackage> packages, string published, ImageFacts facts)
    {
        var image = new ImageBuilder
        {
            Created = facts.Created,
            CreatedBy = "eng/image/build",
            Entrypoint = [$"/{PublishedFiles.Program}"],
            WorkingDir = "/",
            User = $"{BaseFiles.User}:{BaseFiles.User}",
            ExposedPorts = ["8080/tcp"],
        };
        image = Environment.Aggregate(image, (built, one) => built with { Env = built.Env.Add(one.Name, one.Value) });
        image = Annotations(facts).Aggregate(image, (built, one) => built.WithLabel(one.Name, one.Value) with { Annotations = built.Annotations.Add(one.Name, one.Value) });
        return image
            .WithLayer([.. BaseFiles.Of(packages)])
            .WithLayer([.. PublishedFiles.DashboardOf(published, facts.Created)])
            .WithLayer(PublishedFiles.ProgramOf(published))
            .Build();
    }

    /// <summary>What is said of an image and belongs to it: a referrer (OCI image spec 1.1, "Guidelines for Artifact Usage": the config is empty).</summary>
    public static BuiltImage Attachment(BuiltImage image, string mediaType, JsonObject content)
    {
        var (config, bytes) = ("{}"u8.ToArray(), Encoding.UTF8.GetBytes(content.ToJsonString()));
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2, ["mediaType"] = image.MediaType, ["artifactType"] = mediaType,
            ["config"] = Descriptor(EmptyJson, config), ["layers"] = new JsonArray(Descriptor(mediaType, bytes)),
            ["subject"] = Descriptor(image.MediaType, image.Manifest.Span),
        };
        return new BuiltImage(image.MediaType, Encoding.UTF8.GetBytes(manifest.ToJsonString())) { Blobs = [config, bytes], Subject = image.Digest, ArtifactType = mediaType };
    }

    private static JsonObject Descriptor(string mediaType, ReadOnlySpan<byte> content) => new() { ["mediaType"] = mediaType, ["digest"] = ContentDigest.Of(content), ["size"] = content.Length };

    // OCI image spec, "Pre-Defined Annotation Keys".
    private static (string Name, string Value)[] Annotations(ImageFacts facts) =>
    [
        ("org.opencontainers.image.title", "slipway-controller"),
        ("org.opencontainers.image.description", "Continuous delivery that lives in a Kubernetes cluster"),
        ("org.opencontainers.image.version", facts.Version),
        ("org.opencontainers.image.revision", facts.Revision),
        ("org.opencontainers.image.licenses", "Apache-2.0"),
    ];
}
