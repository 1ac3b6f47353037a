using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Slipway.Sandbox.Registry;

/// <summary>The name of content by its SHA-256, as in "Digests" of the OCI image spec: <c>sha256:</c> and 64 hex digits.</summary>
public static partial class ContentDigest
{
    private const string Prefix = "sha256:";

    public static string Of(ReadOnlySpan<byte> content) => Prefix + Convert.ToHexStringLower(SHA256.HashData(content));

    public static bool IsDigest(string text) => Pattern.IsMatch(text);

    /// <summary>The tag under which referrers of a digest are listed where a registry has no referrers API (OCI distribution spec 1.1, "Referrers Tag Schema").</summary>
    public static string ReferrersTag(string digest) => digest.Replace(':', '-');

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Pattern { get; }
}
