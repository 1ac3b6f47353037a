using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>
/// Slack: Block Kit (docs.slack.dev, "Reference: blocks") to an incoming webhook or, with a channel, by <c>chat.postMessage</c>, which answers 200
/// also where it refuses. Text is escaped as "Formatting text for app surfaces" says.
/// </summary>
internal static class SlackFormat
{
    private const string Post = "https://slack.com/api/chat.postMessage";

    public static OutgoingRequest Of(Letter letter, ChatEndpoint endpoint)
    {
        var body = new JsonObject { ["text"] = JsonLetters.Escape(letter.Words.Title), ["blocks"] = Blocks(letter) };
        if (string.IsNullOrEmpty(endpoint.Channel))
        {
            return letter.ToHook(body);
        }

        body["channel"] = endpoint.Channel;
        return new OutgoingRequest("POST", new Uri(Post), body.ToJsonString()) { Headers = JsonLetters.Bearer(letter.Secret), Then = Judge };
    }

    private static JsonArray Blocks(Letter letter)
    {
        var blocks = new JsonArray(
            new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = letter.Words.Title } },
            new JsonObject { ["type"] = "section", ["text"] = Marked(JsonLetters.Escape(letter.Words.Text)) });
        if (!letter.Words.Facts.IsEmpty)
        {
            blocks.Add((JsonNode)new JsonObject { ["type"] = "section", ["fields"] = JsonLetters.Array(letter.Words.Facts.Select(fact => Marked($"*{fact.Name}*\n{JsonLetters.Escape(fact.Value)}"))) });
        }

        if (letter.Notification.Link is { } link)
        {
            blocks.Add((JsonNode)new JsonObject
            {
                ["type"] = "actions",
                ["elements"] = new JsonArray(new JsonObject { ["type"] = "button", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = "Open" }, ["url"] = link }),
            });
        }

        return blocks;
    }

    private static JsonObject Marked(string text) => new() { ["type"] = "mrkdwn", ["text"] = text };

    private static NextRequest Judge(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True ? NextRequest.None
        : new(Problem: $"Slack refuses it: {(answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? Wording.Clip(error.GetString()!, 80) : "no reason is given")}");
}
