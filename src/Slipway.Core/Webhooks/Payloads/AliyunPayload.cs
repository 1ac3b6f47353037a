using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// Alibaba Cloud Container Registry (Alibaba Cloud documentation, "Manage webhooks"). An enterprise instance has a host that the payload does
/// not name: the receiver's registry does, or the query parameter <c>registry_url</c>.
/// </summary>
public static class AliyunPayload
{
    public static PayloadReading Parse(WebhookRequest request, JsonElement body)
    {
        var path = body.Text("repository", "repo_full_name")
            ?? ((body.Text("repository", "namespace"), body.Text("repository", "name")) is ({ } space, { } name) ? $"{space}/{name}" : null);
        var reading = HintText.One(HostOf(request, body), path?.ToLowerInvariant(), body.Text("push_data", "tag"), body.Text("push_data", "digest"));

        // Its own sample has a name in mixed case, which no image can have and so no feed: it is handed on as it is written.
        return reading is PayloadReading.Hints { Events: [var hint] } && path!.Length == hint.Repository.Path.Length
            ? HintText.Of(hint with { Repository = new RepositoryName(hint.Repository.Domain, path) })
            : reading;
    }

    private static string? HostOf(WebhookRequest request, JsonElement body) =>
        request.Parameter("registry_url") ?? request.Registry ?? (body.Text("repository", "region") is { } region ? $"registry.{region}.aliyuncs.com" : null);
}
