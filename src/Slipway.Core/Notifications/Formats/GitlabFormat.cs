using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>
/// GitLab: "Set commit pipeline status" of the Commits API and, if asked for, "Create a deployment" of the Deployments API, when the outcome is known
/// (docs.gitlab.com, REST API). A name of a revision is resolved first ("Retrieve a commit").
/// </summary>
internal static class GitlabFormat
{
    private const string Usual = "https://gitlab.com";

    public static OutgoingRequest? Of(Letter letter, CommitEndpoint endpoint)
    {
        if (StateOf(letter.Notification) is not { } state || CommitPlace.Of(letter.Notification, endpoint) is not { } place)
        {
            return null;
        }

        var project = $"/api/v4/projects/{Uri.EscapeDataString(place.Repository)}";
        return place.IsCommit ? Status(place.Revision) : Request("GET", $"{project}/repository/commits/{Uri.EscapeDataString(place.Revision)}") with
        {
            Then = answer => CommitPlace.Text(answer, "id") is { } sha ? new(Status(sha)) : new(Problem: "the answer names no commit"),
        };

        OutgoingRequest Status(string sha)
        {
            var status = Request("POST", $"{project}/statuses/{Uri.EscapeDataString(sha)}", JsonLetters.Object(
                ("state", state),
                ("name", $"slipway/{letter.Notification.Namespace}/{letter.Notification.Delivery}"),
                ("description", Wording.Clip(letter.Words.Text, 255)),
                ("target_url", letter.Notification.Link)));
            return endpoint.Deployments == true && state is ("success" or "failed") ? status with { Then = _ => new(Deployment(sha)) } : status;
        }

        OutgoingRequest Deployment(string sha) => Request("POST", $"{project}/deployments", new JsonObject
        {
            ["environment"] = place.Environment,
            ["sha"] = sha,
            ["ref"] = place.Revision,
            ["tag"] = !place.IsCommit,
            ["status"] = state,
        });

        OutgoingRequest Request(string method, string path, JsonObject? body = null) =>
            new(method, JsonLetters.Address(endpoint.Address, Usual, path), body?.ToJsonString() ?? "") { Headers = [("PRIVATE-TOKEN", letter.Secret)] };
    }

    private static string? StateOf(Notification notification) => notification.Event switch
    {
        NotificationEvent.AwaitingApproval => "pending",
        NotificationEvent.Started or NotificationEvent.Stepping or NotificationEvent.Advancing => "running",
        NotificationEvent.Succeeded => "success",
        NotificationEvent.RolledBack or NotificationEvent.Failed => "failed",
        NotificationEvent.Superseded => "canceled",
        _ => null,
    };
}
