using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Versions;

/// <summary>
/// How versions by the calendar are written, such as <c>YYYY.0M.MICRO</c> (calver.org, "Scheme"). It reads a text from its first to its last
/// letter: what has more or less than the layout is no version of it.
/// </summary>
public sealed class CalendarLayout
{
    internal const int MostNumbers = 6;

    private readonly ImmutableArray<CalendarPart> _parts;

    internal CalendarLayout(string text, ImmutableArray<CalendarPart> parts) => (Text, _parts) = (text, parts);

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>The error is a sentence with the reason and the way out.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CalendarLayout? layout, out string error) =>
        CalendarLayoutText.TryRead(text, out layout, out error);

    public bool TryRead(ReadOnlyMemory<char> text, out CalendarVersion version)
    {
        version = default;
        var (numbers, count, at) = (new CalendarNumbers(), 0, 0);
        ReadOnlyMemory<char> modifier = default;
        var letters = text.Span;
        foreach (var part in _parts)
        {
            if (part.Token is CalendarToken.Modifier)
            {
                // It may be left out, and then so is what sets it off.
                if (at < letters.Length && !TryReadModifier(text[at..], part.Letters, out modifier))
                {
                    return false;
                }

                at = letters.Length;
            }
            else if (part.Token is { } token)
            {
                if (!TryReadNumber(letters, ref at, token, out var number))
                {
                    return false;
                }

                numbers[count++] = number;
            }
            else if (letters[at..].StartsWith(part.Letters))
            {
                at += part.Letters.Length;
            }
            else
            {
                return false;
            }
        }

        version = new CalendarVersion(numbers, modifier);
        return at == letters.Length;
    }

    public override string ToString() => Text;

    private static bool TryReadModifier(ReadOnlyMemory<char> rest, string separator, out ReadOnlyMemory<char> modifier)
    {
        var isThere = rest.Span.StartsWith(separator) && rest.Length > separator.Length;
        modifier = isThere ? rest[separator.Length..] : default;

        // Without a separator a number would not end where the modifier begins.
        return isThere && (separator.Length > 0 || !char.IsAsciiDigit(modifier.Span[0]));
    }

    private static bool TryReadNumber(ReadOnlySpan<char> letters, ref int at, CalendarToken token, out ulong number)
    {
        var (least, most, low, high, padded) = CalendarTokens.Rules(token);
        var length = 0;
        while (length < most && at + length < letters.Length && char.IsAsciiDigit(letters[at + length]))
        {
            length++;
        }

        number = 0;
        var digits = letters.Slice(at, length);
        at += length;
        return length >= least
            && (padded || length == 1 || digits[0] != '0')
            && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number >= low && number <= high;
    }
}

/// <summary>A token, or letters that stand as they are. Of a modifier, <paramref name="Letters"/> is what sets it off.</summary>
internal readonly record struct CalendarPart(CalendarToken? Token, string Letters);
