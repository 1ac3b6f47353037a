using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>PagerDuty: Events API v2, <c>/v2/enqueue</c> (developer.pagerduty.com, "Send an alert event": trigger and resolve by dedup_key).</summary>
internal static class PagerDutyFormat
{
    private const string Usual = "https://events.pagerduty.com";

    public static OutgoingRequest? Of(Letter letter, IncidentEndpoint endpoint)
    {
        var notification = letter.Notification;
        if (Incident.Opens(notification) is not { } opens)
        {
            return null;
        }

        var body = JsonLetters.Object(
            ("routing_key", letter.Secret),
            ("event_action", opens ? "trigger" : "resolve"),
            ("dedup_key", Incident.Key(notification)),
            ("client", opens ? "Slipway" : null),
            ("client_url", opens ? notification.Link : null),
            ("payload", opens ? Payload(letter) : null));
        return new OutgoingRequest("POST", JsonLetters.Address(endpoint.Address, Usual, "/v2/enqueue"), body.ToJsonString());
    }

    private static JsonObject Payload(Letter letter) => new()
    {
        ["summary"] = letter.Words.Title,
        ["source"] = $"{letter.Notification.Namespace}/{letter.Notification.Delivery}",
        ["severity"] = letter.Notification.Event == NotificationEvent.Failed ? "critical" : letter.Notification.Severity == NotificationSeverity.Error ? "error" : "warning",
        ["timestamp"] = Instant.Write(letter.Notification.At),
        ["component"] = letter.Notification.Delivery,
        ["group"] = letter.Notification.Namespace,
        ["class"] = letter.Notification.Reason,
        ["custom_details"] = new JsonObject([KeyValuePair.Create("Message", (JsonNode?)letter.Words.Text), .. letter.Words.Facts.Select(fact => KeyValuePair.Create(fact.Name, (JsonNode?)fact.Value))]),
    };
}
