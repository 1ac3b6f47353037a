using System.Globalization;

namespace Slipway.Policies;

// Escapes and bracketed classes: what stands for one letter.
internal sealed partial class Re2Translation
{
    private string? Escape()
    {
        var letter = _at + 1 < pattern.Length ? pattern[_at + 1] : '\0';
        switch (letter)
        {
            case 'A':
                _size.Start();
                break;
            case 'z':
                _size.End();
                break;
            case 'b' or 'B':
                _size.Other();
                break;
            case 'Q':
                return Quoted();
            default:
                return EscapedClassOrLetter(letter);
        }

        _out.Append('\\').Append(letter);
        _at += 2;
        return null;
    }

    private string? EscapedClassOrLetter(char letter)
    {
        _size.Letter();
        if (Re2Classes.OfEscape(letter) is { } members)
        {
            _out.Append('[').Append(members).Append(']');
            _at += 2;
            return null;
        }

        var fault = EscapedLetter(out var single);
        if (single is { } known)
        {
            Append(known);
        }

        return fault;
    }

    private string? Quoted()
    {
        var end = pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        for (_at += 2; _at < stop; _at++)
        {
            Letter(Here);
        }

        _at = end < 0 ? stop : end + 2;
        return null;
    }

    /// <summary>An escape that stands for one letter; or for a Unicode class, which is written out here and gives no letter.</summary>
    private string? EscapedLetter(out char? single)
    {
        single = null;
        if (_at + 1 >= pattern.Length)
        {
            return @"it ends in a \";
        }

        var letter = pattern[_at + 1];
        _at += 2;
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
            'p' or 'P' => UnicodeClass(letter),
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

    private string? UnicodeClass(char letter)
    {
        var name = BracedOr(letters: 1);
        if (name.Length is 0 or > 2 || !name.All(char.IsAsciiLetter))
        {
            return @"\p takes a general category such as \p{L} or \p{Nd}";
        }

        _out.Append('\\').Append(letter).Append('{').Append(name).Append('}');
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
        _out.Append(negated ? "[^" : "[");
        _at += negated ? 1 : 0;
        for (var first = true; !AtEnd && (first || Here != ']'); first = false)
        {
            if (ClassMember() is { } fault)
            {
                return fault;
            }
        }

        if (AtEnd)
        {
            return "a [ is never closed";
        }

        _out.Append(pattern[_at++]);
        return null;
    }

    private string? ClassMember()
    {
        if (pattern.AsSpan(_at).StartsWith("[:"))
        {
            return PosixClass();
        }

        if (Here == '\\' && _at + 1 < pattern.Length && Re2Classes.OfEscape(pattern[_at + 1]) is { } members)
        {
            _out.Append(members);
            _at += 2;
            return null;
        }

        var fault = ClassLetter(out var low);
        return fault is null && low is { } lowest ? Range(lowest) : fault;
    }

    private string? Range(char low)
    {
        Append(low);
        if (_at + 1 >= pattern.Length || Here != '-' || pattern[_at + 1] == ']')
        {
            return null;
        }

        _at++;
        if (ClassLetter(out var high) is { } fault)
        {
            return fault;
        }

        if (high is not { } highest || highest < low)
        {
            return "a range in a class runs backwards";
        }

        _out.Append('-');
        Append(highest);
        return null;
    }

    private string? ClassLetter(out char? single)
    {
        if (Here == '\\')
        {
            return EscapedLetter(out single);
        }

        single = pattern[_at++];
        return null;
    }

    private string? PosixClass()
    {
        var end = pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal);
        if (end < 0 || !Re2Classes.Posix.TryGetValue(pattern[(_at + 2)..end], out var members))
        {
            return "a class [:…:] has another name than alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word or xdigit";
        }

        _out.Append(members);
        _at = end + 2;
        return null;
    }
}
