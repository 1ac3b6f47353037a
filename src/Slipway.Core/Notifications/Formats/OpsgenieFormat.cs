using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>Opsgenie: Alert API (docs.opsgenie.com, "Create Alert" with its limits, and "Close Alert" by alias).</summary>
internal static class OpsgenieFormat
{
    private const string Usual = "https://api.opsgenie.com";

    public static OutgoingRequest? Of(Letter letter, IncidentEndpoint endpoint)
    {
        var (notification, alias) = (letter.Notification, Incident.Key(letter.Notification));
        return Incident.Opens(notification) switch
        {
            true => To("/v2/alerts", new JsonObject
            {
                ["message"] = Wording.Clip(letter.Words.Title, 130),
                ["alias"] = alias,
                ["description"] = letter.Words.Text,
                ["source"] = "Slipway",
                ["entity"] = $"{notification.Namespace}/{notification.Delivery}",
                ["priority"] = notification.Event == NotificationEvent.Failed ? "P1" : notification.Severity == NotificationSeverity.Error ? "P2" : "P3",
                ["tags"] = new JsonArray("slipway", $"{notification.Event}"),
                ["details"] = new JsonObject(letter.Words.Facts.Select(fact => KeyValuePair.Create(fact.Name, (JsonNode?)fact.Value))),
            }),
            false => To($"/v2/alerts/{Uri.EscapeDataString(alias)}/close?identifierType=alias", new JsonObject { ["source"] = "Slipway", ["note"] = letter.Words.Title }),
            null => null,
        };

        OutgoingRequest To(string path, JsonObject body) =>
            new("POST", JsonLetters.Address(endpoint.Address, Usual, path), body.ToJsonString()) { Headers = [("Authorization", $"GenieKey {letter.Secret}")] };
    }
}
