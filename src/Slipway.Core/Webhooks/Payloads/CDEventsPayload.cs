using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// CDEvents (cdevents.dev, "Continuous Integration Events": artifact.published), by itself or as the data of a CloudEvent. The subject's id is
/// a package URL. A packaged artifact is not yet anywhere, and a signed one is where it was.
/// </summary>
public static class CDEventsPayload
{
    internal const string TypePrefix = "dev.cdevents.";

    private const string Published = "dev.cdevents.artifact.published";

    public static PayloadReading Parse(WebhookRequest request, JsonElement body)
    {
        var event_ = body.At("context") is null && body.At("data") is { } data ? data : body;
        var type = event_.Text("context", "type") ?? request.Header("ce-type");
        if (type?.StartsWith(TypePrefix, StringComparison.Ordinal) != true || event_.Text("subject", "id") is not { } subject)
        {
            return new PayloadReading.Refused("this is no CDEvent with a context.type and a subject.id");
        }

        if (!type.StartsWith(Published, StringComparison.Ordinal))
        {
            return new PayloadReading.Ignored($"the event {UntrustedText.Quote(type)} publishes nothing; send {Published}");
        }

        return PackageUrl.ToHint(subject) is { } hint && (hint.Tag ?? hint.Digest) is not null
            ? HintText.Of(hint)
            : new PayloadReading.Ignored($"the subject {UntrustedText.Quote(subject)} is no image; name it pkg:oci/shop@sha256%3A…?repository_url=ghcr.io/acme/shop&tag=1.4.0");
    }
}
