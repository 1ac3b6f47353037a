using System.Buffers;
using System.Security.Cryptography;

namespace Slipway.Images;

/// <summary>
/// <c>algorithm:encoded</c>, OCI image-spec, descriptor.md, section Digests. A digest travels as a string: it is compared and shown, never computed with.
/// </summary>
public static class Digest
{
    public const string Sha256Prefix = "sha256:";

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private static readonly SearchValues<char> Encoded =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=_-");

    // Longer than any registered algorithm writes; a digest is copied into status and names.
    private const int LongestText = 256;

    /// <summary>The digest of these bytes, always in the one form <c>sha256:</c> and 64 lower-case digits.</summary>
    public static string OfSha256(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Sha256Prefix + Convert.ToHexStringLower(hash);
    }

    /// <summary><c>sha256:</c> and 64 lower-case hexadecimal digits: what an image is pinned by.</summary>
    public static bool IsSha256(ReadOnlySpan<char> text) =>
        text.Length == Sha256Prefix.Length + 64 && text.StartsWith(Sha256Prefix) && !text[Sha256Prefix.Length..].ContainsAnyExcept(LowerHex);

    /// <summary>A digest that the spec allows in a descriptor: sha256 and sha512 by their exact length, other algorithms by the grammar.</summary>
    public static bool IsValid(string? text) => TryValidate(text, out _);

    public static bool TryValidate(string? text, out string error)
    {
        error = Fault(text) is { } fault ? $"{UntrustedText.Quote(text)} is no digest: {fault}; write it as sha256: and 64 hexadecimal digits" : "";
        return error.Length == 0;
    }

    private static string? Fault(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestText)
        {
            return text.IsEmpty ? "it is empty" : $"it is longer than {LongestText} characters";
        }

        var colon = text.IndexOf(':');
        if (colon <= 0 || !IsAlgorithm(text[..colon]))
        {
            return "it does not begin with an algorithm and a colon";
        }

        var encoded = text[(colon + 1)..];
        return text[..colon] switch
        {
            "sha256" => HexFault(encoded, 64),
            "sha512" => HexFault(encoded, 128),
            _ => encoded.IsEmpty || encoded.ContainsAnyExcept(Encoded) ? "what follows the algorithm is not its encoded form" : null,
        };
    }

    private static string? HexFault(ReadOnlySpan<char> encoded, int length)
    {
        if (encoded.Length != length)
        {
            return $"it has {encoded.Length} digits where the algorithm has {length}";
        }

        return encoded.ContainsAnyExcept(LowerHex) ? "it has other characters than lower-case hexadecimal digits" : null;
    }

    // algorithm ::= component (separator component)*, component ::= [a-z0-9]+, separator ::= [+._-]
    private static bool IsAlgorithm(ReadOnlySpan<char> text)
    {
        var separated = true;
        foreach (var letter in text)
        {
            var separates = letter is '+' or '.' or '_' or '-';
            if ((separates && separated) || (!separates && !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter)))
            {
                return false;
            }

            separated = separates;
        }

        return !separated;
    }
}
