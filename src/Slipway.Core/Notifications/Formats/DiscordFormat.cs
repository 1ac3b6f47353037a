using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>Discord: an embed to a webhook (discord.com/developers, "Execute Webhook" and "Embed Limits"). Nothing in it can call on people.</summary>
internal static class DiscordFormat
{
    public static OutgoingRequest Of(Letter letter) => letter.ToHook(new JsonObject
    {
        ["embeds"] = new JsonArray(JsonLetters.Object(
            ("title", letter.Words.Title),
            ("description", letter.Words.Text),
            ("url", letter.Notification.Link),
            ("color", JsonLetters.Colour(letter.Notification.Severity)),
            ("timestamp", Instant.Write(letter.Notification.At)),
            ("fields", JsonLetters.Array(letter.Words.Facts.Select(fact => new JsonObject { ["name"] = fact.Name, ["value"] = fact.Value, ["inline"] = true }))))),
        ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
    });
}
