using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>
/// GitHub: "Create a commit status" and, if asked for, "Create a deployment" with "Create a deployment status" (docs.github.com, REST API). A name of a
/// revision is resolved first ("Get a commit"). A deployment is found again by its task, so that telling twice makes no second one.
/// </summary>
internal static class GithubFormat
{
    private const string Usual = "https://api.github.com";

    public static OutgoingRequest? Of(Letter letter, CommitEndpoint endpoint)
    {
        if (StateOf(letter.Notification) is not { } state || CommitPlace.Of(letter.Notification, endpoint) is not { } place)
        {
            return null;
        }

        return place.IsCommit
            ? Status(letter, endpoint, place, place.Revision, state)
            : Request(letter, endpoint, "GET", $"/repos/{place.Repository}/commits/{Uri.EscapeDataString(place.Revision)}") with
            {
                Then = answer => CommitPlace.Text(answer, "sha") is { } sha ? new(Status(letter, endpoint, place, sha, state)) : new(Problem: "the answer names no commit"),
            };
    }

    private static OutgoingRequest Status(Letter letter, CommitEndpoint endpoint, CommitPlace place, string sha, string state)
    {
        var status = Request(letter, endpoint, "POST", $"/repos/{place.Repository}/statuses/{sha}", JsonLetters.Object(
            ("state", state),
            ("context", $"slipway/{letter.Notification.Namespace}/{letter.Notification.Delivery}"),
            ("description", Wording.Clip(letter.Words.Text, 140)),
            ("target_url", letter.Notification.Link)));
        return endpoint.Deployments != true ? status : status with { Then = _ => new(Deployment(letter, endpoint, place, sha, state)) };
    }

    private static OutgoingRequest Deployment(Letter letter, CommitEndpoint endpoint, CommitPlace place, string sha, string state)
    {
        var task = $"slipway:{letter.Notification.Uid}:{letter.Notification.Release}";
        var path = $"/repos/{place.Repository}/deployments";
        var find = Request(letter, endpoint, "GET", $"{path}?sha={sha}&task={Uri.EscapeDataString(task)}&environment={Uri.EscapeDataString(place.Environment)}&per_page=1");
        var create = Request(letter, endpoint, "POST", path, new JsonObject
        {
            ["ref"] = sha,
            ["task"] = task,
            ["environment"] = place.Environment,
            ["description"] = Wording.Clip(letter.Words.Title, 140),
            ["auto_merge"] = false,
            ["required_contexts"] = new JsonArray(),
        }) with { Then = made => Told(made) };
        return find with { Then = found => found.ValueKind == JsonValueKind.Array && found.GetArrayLength() > 0 ? Told(found[0]) : new(create) };

        NextRequest Told(JsonElement deployment) => CommitPlace.Text(deployment, "id") is not { } id ? new(Problem: "the answer names no deployment") : new(Request(
            letter, endpoint, "POST", $"{path}/{Uri.EscapeDataString(id)}/statuses", JsonLetters.Object(
                ("state", state == "pending" ? "in_progress" : state),
                ("environment", place.Environment),
                ("description", Wording.Clip(letter.Words.Text, 140)),
                ("log_url", letter.Notification.Link))));
    }

    private static OutgoingRequest Request(Letter letter, CommitEndpoint endpoint, string method, string path, JsonObject? body = null) =>
        new(method, JsonLetters.Address(endpoint.Address, Usual, path), body?.ToJsonString() ?? "") { Headers = Headers(letter.Secret) };

    private static ImmutableArray<(string Name, string Value)> Headers(string token) =>
        [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28"), .. JsonLetters.Bearer(token)];

    private static string? StateOf(Notification notification) => notification.Event switch
    {
        NotificationEvent.Started or NotificationEvent.Stepping or NotificationEvent.Advancing or NotificationEvent.AwaitingApproval => "pending",
        NotificationEvent.Succeeded => "success",
        NotificationEvent.RollingBack or NotificationEvent.RolledBack or NotificationEvent.Failed => "failure",
        NotificationEvent.Superseded => "error",
        _ => null,
    };
}
