using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// Harbor (Harbor documentation, "Configure Webhook Notifications"): 1.x says pushImage, 2.x PUSH_ARTIFACT, and its CloudEvents format
/// harbor.artifact.pushed. Every resource is an image; its <c>resource_url</c> is how it is pulled.
/// </summary>
public static class HarborPayload
{
    internal const string CloudEvent = "harbor.artifact.pushed";

    public static PayloadReading Parse(WebhookRequest request, JsonElement body)
    {
        var type = body.Text("type");
        if (type is null)
        {
            return new PayloadReading.Refused("the body has no type; send the notifications of Harbor here");
        }

        if (type is not ("PUSH_ARTIFACT" or "pushImage" or CloudEvent))
        {
            return new PayloadReading.Ignored($"the event {UntrustedText.Quote(type)} pushes nothing; choose 'Artifact pushed' for this webhook");
        }

        var event_ = (type is CloudEvent ? body.At("data") : body.At("event_data")) ?? default;
        if (event_.At("resources") is not { ValueKind: JsonValueKind.Array } resources || resources.GetArrayLength() is 0)
        {
            return new PayloadReading.Refused("the event names no resources");
        }

        return resources.GetArrayLength() > HintText.MaxEvents
            ? HintText.TooMany(resources.GetArrayLength())
            : HintText.OfAll(resources.EnumerateArray().Select(resource => Of(request, event_, resource)), "the event names no resources");
    }

    private static PayloadReading Of(WebhookRequest request, JsonElement event_, JsonElement resource)
    {
        var digest = resource.Text("digest");

        // Harbor writes the digest where a tag should be when the artifact has none.
        var tag = HintText.Tag(resource.Text("tag"));
        if (resource.Text("resource_url") is { } url)
        {
            return ImageReference.TryParse(WithoutScheme(url), out var image, out var why) && WithoutScheme(url).StartsWith($"{image.Repository.Domain}/", StringComparison.Ordinal)
                ? HintText.One(image.Repository.Domain, image.Repository.Path, image.Tag ?? tag, image.Digest ?? digest)
                : new PayloadReading.Refused(why.Length > 0 ? why : $"the resource_url {UntrustedText.Quote(url)} names no registry");
        }

        return HintText.One(request.Registry, PathOf(event_), tag, digest);
    }

    private static string? PathOf(JsonElement event_) =>
        event_.Text("repository", "repo_full_name")
        ?? ((event_.Text("repository", "namespace"), event_.Text("repository", "name")) is ({ } project, { } name) ? $"{project}/{name}" : null);

    private static string WithoutScheme(string url) => url[(url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..];
}
