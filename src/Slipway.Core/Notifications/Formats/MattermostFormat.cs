using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>Mattermost: an incoming webhook with one message attachment (developers.mattermost.com, "Incoming webhooks" and "Message attachments").</summary>
internal static class MattermostFormat
{
    public static OutgoingRequest Of(Letter letter, ChatEndpoint endpoint) => letter.ToHook(JsonLetters.Object(
        ("channel", string.IsNullOrEmpty(endpoint.Channel) ? null : endpoint.Channel),
        ("attachments", new JsonArray(JsonLetters.Object(
            ("fallback", letter.Words.Title),
            ("color", $"#{JsonLetters.Colour(letter.Notification.Severity):x6}"),
            ("title", letter.Words.Title),
            ("title_link", letter.Notification.Link),
            ("text", Quiet(letter.Words.Text)),
            ("fields", JsonLetters.Array(letter.Words.Facts.Select(fact => new JsonObject { ["short"] = true, ["title"] = fact.Name, ["value"] = Quiet(fact.Value) }))))))));

    // A space of no width after an @: it looks the same, and calls on nobody.
    private static string Quiet(string text) => text.Replace("@", "@\u200B", StringComparison.Ordinal);
}
