using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Policies;

/// <summary>
/// Reads RE2 syntax (re2, wiki/Syntax). What RE2 has no linear answer to is refused here with its reason and not left to the engine, and so
/// is what .NET would read as something else (class subtraction, comments, octal numbers, <c>\Z</c>).
/// </summary>
internal sealed partial class Re2Parser(string pattern)
{
    /// <summary>Go's regexp/syntax: the highest count in braces.</summary>
    private const int MostRepeats = 1000;

    // A tag has 128 letters, so a sensible pattern has fewer states than this by far. It bounds what one field of a spec may cost: the
    // worst pattern of 1,000 states takes a millisecond for the worst tag, where a usual one takes a hundred nanoseconds.
    private const int MostStates = 1000;

    private readonly List<string> _names = [""];

    private readonly Stack<Level> _outer = [];

    private Level _level = new(null, default);

    private Flags _flags;

    private int _at;

    private bool AtEnd => _at >= pattern.Length;

    private char Here => pattern[_at];

    /// <param name="groupNames">By number; empty for a group without a name, and for number 0.</param>
    /// <param name="error">The reason alone, to stand behind a colon.</param>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out Re2Node? node, out ImmutableArray<string> groupNames, out string error)
    {
        var parser = new Re2Parser(pattern);
        error = parser.Run() ?? "";
        node = error.Length == 0 ? parser._level.ToNode() : null;
        groupNames = [.. parser._names];
        if (node?.States > MostStates)
        {
            error = $"with its repeats written out it is too large, above {MostStates} letters";
            node = null;
        }

        return node is not null;
    }

    private string? Run()
    {
        while (!AtEnd)
        {
            if (Token() is { } fault)
            {
                return fault;
            }
        }

        return _outer.Count > 0 ? "a ( is never closed" : null;
    }

    private string? Token() => Here switch
    {
        '\\' => Escape(),
        '[' => Class(),
        '(' => Open(),
        ')' => Close(),
        '*' => Quantifier(0, null, _at + 1),
        '+' => Quantifier(1, null, _at + 1),
        '?' => Quantifier(0, 1, _at + 1),
        '{' => Braces(),
        _ => Single(pattern[_at++]),
    };

    private string? Single(char letter)
    {
        switch (letter)
        {
            case '|':
                _level.NextBranch();
                return null;
            case '^':
                return Assert(_flags.Multiline ? Re2Assertion.LineStart : Re2Assertion.TextStart);
            case '$':
                return Assert(_flags.Multiline ? Re2Assertion.LineEnd : Re2Assertion.TextEnd);
            case '.':
                return Add(_flags.DotIsAll ? @"[\u0000-\uFFFF]" : @"[^\n]");
            default:
                return Add(Written(letter));
        }
    }

    private string? Add(string members)
    {
        _level.Parts.Add(new Re2Node.Letter(members, _flags.IgnoreCase));
        return null;
    }

    private string? Assert(Re2Assertion kind)
    {
        _level.Parts.Add(new Re2Node.Assertion(kind));
        return null;
    }

    // Every letter that is not plainly a letter is written by its number, so that none of them means anything to .NET.
    private static string Written(char letter) =>
        char.IsAsciiLetterOrDigit(letter) ? $"{letter}" : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");

    private string? Quantifier(int least, int? most, int next)
    {
        if (_level.Parts is not [.., var last] || last is Re2Node.Assertion)
        {
            return "a repeat has nothing before it";
        }

        if (last is Re2Node.Repeat)
        {
            return "a repeat follows a repeat";
        }

        _at = next;
        var lazy = !AtEnd && Here == '?';
        _at += lazy ? 1 : 0;
        _level.Parts[^1] = new Re2Node.Repeat(last, least, most, lazy);
        return null;
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> and <c>{n,m}</c> repeat; any other brace is a letter.</summary>
    private string? Braces()
    {
        var close = pattern.IndexOf('}', _at);
        var inside = close < 0 ? "" : pattern[(_at + 1)..close];
        var comma = inside.IndexOf(',', StringComparison.Ordinal);
        var least = comma < 0 ? inside : inside[..comma];
        var most = comma < 0 ? inside : inside[(comma + 1)..];
        if (!IsCount(least) || !(IsCount(most) || most.Length == 0))
        {
            return Single(pattern[_at++]);
        }

        var (low, high) = (Count(least), most.Length == 0 ? (int?)null : Count(most));
        return low > MostRepeats || high > MostRepeats ? $"a repeat is above {MostRepeats}"
            : high < low ? "a repeat runs backwards"
            : Quantifier(low, high, close + 1);
    }

    private static bool IsCount(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;

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
            return OpenNamed(_at + (rest[1] == 'P' ? 3 : 2));
        }

        return rest switch
        {
            ['?', '=' or '!' or '<', ..] => "look-around has no linear answer",
            ['?', '>', ..] => "atomic groups are not in RE2",
            ['?', 'P', ..] => "back-references have no linear answer",
            _ => OpenFlags(),
        };
    }

    private string? OpenNamed(int start)
    {
        var end = pattern.IndexOf('>', start);
        var name = end < 0 ? "" : pattern[start..end];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            return "a group's name is letters, digits and underscores, and begins with no digit";
        }

        _at = end + 1;
        return _names.Contains(name) ? $"two groups are named '{name}'" : OpenCapture(name);
    }

    private string? OpenCapture(string name)
    {
        _names.Add(name);
        return Enter(new Level(_names.Count - 1, _flags));
    }

    private string? Enter(Level level)
    {
        _outer.Push(_level);
        _level = level;
        return null;
    }

    /// <summary><c>(?i-s:…)</c> for a group, <c>(?i)</c> from here to the end of the group around it.</summary>
    private string? OpenFlags()
    {
        var (flags, on) = (_flags, true);
        for (_at++; !AtEnd && Here is 'i' or 'm' or 's' or '-'; _at++)
        {
            (flags, on) = Here switch
            {
                'i' => (flags with { IgnoreCase = on }, on),
                'm' => (flags with { Multiline = on }, on),
                's' => (flags with { DotIsAll = on }, on),
                _ => (flags, false),
            };
        }

        var end = AtEnd ? '\0' : pattern[_at++];
        if (end is not (':' or ')') || pattern[_at - 2] is '-' || (end == ')' && pattern[_at - 2] == '?'))
        {
            return "what follows (? is not in RE2, or a flag other than i, m and s";
        }

        var before = _flags;
        _flags = flags;
        return end == ':' ? Enter(new Level(null, before)) : null;
    }

    private string? Close()
    {
        if (_outer.Count == 0)
        {
            return "a ) closes nothing";
        }

        _at++;
        var group = new Re2Node.Group(_level.Number, _level.ToNode());
        _flags = _level.FlagsBefore;
        _level = _outer.Pop();
        _level.Parts.Add(group);
        return null;
    }

    private readonly record struct Flags(bool IgnoreCase, bool Multiline, bool DotIsAll);

    /// <summary>What stands inside one pair of parentheses, or in none.</summary>
    private sealed class Level(int? number, Flags flagsBefore)
    {
        private readonly List<Re2Node> _branches = [];

        public int? Number => number;

        public Flags FlagsBefore => flagsBefore;

        public List<Re2Node> Parts { get; private set; } = [];

        public void NextBranch()
        {
            _branches.Add(new Re2Node.Sequence([.. Parts]));
            Parts = [];
        }

        public Re2Node ToNode()
        {
            var last = new Re2Node.Sequence([.. Parts]);
            return _branches.Count == 0 ? last : new Re2Node.Choice([.. _branches, last]);
        }
    }
}
