using System.Text.Json;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// Sonatype Nexus Repository (Sonatype Help, "Webhooks", "Example Headers and Payloads"): a component or an asset of a repository. Nexus
/// does not say under which host its images are pulled: the receiver's registry does, or the query parameter <c>registry_url</c>.
/// </summary>
public static class NexusPayload
{
    public static PayloadReading Parse(WebhookRequest request, JsonElement body)
    {
        var component = body.At("component");
        if ((component ?? body.At("asset")) is not { } thing)
        {
            return new PayloadReading.Refused("the body has neither a component nor an asset; use the capability 'Webhook: Repository'");
        }

        if (thing.Text("format") is not "docker" || body.Text("action") is not ("CREATED" or "UPDATED"))
        {
            return new PayloadReading.Ignored("this pushes no image");
        }

        var (path, tag) = component is null ? OfAsset(thing.Text("name")) : (thing.Text("name"), thing.Text("version"));
        return path is null && component is null
            ? new PayloadReading.Ignored("the asset is no manifest")
            : HintText.One(request.Parameter("registry_url") ?? request.Registry, path, HintText.Tag(tag), tag);
    }

    // v2/NAME/manifests/REFERENCE, with a slash before it in newer versions.
    private static (string? Path, string? Tag) OfAsset(string? name) =>
        name?.Trim('/').Split('/') is ["v2", .. var path, "manifests", var tag] && path.Length > 0 ? (string.Join('/', path), tag) : (null, null);
}
