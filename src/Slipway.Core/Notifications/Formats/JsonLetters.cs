using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>What several formats write in the same way.</summary>
internal static class JsonLetters
{
    /// <summary>Colours of what is good, what needs a look, and what has failed; as chats draw them beside a message.</summary>
    public static int Colour(NotificationSeverity severity) => severity switch
    {
        NotificationSeverity.Error => 0xC62828,
        NotificationSeverity.Warning => 0xEF6C00,
        _ => 0x2E7D32,
    };

    /// <exception cref="FormatException">The secret is no address.</exception>
    public static OutgoingRequest ToHook(this Letter letter, JsonObject body) =>
        Uri.TryCreate(letter.Secret, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? new OutgoingRequest("POST", address, body.ToJsonString())
            : throw new FormatException("the entry of the Secret is no address of a webhook: put in the whole of it, as it was given to you");

    public static Uri Address(string? named, string usual, string path) => new($"{(string.IsNullOrEmpty(named) ? usual : named).TrimEnd('/')}{path}");

    /// <summary>Fields without a value are left out.</summary>
    public static JsonObject Object(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var json = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json;
    }

    /// <summary>What chats take for markup, as they ask for it.</summary>
    public static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    public static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);

    /// <summary>All of a notification, for machines: the body of webhooks and the data of CloudEvents.</summary>
    public static JsonObject Whole(Notification notification) => Object(
        ("id", notification.Id),
        ("event", $"{notification.Event}"),
        ("severity", $"{notification.Severity}"),
        ("namespace", notification.Namespace),
        ("delivery", notification.Delivery),
        ("uid", notification.Uid),
        ("labels", notification.Labels.IsEmpty ? null : new JsonObject(notification.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)))),
        ("from", notification.From),
        ("to", notification.To),
        ("repository", notification.Repository),
        ("digest", notification.Digest),
        ("release", notification.Release),
        ("by", notification.By),
        ("reason", notification.Reason),
        ("message", notification.Message),
        ("at", Instant.Write(notification.At)),
        ("link", notification.Link));

    public static ImmutableArray<(string Name, string Value)> Bearer(string secret) => secret.Length == 0 ? [] : [("Authorization", $"Bearer {secret}")];
}
