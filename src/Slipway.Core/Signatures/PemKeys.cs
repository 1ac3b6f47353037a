using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Slipway.Signatures;

/// <summary>
/// Public keys as text (RFC 7468, "PUBLIC KEY"), as <c>cosign public-key</c> and <c>openssl pkey -pubout</c> write them. One text may hold
/// several: so a new key is added before the old one is taken away.
/// </summary>
public static class PemKeys
{
    public const int MaxKeys = 16;

    // A key of 8192 bits has 1,500 characters.
    private const int MaxText = 64 * 1024;

    /// <summary>All keys of the text, and at least one; empty where one of them is of no use, with the reason.</summary>
    public static ImmutableArray<VerificationKey> Read(string text, out string why)
    {
        var keys = ImmutableArray.CreateBuilder<VerificationKey>();
        why = text.Length > MaxText ? $"it has more than {MaxText / 1024} KiB" : "";
        var rest = why.Length == 0 ? text.AsSpan() : [];
        while (PemEncoding.TryFind(rest, out var block))
        {
            if (KeyIn(rest, block, out why) is not { } key)
            {
                return [];
            }

            keys.Add(key);
            if (keys.Count > MaxKeys)
            {
                why = $"it has more than {MaxKeys} keys";
                return [];
            }

            rest = rest[block.Location.End..];
        }

        why = why.Length > 0 ? why
            // What begins and cannot be read may be the key that was meant.
            : rest.Contains("-----BEGIN", StringComparison.Ordinal) ? "a key in it is cut short or damaged"
            : keys.Count == 0 ? "it holds no key; a key begins with -----BEGIN PUBLIC KEY-----"
            : "";
        return why.Length == 0 ? [.. keys.Distinct()] : [];
    }

    private static VerificationKey? KeyIn(ReadOnlySpan<char> text, PemFields block, out string why)
    {
        switch (text[block.Label])
        {
            case "PUBLIC KEY":
                var info = new byte[block.DecodedDataLength];
                why = "it is no base64";
                return Convert.TryFromBase64Chars(text[block.Base64Data], info, out var written) && written == info.Length ? VerificationKey.TryRead(info, out why) : null;

            case var label when label.EndsWith("PRIVATE KEY", StringComparison.Ordinal):
                why = "it is a private key, which does not belong here: make a new pair, and put its public half here";
                return null;

            case "CERTIFICATE":
                why = "it is a certificate; certificates are not verified here: take the key out of it with 'openssl x509 -pubkey -noout'";
                return null;

            default:
                why = "it is not labelled PUBLIC KEY; convert it with 'openssl pkey -pubin -pubout' or 'openssl rsa -RSAPublicKey_in -pubout'";
                return null;
        }
    }
}
