using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// Artifact Registry and the Container Registry before it, by a Pub/Sub push subscription on the topic gcr (Google Cloud, "Configure Pub/Sub
/// notifications"; "Push subscriptions"): the notification is JSON in base64 in <c>message.data</c>.
/// </summary>
public static class PubSubPayload
{
    // A notification has three short fields.
    private const int MaxNotification = 4096;

    public static PayloadReading Parse(WebhookRequest _, JsonElement body)
    {
        if (body.At("message", "data") is not { ValueKind: JsonValueKind.String } data)
        {
            return new PayloadReading.Refused("the body has no message.data; use a push subscription without payload unwrapping");
        }

        if (!data.TryGetBytesFromBase64(out var notification) || notification.Length > MaxNotification)
        {
            return new PayloadReading.Refused($"message.data is not base64 of at most {MaxNotification} bytes");
        }

        return new WebhookRequest { Body = notification }.Read(OfNotification);
    }

    private static PayloadReading OfNotification(WebhookRequest _, JsonElement notification)
    {
        if (notification.Text("action") is not "INSERT")
        {
            return new PayloadReading.Ignored("nothing was inserted");
        }

        var digest = Reference(notification.Text("digest"));
        return (Reference(notification.Text("tag"))?.WithDefaultTag() ?? digest) is { } image
            ? HintText.One(image.Repository.Domain, image.Repository.Path, image.Tag, digest?.Digest)
            : new PayloadReading.Refused("the notification names neither a tag nor a digest");
    }

    private static ImageReference? Reference(string? text) => ImageReference.TryParse(text, out var image, out _) ? image : null;
}
