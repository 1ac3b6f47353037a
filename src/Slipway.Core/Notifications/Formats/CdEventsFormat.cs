using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>
/// CDEvents 0.4 (cdevents/spec, "Continuous Deployment Events", subject service): deployed for the first version, upgraded for a later one, rolledback, which
/// names the version that runs again. They travel as CloudEvents ("CloudEvents Binding for CDEvents"). The vocabulary has no word for the other events.
/// </summary>
internal static class CdEventsFormat
{
    public static OutgoingRequest? Of(Letter letter, EventEndpoint endpoint)
    {
        var notification = letter.Notification;
        var predicate = notification.Event switch
        {
            NotificationEvent.Succeeded when notification.From is null => "deployed",
            NotificationEvent.Succeeded => "upgraded",
            NotificationEvent.RolledBack => "rolledback",
            _ => null,
        };
        if (predicate is null)
        {
            return null;
        }

        var (type, source) = ($"dev.cdevents.service.{predicate}.0.2.0", CloudEventsFormat.Source(notification));
        var environment = string.IsNullOrEmpty(endpoint.Environment) ? notification.Namespace : endpoint.Environment;
        return CloudEventsFormat.Wrap(letter, endpoint, type, source, new JsonObject
        {
            ["context"] = new JsonObject { ["version"] = "0.4.1", ["id"] = notification.Id, ["source"] = source, ["type"] = type, ["timestamp"] = Instant.Write(notification.At) },
            ["subject"] = new JsonObject
            {
                ["id"] = $"{notification.Namespace}/{notification.Delivery}",
                ["source"] = source,
                ["type"] = "service",
                ["content"] = new JsonObject { ["environment"] = new JsonObject { ["id"] = environment }, ["artifactId"] = predicate == "rolledback" ? Package(notification, notification.From, notification.FromDigest) : Package(notification, notification.To, notification.Digest) },
            },
        });
    }

    // The Package-URL of an image (package-url/purl-spec, types, oci): name and digest, and where it lies as a qualifier.
    private static string Package(Notification notification, string? tag, string? digest)
    {
        var repository = notification.Repository ?? notification.Delivery;
        var package = $"pkg:oci/{Uri.EscapeDataString(repository.Split('/')[^1].ToLowerInvariant())}@{Uri.EscapeDataString(digest ?? "")}?repository_url={Uri.EscapeDataString(repository)}";
        return tag is null ? package : $"{package}&tag={Uri.EscapeDataString(tag)}";
    }
}
