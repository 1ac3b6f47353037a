using System.Text.Json;

namespace Slipway.Webhooks.Payloads;

/// <summary>Docker Hub (Docker Docs, "Docker Hub webhooks"): one tag per call, on docker.io.</summary>
public static class DockerHubPayload
{
    public static PayloadReading Parse(WebhookRequest _, JsonElement body) =>
        ArtifactKind.NoImage(body.Text("push_data", "media_type"))
        ?? HintText.One("docker.io", PathOf(body), body.Text("push_data", "tag"), null);

    private static string? PathOf(JsonElement body) =>
        body.Text("repository", "repo_name")
        ?? (body.Text("repository", "name") is { } name ? $"{body.Text("repository", "namespace") ?? "library"}/{name}" : null);
}
