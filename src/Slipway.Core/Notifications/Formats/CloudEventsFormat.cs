using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>CloudEvents 1.0.2: "Required Attributes", and the "HTTP Protocol Binding" with its structured and binary content modes.</summary>
internal static class CloudEventsFormat
{
    public static OutgoingRequest Of(Letter letter, EventEndpoint endpoint)
    {
        var notification = letter.Notification;
        return Wrap(letter, endpoint, $"dev.slipway.delivery.{notification.Event.ToString().ToLowerInvariant()}.v1", Source(notification), JsonLetters.Whole(notification));
    }

    /// <summary>The Delivery, by its path in the API.</summary>
    public static string Source(Notification notification) => $"/apis/{ApiNames.ApiVersion}/namespaces/{notification.Namespace}/{ApiNames.DeliveryPlural}/{notification.Delivery}";

    public static OutgoingRequest Wrap(Letter letter, EventEndpoint endpoint, string type, string source, JsonObject data)
    {
        var notification = letter.Notification;
        var address = new Uri(endpoint.Address!);
        var login = JsonLetters.Bearer(letter.Secret);
        if (endpoint.Mode == "Binary")
        {
            return new OutgoingRequest("POST", address, data.ToJsonString())
            {
                Headers =
                [
                    ("ce-specversion", "1.0"), ("ce-id", notification.Id), ("ce-source", source), ("ce-type", type),
                    ("ce-subject", notification.Delivery), ("ce-time", Instant.Write(notification.At)), .. login,
                ],
            };
        }

        var body = JsonLetters.Object(
            ("specversion", "1.0"),
            ("id", notification.Id),
            ("source", source),
            ("type", type),
            ("subject", notification.Delivery),
            ("time", Instant.Write(notification.At)),
            ("datacontenttype", "application/json"),
            ("data", data));
        return new OutgoingRequest("POST", address, body.ToJsonString()) { ContentType = "application/cloudevents+json", Headers = login };
    }
}
