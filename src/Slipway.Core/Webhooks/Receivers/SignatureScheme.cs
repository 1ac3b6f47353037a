using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Webhooks.Receivers;

/// <summary>Where a vendor puts its HMAC of the body (RFC 2104), and how it writes it: in hexadecimal digits, with the algorithm before them or not.</summary>
/// <param name="Algorithms">What is taken. With a prefix the sender chooses of these; without one there is one.</param>
public sealed record SignatureScheme(string Header, bool Prefixed, params ImmutableArray<string> Algorithms)
{
    /// <summary>GitHub Docs, "Validating webhook deliveries". The older header with SHA-1 is not looked at.</summary>
    public static readonly SignatureScheme GitHub = new("X-Hub-Signature-256", true, "sha256");

    /// <summary>Flux, "Receivers", generic-hmac: what scripts of CI already send.</summary>
    public static readonly SignatureScheme Generic = new("X-Signature", true, "sha256", "sha512", "sha1");

    /// <summary>Sonatype Help, "Working with HMAC Payloads". HMAC with SHA-1 is not broken as SHA-1 is, and Nexus has no other.</summary>
    public static readonly SignatureScheme Nexus = new("X-Nexus-Webhook-Signature", false, "sha1");

    /// <summary>JFrog documentation, "Webhook payload signing".</summary>
    public static readonly SignatureScheme Artifactory = new("X-JFrog-Event-Auth", false, "sha256");

    // The digits of SHA-512.
    private const int LongestDigits = 128;

    /// <summary>Null where the request is signed with this key; else what is wrong, which says nothing about the key.</summary>
    public string? Refusal(string key, WebhookRequest request)
    {
        if (request.Header(Header) is not { } written)
        {
            return $"the request is not signed: the header {Header} is missing; give the sender the secret";
        }

        var equals = Prefixed ? written.IndexOf('=', StringComparison.Ordinal) : -1;
        var algorithm = Prefixed ? written[..Math.Max(equals, 0)] : Algorithms[0];
        var digits = written[(equals + 1)..];
        if (!Algorithms.Contains(algorithm))
        {
            return $"the header {Header} must be {string.Join(" or ", Algorithms.Select(name => name + "=…"))}";
        }

        // Hashed once more, so that the comparison takes as long whatever was sent, of whatever length.
        var given = digits.Length <= LongestDigits && digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Convert.FromHexString(digits) : [];
        return key.Length > 0 && CryptographicOperations.FixedTimeEquals(SHA256.HashData(given), SHA256.HashData(Compute(algorithm, key, request.Body.Span)))
            ? null
            : $"the signature in {Header} is not that of this body with this receiver's secret; give the sender the same secret, and let nothing change the body on the way";
    }

#pragma warning disable CA5350 // Not ours to choose: it is all that Nexus has, and what the oldest senders of the generic form have.
    private static byte[] Compute(string algorithm, string key, ReadOnlySpan<byte> body) => algorithm switch
    {
        "sha1" => HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), body),
        "sha512" => HMACSHA512.HashData(Encoding.UTF8.GetBytes(key), body),
        _ => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body),
    };
#pragma warning restore CA5350
}
