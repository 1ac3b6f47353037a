using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// Our own: <c>{"image": "ghcr.io/acme/shop", "tag": "1.4.0"}</c>, also with the tag in the image, for a job of CI that says what it has pushed.
/// <c>name</c> and <c>repository</c> mean the same as <c>image</c>; <c>digest</c> may be there.
/// </summary>
public static class GenericPayload
{
    private const string Form = """send {"image": "ghcr.io/acme/shop", "tag": "1.4.0"}""";

    public static PayloadReading Parse(WebhookRequest _, JsonElement body)
    {
        if ((body.Text("image") ?? body.Text("name") ?? body.Text("repository")) is not { } name)
        {
            return new PayloadReading.Refused($"the body names no image; {Form}");
        }

        if (!ImageReference.TryParse(name, out var image, out var why))
        {
            return new PayloadReading.Refused($"{why}; {Form}");
        }

        return HintText.Tag(body.Text("tag") ?? image.Tag) is { } tag
            ? HintText.One(image.Repository.Domain, image.Repository.Path, tag, body.Text("digest") ?? image.Digest)
            : new PayloadReading.Refused($"the body names no tag; {Form}");
    }
}

/// <summary>
/// GitLab: its container registry sends the envelope of the distribution registry (GitLab Docs, "Configure container registry
/// notifications"); a job of a pipeline sends the generic form, because no webhook of a project tells of pushed images.
/// </summary>
public static class GitLabPayload
{
    public static PayloadReading Parse(WebhookRequest request, JsonElement body) =>
        body.At("events") is not null ? DistributionPayload.Parse(request, body)
        : body.Text("object_kind") is not null ? new PayloadReading.Ignored("a project's webhook tells of no images; let a job of the pipeline say what it has pushed")
        : GenericPayload.Parse(request, body);
}
