using System.Text.Json.Nodes;

namespace Slipway.Notifications.Formats;

/// <summary>
/// Microsoft Teams: an Adaptive Card in a message, as the Workflows webhook takes it (learn.microsoft.com, "Create incoming webhooks with Workflows",
/// and adaptivecards.io, schema 1.4).
/// </summary>
internal static class TeamsFormat
{
    public static OutgoingRequest Of(Letter letter)
    {
        var card = JsonLetters.Object(
            ("$schema", "http://adaptivecards.io/schemas/adaptive-card.json"),
            ("type", "AdaptiveCard"),
            ("version", "1.4"),
            ("msteams", new JsonObject { ["width"] = "Full" }),
            ("body", new JsonArray(
                new JsonObject { ["type"] = "TextBlock", ["text"] = letter.Words.Title, ["size"] = "Large", ["weight"] = "Bolder", ["wrap"] = true, ["color"] = Colour(letter.Notification.Severity) },
                new JsonObject { ["type"] = "TextBlock", ["text"] = letter.Words.Text, ["wrap"] = true },
                new JsonObject { ["type"] = "FactSet", ["facts"] = JsonLetters.Array(letter.Words.Facts.Select(fact => new JsonObject { ["title"] = fact.Name, ["value"] = fact.Value })) })),
            ("actions", letter.Notification.Link is { } link ? new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open", ["url"] = link }) : null));
        return letter.ToHook(new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["contentUrl"] = null, ["content"] = card }),
        });
    }

    private static string Colour(NotificationSeverity severity) => severity switch
    {
        NotificationSeverity.Error => "Attention",
        NotificationSeverity.Warning => "Warning",
        _ => "Good",
    };
}
