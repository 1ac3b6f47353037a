using System.Globalization;
using System.Text;

namespace Slipway.Policies;

// Escapes and bracketed classes: what stands for one letter.
internal sealed partial class Re2Parser
{
    private string? Escape()
    {
        var letter = _at + 1 < pattern.Length ? pattern[_at + 1] : '\0';
        if (letter == 'Q')
        {
            return Quoted();
        }

        Re2Assertion? assertion = letter switch
        {
            'A' => Re2Assertion.TextStart,
            'z' => Re2Assertion.TextEnd,
            'b' => Re2Assertion.WordBoundary,
            'B' => Re2Assertion.NoWordBoundary,
            _ => null,
        };
        if (assertion is { } kind)
        {
            _at += 2;
            return Assert(kind);
        }

        var members = new StringBuilder();
        var fault = EscapedMember(members, out var single);
        if (single is { } known)
        {
            return fault ?? Add(Written(known));
        }

        return fault ?? Add($"[{members}]");
    }

    private string? Quoted()
    {
        var end = pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        for (_at += 2; _at < stop; _at++)
        {
            Add(Written(Here));
        }

        _at = end < 0 ? stop : end + 2;
        return null;
    }

    /// <summary>An escape that stands for one letter; or for several, which are written into the class.</summary>
    private string? EscapedMember(StringBuilder members, out char? single)
    {
        single = null;
        if (_at + 1 >= pattern.Length)
        {
            return @"it ends in a \";
        }

        var letter = pattern[_at + 1];
        _at += 2;
        if (Re2Classes.OfEscape(letter) is { } known)
        {
            members.Append(known);
            return null;
        }

        single = letter switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            _ => char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter) ? letter : null,
        };
        return single is not null ? null : letter switch
        {
            'x' => HexLetter(out single),
            'p' or 'P' => UnicodeClass(letter, members),
            >= '1' and <= '9' => "back-references have no linear answer",
            _ => $@"\{(char.IsAsciiLetterOrDigit(letter) ? letter : '?')} is not in RE2",
        };
    }

    private string? HexLetter(out char? single)
    {
        var name = BracedOr(letters: 2);
        single = null;
        if (name.Length is 0 or > 8 || !int.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) || number is < 0 or > char.MaxValue)
        {
            return @"\x takes two hexadecimal digits, or up to FFFF in braces";
        }

        single = (char)number;
        return null;
    }

    private string? UnicodeClass(char letter, StringBuilder members)
    {
        var name = BracedOr(letters: 1);
        if (name.Length is 0 or > 2 || !name.All(char.IsAsciiLetter))
        {
            return @"\p takes a general category such as \p{L} or \p{Nd}";
        }

        members.Append('\\').Append(letter).Append('{').Append(name).Append('}');
        return null;
    }

    /// <summary>What stands in braces here, or that many letters; empty where there are not so many.</summary>
    private string BracedOr(int letters)
    {
        var braced = !AtEnd && Here == '{';
        var start = _at + (braced ? 1 : 0);
        var end = braced ? pattern.IndexOf('}', start) : start + letters;
        if (end < 0 || end > pattern.Length)
        {
            return "";
        }

        _at = end + (braced ? 1 : 0);
        return pattern[start..end];
    }

    private string? Class()
    {
        _at++;
        var negated = !AtEnd && Here == '^';
        var members = new StringBuilder(negated ? "[^" : "[");
        _at += negated ? 1 : 0;
        for (var first = true; !AtEnd && (first || Here != ']'); first = false)
        {
            if (Member(members) is { } fault)
            {
                return fault;
            }
        }

        if (AtEnd)
        {
            return "a [ is never closed";
        }

        _at++;
        return Add(members.Append(']').ToString());
    }

    private string? Member(StringBuilder members)
    {
        if (pattern.AsSpan(_at).StartsWith("[:"))
        {
            return PosixClass(members);
        }

        var fault = LetterOrEscape(members, out var low);
        return fault is null && low is { } lowest ? Range(lowest, members) : fault;
    }

    private string? Range(char low, StringBuilder members)
    {
        members.Append(Written(low));
        if (_at + 1 >= pattern.Length || Here != '-' || pattern[_at + 1] == ']')
        {
            return null;
        }

        _at++;
        var fault = LetterOrEscape(members, out var high);
        if (fault is not null || high is not { } highest || highest < low)
        {
            return fault ?? "a range in a class runs backwards";
        }

        members.Append('-').Append(Written(highest));
        return null;
    }

    private string? LetterOrEscape(StringBuilder members, out char? single)
    {
        if (Here == '\\')
        {
            return EscapedMember(members, out single);
        }

        single = pattern[_at++];
        return null;
    }

    private string? PosixClass(StringBuilder members)
    {
        var end = pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal);
        if (end < 0 || !Re2Classes.Posix.TryGetValue(pattern[(_at + 2)..end], out var known))
        {
            return "a class [:…:] has another name than alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word or xdigit";
        }

        members.Append(known);
        _at = end + 2;
        return null;
    }
}
