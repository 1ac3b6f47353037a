using System.Text.Json;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// JFrog Artifactory (JFrog documentation, "Event Types": Docker, pushed). The image's name is the repository's key and the path without its
/// tag and file, on the host of <c>jpd_origin</c>. Where each repository has a host of its own (reverse proxy by subdomain or port), that is
/// the receiver's registry, and the key is no part of the name.
/// </summary>
public static class ArtifactoryPayload
{
    public static PayloadReading Parse(WebhookRequest request, JsonElement body)
    {
        if (body.Text("domain") is not { } domain || body.At("data") is not { } data)
        {
            return new PayloadReading.Refused("the body has no domain and data; send the webhook of Artifactory here");
        }

        if (domain is not "docker" || body.Text("event_type") is not "pushed")
        {
            return new PayloadReading.Ignored("this pushes no image; choose 'Docker: Tag was pushed' for this webhook");
        }

        return ArtifactKind.NoImage(data.Text("image_type"))
            ?? HintText.One(request.Registry ?? HostOf(body), PathOf(request, data), data.Text("tag"), data.Text("sha256") is { } hash ? Images.Digest.Sha256Prefix + hash : null);
    }

    private static string? HostOf(JsonElement body) => Uri.TryCreate(body.Text("jpd_origin"), UriKind.Absolute, out var origin) ? origin.Authority : null;

    private static string? PathOf(WebhookRequest request, JsonElement data) =>
        data.Text("path")?.Split('/') is [.. var image, _, _] && image.Length > 0 && data.Text("repo_key") is { } key
            ? string.Join('/', request.Registry is null ? [key, .. image] : image)
            : null;
}
