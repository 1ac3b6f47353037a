using System.Globalization;

namespace Slipway.Versions;

/// <summary>Reads <c>[v]major[.minor[.patch]][-prerelease][+metadata]</c>, once and from left to right.</summary>
internal static class VersionText
{
    public static bool TryRead(ReadOnlyMemory<char> text, bool strict, out SemanticVersion version)
    {
        version = default;
        var letters = text.Span;
        if (letters.Length is 0 or > SemanticVersion.LongestText)
        {
            return false;
        }

        var at = !strict && letters[0] == 'v' ? 1 : 0;
        Span<ulong> numbers = [0, 0, 0];
        var written = 0;
        do
        {
            if (!TryReadNumber(letters, ref at, strict, out numbers[written]))
            {
                return false;
            }

            written++;
        }
        while (written < 3 && Skip(letters, ref at, '.'));

        if (strict && written < 3)
        {
            return false;
        }

        if (!TryReadIdentifiers(text, ref at, '-', out var prerelease) || !TryReadIdentifiers(text, ref at, '+', out var metadata) || at < letters.Length)
        {
            return false;
        }

        version = new SemanticVersion(numbers[0], numbers[1], numbers[2], prerelease, metadata, written);
        return true;
    }

    /// <summary>Digits and nothing else. A loop, because identifiers are a few letters long and this runs for every tag of a list.</summary>
    public static bool IsNumber(ReadOnlySpan<char> identifier)
    {
        foreach (var letter in identifier)
        {
            if (!char.IsAsciiDigit(letter))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> letters, ref int at, bool strict, out ulong number)
    {
        var start = at;
        while (at < letters.Length && char.IsAsciiDigit(letters[at]))
        {
            at++;
        }

        var digits = letters[start..at];
        number = 0;
        return !(strict && digits is ['0', _, ..]) && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Dot-separated identifiers behind <paramref name="mark"/>; true with nothing where the mark is not there.</summary>
    private static bool TryReadIdentifiers(ReadOnlyMemory<char> text, ref int at, char mark, out ReadOnlyMemory<char> identifiers)
    {
        identifiers = default;
        var letters = text.Span;
        if (!Skip(letters, ref at, mark))
        {
            return true;
        }

        var start = at;
        do
        {
            var first = at;
            while (at < letters.Length && (char.IsAsciiLetterOrDigit(letters[at]) || letters[at] == '-'))
            {
                at++;
            }

            if (at == first || (mark == '-' && HasLeadingZero(letters[first..at])))
            {
                return false;
            }
        }
        while (Skip(letters, ref at, '.'));

        identifiers = text[start..at];
        return true;
    }

    private static bool HasLeadingZero(ReadOnlySpan<char> identifier) => identifier is ['0', _, ..] && IsNumber(identifier);

    private static bool Skip(ReadOnlySpan<char> letters, ref int at, char mark)
    {
        var found = at < letters.Length && letters[at] == mark;
        at += found ? 1 : 0;
        return found;
    }
}
