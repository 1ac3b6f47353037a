using System.Globalization;
using System.Text;

namespace Slipway.Policies;

/// <summary>
/// One reading of a pattern. What RE2 has no linear answer to is refused here with its reason and not left to the engine, and so is what
/// .NET would read as something else than RE2 does (class subtraction, comments, octal numbers, <c>\Z</c>).
/// </summary>
internal sealed partial class Re2Translation(string pattern)
{
    /// <summary>Go's regexp/syntax: the highest count in braces.</summary>
    private const int MostRepeats = 1000;

    // 10,000 states are more than any sensible tag pattern has and take some megabytes; each is a limit on what one spec field may cost.
    private const int MostStates = 10_000;

    private readonly StringBuilder _out = new(pattern.Length + 32);

    private readonly List<string> _groups = [""];

    private readonly Re2Size _size = new();

    private int _at;

    private int _depth;

    private bool _multiline;

    private bool AtEnd => _at >= pattern.Length;

    private char Here => pattern[_at];

    public Re2Pattern Result() => new(_out.ToString(), [.. _groups], _size.FixedEnds);

    /// <summary>The reason why this is no pattern, or null.</summary>
    public string? Run()
    {
        while (!AtEnd)
        {
            if (Token() is { } fault)
            {
                return fault;
            }
        }

        return _depth > 0 ? "a ( is never closed" : _size.States > MostStates ? "its repeats make it too large" : null;
    }

    private string? Token()
    {
        switch (Here)
        {
            case '\\':
                return Escape();
            case '[':
                _size.Letter();
                return Class();
            case '(':
                return Open();
            case ')':
                return Close();
            case '*' or '+' or '?':
                return Quantifier(most: 1, exactly: false, _at + 1);
            case '{':
                return Braces();
            case '^' or '$' or '|':
                Mark(Here);
                return null;
            case '.':
                _size.Letter();
                _out.Append(pattern[_at++]);
                return null;
            default:
                Letter(pattern[_at++]);
                return null;
        }
    }

    private void Mark(char mark)
    {
        if (mark == '^')
        {
            _size.Start();
        }
        else if (mark == '$')
        {
            _size.End();
        }
        else
        {
            _size.Other();
        }

        // Outside of (?m) the end of RE2 is the end; that of .NET lets a line feed follow.
        _ = mark == '$' && !_multiline ? _out.Append(@"\z") : _out.Append(mark);
        _at++;
    }

    private void Letter(char letter)
    {
        _size.Letter();
        Append(letter);
    }

    // Every letter that is not plainly a letter is written by its number, so that none of them means anything to .NET.
    private void Append(char letter) =>
        _ = char.IsAsciiLetterOrDigit(letter) ? _out.Append(letter) : _out.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");

    private string? Quantifier(int most, bool exactly, int next)
    {
        if (_out.Length == 0)
        {
            return "a repeat has nothing before it";
        }

        _out.Append(pattern, _at, next - _at);
        _at = next;
        var lazy = !AtEnd && Here == '?';
        if (lazy)
        {
            _out.Append('?');
            _at++;
        }

        _size.Repeat(most, exactly && !lazy);
        return AtEnd || Here is not ('*' or '+' or '?') ? null : "a repeat follows a repeat";
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> and <c>{n,m}</c> repeat; any other brace is a letter.</summary>
    private string? Braces()
    {
        var close = pattern.IndexOf('}', _at);
        var inside = close < 0 ? "" : pattern[(_at + 1)..close];
        var comma = inside.IndexOf(',', StringComparison.Ordinal);
        var least = comma < 0 ? inside : inside[..comma];
        var most = comma < 0 || comma == inside.Length - 1 ? least : inside[(comma + 1)..];
        if (!IsCount(least) || !IsCount(most))
        {
            Letter(pattern[_at++]);
            return null;
        }

        return least.Length > 4 || most.Length > 4 || int.Parse(most, CultureInfo.InvariantCulture) is var count && count > MostRepeats
            ? $"a repeat is above {MostRepeats}"
            : Quantifier(count, comma < 0, close + 1);
    }

    private static bool IsCount(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private string? Open()
    {
        _at++;
        if (AtEnd || Here != '?')
        {
            return OpenCapture("");
        }

        var rest = pattern.AsSpan(_at);
        if (rest.StartsWith("?P<") || (rest.StartsWith("?<") && !rest.StartsWith("?<=") && !rest.StartsWith("?<!")))
        {
            return NamedGroup(_at + (rest[1] == 'P' ? 3 : 2));
        }

        return rest switch
        {
            ['?', '=' or '!' or '<', ..] => "look-around has no linear answer",
            ['?', '>', ..] => "atomic groups are not in RE2",
            ['?', 'P', ..] => "back-references have no linear answer",
            _ => Flags(),
        };
    }

    private string? NamedGroup(int start)
    {
        var end = pattern.IndexOf('>', start);
        var name = end < 0 ? "" : pattern[start..end];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            return "a group's name is letters, digits and underscores";
        }

        _at = end + 1;
        return _groups.Contains(name) ? $"two groups are named '{name}'" : OpenCapture(name);
    }

    private string? OpenCapture(string name)
    {
        _groups.Add(name);
        _out.Append(CultureInfo.InvariantCulture, $"(?<{_groups.Count - 1}>");
        return Opened(captures: true);
    }

    private string? Opened(bool captures)
    {
        _size.Open(captures);
        _depth++;
        return null;
    }

    private string? Flags()
    {
        var end = _at + 1;
        while (end < pattern.Length && pattern[end] is 'i' or 'm' or 's' or '-')
        {
            end++;
        }

        if (end == pattern.Length || pattern[end] is not (':' or ')') || (pattern[end] == ')' && end == _at + 1))
        {
            return "what follows (? is not in RE2, or a flag other than i, m and s";
        }

        var flags = pattern[_at..(end + 1)];
        _out.Append('(').Append(flags);
        _at = end + 1;
        if (flags.Contains('m', StringComparison.Ordinal))
        {
            _multiline = true;
            _size.Other();
        }

        return flags[^1] == ':' ? Opened(captures: false) : null;
    }

    private string? Close()
    {
        if (_depth-- == 0)
        {
            return "a ) closes nothing";
        }

        _size.Close();
        _out.Append(pattern[_at++]);
        return null;
    }
}
