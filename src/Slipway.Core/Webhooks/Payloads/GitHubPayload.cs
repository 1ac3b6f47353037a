using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// GitHub's container registry (GitHub Docs, "Webhook events and payloads": package, registry_package, ping; the event stands in
/// <c>X-GitHub-Event</c>). GitHub keeps the case of owners and packages; names of images are in lower case.
/// </summary>
public static class GitHubPayload
{
    private const string Registry = "ghcr.io";

    public static PayloadReading Parse(WebhookRequest request, JsonElement body)
    {
        var name = request.Header("X-GitHub-Event");
        return name switch
        {
            "ping" => new PayloadReading.Ignored("GitHub asks whether anybody is here"),
            "package" or "registry_package" => body.At(name) is { } package
                ? OfPackage(body.Text("action"), package)
                : new PayloadReading.Refused($"the body has no {name}, as its event should"),
            null => new PayloadReading.Refused("the header X-GitHub-Event is missing; send what GitHub sends"),
            _ => new PayloadReading.Ignored($"the event {UntrustedText.Quote(name)} is not about images; choose Packages and Registry packages for this webhook"),
        };
    }

    // "create" is what the registry said before it was generally available; installations of GitHub Enterprise Server may still say so.
    private static PayloadReading OfPackage(string? action, JsonElement package)
    {
        if (action is not ("published" or "create"))
        {
            return new PayloadReading.Ignored($"the action is {UntrustedText.Quote(action)}, and only a published version moves a tag");
        }

        var type = package.Text("package_type") ?? package.Text("ecosystem");
        if (!"container".Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            return new PayloadReading.Ignored($"the package is of the type {UntrustedText.Quote(type)}, which is no container image");
        }

        var version = package.At("package_version") ?? default;
        var (host, path, tagOfUrl) = RepositoryOf(package, version);
        var tag = version.Text("container_metadata", "tag", "name") ?? version.Text("version") ?? version.Text("name") ?? tagOfUrl;
        return ArtifactKind.NoImage(version.Text("container_metadata", "manifest", "config", "media_type"))
            ?? HintText.One(host, path, HintText.Tag(tag), DigestOf(version));
    }

    private static string? DigestOf(JsonElement version) =>
        version.Text("container_metadata", "tag", "digest") ?? version.Text("container_metadata", "manifest", "digest")
        ?? (version.Text("name") is { } name && Images.Digest.IsSha256(name) ? name : null);

    private static (string Host, string? Path, string? Tag) RepositoryOf(JsonElement package, JsonElement version)
    {
        // GitHub leaves the colon where there is no tag.
        if (ImageReference.TryParse(version.Text("package_url")?.TrimEnd(':').ToLowerInvariant(), out var image, out _) && image.Repository.Domain != RepositoryName.DockerHub)
        {
            return (image.Repository.Domain, image.Repository.Path, image.Tag);
        }

        var registry = Uri.TryCreate(package.Text("registry", "url"), UriKind.Absolute, out var address) ? address : null;
        var host = registry?.Authority ?? Registry;

        // The address of the registry ends with the owner; once it ended with the repository.
        var place = registry?.AbsolutePath.Trim('/').ToLowerInvariant();
        if (place?.Contains('/', StringComparison.Ordinal) == true)
        {
            return (host, place, null);
        }

        var owner = package.Text("namespace") ?? package.Text("owner", "login");
        return (host, owner is not null && package.Text("name") is { } name ? $"{owner}/{name}".ToLowerInvariant() : null, null);
    }
}
