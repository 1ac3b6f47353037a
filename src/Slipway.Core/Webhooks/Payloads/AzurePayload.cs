using System.Text.Json;

namespace Slipway.Webhooks.Payloads;

/// <summary>Azure Container Registry (Azure documentation, "Azure Container Registry webhook reference").</summary>
public static class AzurePayload
{
    public static PayloadReading Parse(WebhookRequest request, JsonElement body) => body.Text("action") switch
    {
        null => new PayloadReading.Refused("the body has no action; send the webhook of an Azure container registry here"),
        "push" => ArtifactKind.NoImage(body.Text("target", "mediaType"))
            ?? HintText.One(body.Text("request", "host") ?? request.Registry, body.Text("target", "repository"), body.Text("target", "tag"), body.Text("target", "digest")),
        "ping" => new PayloadReading.Ignored("Azure asks whether anybody is here"),
        _ => new PayloadReading.Ignored("this action pushes no image; choose 'push' for this webhook"),
    };
}
