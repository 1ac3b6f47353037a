using System.Text.Json.Nodes;

namespace Slipway.Notifications.Formats;

/// <summary>Google Chat: a card to the webhook of a space (developers.google.com, Google Chat API, "Cards v2"). Texts of widgets are a kind of HTML.</summary>
internal static class GoogleChatFormat
{
    public static OutgoingRequest Of(Letter letter)
    {
        List<JsonNode?> widgets = [new JsonObject { ["textParagraph"] = new JsonObject { ["text"] = JsonLetters.Escape(letter.Words.Text) } }];
        widgets.AddRange(letter.Words.Facts.Select(fact => new JsonObject
        {
            ["decoratedText"] = new JsonObject { ["topLabel"] = fact.Name, ["text"] = JsonLetters.Escape(fact.Value) },
        }));
        if (letter.Notification.Link is { } link)
        {
            widgets.Add(new JsonObject
            {
                ["buttonList"] = new JsonObject
                {
                    ["buttons"] = new JsonArray(new JsonObject { ["text"] = "Open", ["onClick"] = new JsonObject { ["openLink"] = new JsonObject { ["url"] = link } } }),
                },
            });
        }

        return letter.ToHook(new JsonObject
        {
            ["cardsV2"] = new JsonArray(new JsonObject
            {
                ["cardId"] = letter.Notification.Id,
                ["card"] = new JsonObject
                {
                    ["header"] = new JsonObject { ["title"] = letter.Words.Title, ["subtitle"] = $"{letter.Notification.Severity}" },
                    ["sections"] = new JsonArray(new JsonObject { ["widgets"] = JsonLetters.Array(widgets) }),
                },
            }),
        });
    }
}
