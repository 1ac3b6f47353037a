using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Api;

namespace Slipway.Notifications.Formats;

/// <summary>
/// A request to any server, signed as the Standard Webhooks specification says (github.com/standard-webhooks, "Webhook Metadata" and "Signature
/// scheme"): HMAC-SHA256 over id, timestamp and body, so that neither can be changed nor an old request be sent again.
/// </summary>
internal static class WebhookFormat
{
    private const string KeyPrefix = "whsec_";

    public static OutgoingRequest Of(Letter letter, WebhookEndpoint endpoint)
    {
        var (id, body) = (letter.Notification.Id, JsonLetters.Whole(letter.Notification).ToJsonString());
        var timestamp = letter.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new OutgoingRequest("POST", new Uri(endpoint.Address!), body)
        {
            Headers = [("webhook-id", id), ("webhook-timestamp", timestamp), .. letter.Secret.Length == 0 ? [] : new[] { ("webhook-signature", $"v1,{Sign(letter.Secret, $"{id}.{timestamp}.{body}")}") }],
        };
    }

    private static string Sign(string secret, string text) => Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), Encoding.UTF8.GetBytes(text)));

    // The prefix says that Base64 follows; any other text is the key itself.
    private static byte[] KeyOf(string secret)
    {
        var decoded = new byte[secret.Length];
        return secret.StartsWith(KeyPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[KeyPrefix.Length..], decoded, out var length)
            ? decoded[..length]
            : Encoding.UTF8.GetBytes(secret);
    }
}
