using System.Security.Cryptography;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>Digests that can be checked: those whose algorithm can be computed here (OCI image spec, descriptor.md, "Registered Algorithms").</summary>
public static class ContentDigest
{
    private const string Sha512Prefix = "sha512:";

    public static bool IsValid(string? digest) =>
        Digest.IsValid(digest) && (Digest.IsSha256(digest) || digest!.StartsWith(Sha512Prefix, StringComparison.Ordinal));

    /// <summary>Whether these are the bytes that <paramref name="digest"/> names.</summary>
    public static bool Matches(string digest, ReadOnlySpan<byte> content) =>
        digest == (digest.StartsWith(Sha512Prefix, StringComparison.Ordinal) ? Sha512Prefix + Convert.ToHexStringLower(SHA512.HashData(content)) : Digest.OfSha256(content));
}
