using System.Buffers;

namespace Slipway.Images;

/// <summary>Why a text is no reference; the names follow the errors of distribution/reference.</summary>
public enum ReferenceFault
{
    None,
    NameEmpty,
    NameUppercase,
    NameTooLong,
    InvalidFormat,
    DigestUnsupported,
    DigestInvalidLength,
}

/// <summary>A reference as it is written, nothing filled in. <see cref="Domain"/> is empty where the name begins with no host.</summary>
public readonly record struct ReferenceParts(string Domain, string Path, string? Tag, string? Digest)
{
    public string Name => Domain.Length == 0 ? Path : $"{Domain}/{Path}";
}

/// <summary>
/// The grammar of distribution/reference (its package documentation): <c>[domain[:port]/]path[:tag][@digest]</c>, and no normalisation.
/// Every function reads its text once, from left to right.
/// </summary>
public static class ReferenceGrammar
{
    /// <summary>distribution/reference, RepositoryNameTotalLengthMax: of the path alone, as registries count it.</summary>
    public const int LongestPath = 255;

    /// <summary>OCI distribution-spec, "Pulling manifests": a tag has at most 128 characters.</summary>
    public const int LongestTag = 128;

    // DNS allows 253; a port and brackets go on top. What is longer is not read at all.
    private const int LongestReference = 1024;

    private static readonly SearchValues<char> TagLetters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.-");

    private static readonly SearchValues<char> AddressLetters = SearchValues.Create("0123456789ABCDEFabcdef:");

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789ABCDEFabcdef");

    /// <summary>A word character, then up to 127 word characters, dots and hyphens.</summary>
    public static bool IsTag(ReadOnlySpan<char> text) => IsTagText(text) && text[0] is not ('.' or '-');

    /// <summary>Made of the letters of tags and no longer than one. Weaker than <see cref="IsTag"/>: a list may hold <c>-3</c>, which only a number can be.</summary>
    public static bool IsTagText(ReadOnlySpan<char> text) => text.Length is > 0 and <= LongestTag && !text.ContainsAnyExcept(TagLetters);

    /// <summary>A host name or an IPv4 address or an IPv6 address in brackets, and a port where one is given.</summary>
    public static bool IsDomain(ReadOnlySpan<char> text)
    {
        if (text is ['[', ..])
        {
            var close = text.IndexOf(']');
            return close > 1 && !text[1..close].ContainsAnyExcept(AddressLetters) && IsPortOrNothing(text[(close + 1)..]);
        }

        var colon = text.IndexOf(':');
        return IsHost(colon < 0 ? text : text[..colon]) && (colon < 0 || IsPortOrNothing(text[colon..]));
    }

    /// <summary>Components of lower-case letters and digits, parted inside by <c>.</c>, <c>_</c>, <c>__</c> or hyphens.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        foreach (var component in text.Split('/'))
        {
            if (!IsPathComponent(text[component]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The domain is what stands before the first slash where that is a domain; otherwise all of it is the path.</summary>
    public static bool TrySplitName(string name, out string domain, out string path)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var hasDomain = slash > 0 && IsDomain(name.AsSpan(0, slash));
        domain = hasDomain ? name[..slash] : "";
        path = hasDomain ? name[(slash + 1)..] : name;
        return IsPath(path);
    }

    /// <summary>True for a text that the grammar derives, whatever its lengths and its digest's algorithm.</summary>
    public static bool TryMatch(string text, out ReferenceParts parts)
    {
        parts = default;
        if (text.Length is 0 or > LongestReference)
        {
            return false;
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : text[(at + 1)..];
        var rest = at < 0 ? text : text[..at];

        // A colon after the last slash begins a tag; one before it is a port, or inside an address.
        var colon = rest.LastIndexOf(':');
        var hasTag = colon >= 0 && !rest.AsSpan(colon).Contains('/');
        var tag = hasTag ? rest[(colon + 1)..] : null;
        if ((digest is not null && !IsDigestText(digest)) || (tag is not null && !IsTag(tag)) ||
            !TrySplitName(hasTag ? rest[..colon] : rest, out var domain, out var path))
        {
            return false;
        }

        parts = new ReferenceParts(domain, path, tag, digest);
        return true;
    }

    /// <summary>The strict reading: grammar, lengths, and a digest that names an image.</summary>
    public static bool TryParse(string text, out ReferenceParts parts, out ReferenceFault fault)
    {
        fault = !TryMatch(text, out parts) ? NoMatch(text)
            : parts.Path.Length > LongestPath ? ReferenceFault.NameTooLong
            : parts.Digest is { } digest ? DigestFault(digest)
            : ReferenceFault.None;
        return fault == ReferenceFault.None;
    }

    private static ReferenceFault NoMatch(string text) =>
        text.Length == 0 ? ReferenceFault.NameEmpty
        : TryMatch(text.ToLowerInvariant(), out _) ? ReferenceFault.NameUppercase
        : ReferenceFault.InvalidFormat;

    // An image is addressed by the one algorithm that every registry can answer to and that its bytes are checked against here.
    private static ReferenceFault DigestFault(string digest) =>
        Images.Digest.IsSha256(digest) ? ReferenceFault.None
        : digest.StartsWith(Images.Digest.Sha256Prefix, StringComparison.Ordinal) ? ReferenceFault.DigestInvalidLength
        : ReferenceFault.DigestUnsupported;

    private static bool IsHost(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('.'))
        {
            var component = text[range];
            if (component.IsEmpty || component[0] == '-' || component[^1] == '-')
            {
                return false;
            }

            foreach (var letter in component)
            {
                if (!char.IsAsciiLetterOrDigit(letter) && letter != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsPortOrNothing(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && text.Length > 1 && !text[1..].ContainsAnyExceptInRange('0', '9'));

    private static bool IsPathComponent(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (true)
        {
            var word = at;
            while (at < text.Length && (char.IsAsciiLetterLower(text[at]) || char.IsAsciiDigit(text[at])))
            {
                at++;
            }

            if (at == word)
            {
                return false;
            }

            if (at == text.Length)
            {
                return true;
            }

            var separator = SeparatorLength(text[at..]);
            if (separator == 0)
            {
                return false;
            }

            at += separator;
        }
    }

    private static int SeparatorLength(ReadOnlySpan<char> text) => text switch
    {
        ['_', '_', ..] => 2,
        ['_' or '.', ..] => 1,
        ['-', ..] => text.IndexOfAnyExcept('-') is var end and >= 0 ? end : text.Length,
        _ => 0,
    };

    // digest ::= algorithm ":" [0-9a-fA-F]{32,}, algorithm ::= component ([+._-] component)*, component ::= [A-Za-z][A-Za-z0-9]*
    private static bool IsDigestText(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0 || text.Length - colon - 1 < 32 || text[(colon + 1)..].ContainsAnyExcept(Hex))
        {
            return false;
        }

        var algorithm = text[..colon];
        foreach (var range in algorithm.SplitAny('+', '.', '_', '-'))
        {
            var component = algorithm[range];
            if (component.IsEmpty || !char.IsAsciiLetter(component[0]))
            {
                return false;
            }

            foreach (var letter in component)
            {
                if (!char.IsAsciiLetterOrDigit(letter))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
