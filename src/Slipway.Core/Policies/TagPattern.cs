using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Slipway.Images;

namespace Slipway.Policies;

/// <summary>Reads a pattern, as <see cref="TagPattern.TryParse"/> does; or finds one that was read from the same text before.</summary>
public delegate bool PatternReader(string? text, [NotNullWhen(true)] out TagPattern? pattern, out string error);

/// <summary>
/// A regular expression over tags with the semantics of RE2 (github.com/google/re2, wiki/Syntax): matching is linear in the tag, whatever the
/// pattern. What has no linear answer is refused when it is read. <c>\d</c>, <c>\s</c> and <c>\w</c> are ASCII.
/// </summary>
public sealed class TagPattern
{
    /// <summary>Of the pattern.</summary>
    public const int LongestText = 512;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly Re2Node _node;

    private readonly Regex _anywhere;

    // Made when they are first needed, which for most patterns is never. Two threads may both make one; either will do.
    private Regex? _whole;

    private Re2Program? _program;

    private TagPattern(string text, Re2Node node, ImmutableArray<string> groupNames, Regex anywhere)
    {
        Text = text;
        GroupNames = groupNames;
        FixedEnds = Policies.FixedEnds.Of(node);
        _node = node;
        _anywhere = anywhere;
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>By number; empty for a group without a name, and for number 0, which is the whole match.</summary>
    public ImmutableArray<string> GroupNames { get; }

    internal FixedEnds? FixedEnds { get; }

    /// <summary>The error is a sentence with the reason.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TagPattern? pattern, out string error)
    {
        pattern = null;
        error = "a pattern must not be empty";
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (text.Length > LongestText)
        {
            error = $"{UntrustedText.Quote(text)} is no pattern: it is longer than {LongestText} characters";
            return false;
        }

        if (!Re2Parser.TryParse(text, out var node, out var groupNames, out var reason) || !TryBuild(node.Expression, out var anywhere, out reason))
        {
            error = $"{UntrustedText.Quote(text)} is no pattern: {reason}; write it in the syntax of RE2";
            return false;
        }

        pattern = new TagPattern(text, node, groupNames, anywhere);
        error = "";
        return true;
    }

    /// <summary>True when the pattern matches somewhere in the tag, as in Go's MatchString: anchor it with ^ and $ to mean all of it.</summary>
    public bool IsMatch(ReadOnlySpan<char> tag) => _anywhere.IsMatch(tag);

    /// <summary>True when the pattern matches the tag from its first to its last character.</summary>
    public bool IsWholeMatch(ReadOnlySpan<char> tag) => (_whole ??= new Regex($@"\A(?:{_node.Expression})\z", Linear)).IsMatch(tag);

    public override string ToString() => Text;

    /// <summary>Where the groups are: two places to each, the whole match first, -1 for a group that took no part.</summary>
    internal bool TryCapture(ReadOnlySpan<char> tag, Span<int> places) =>
        Re2Captures.TryFind(_program ??= Re2Program.Compile(_node, GroupNames.Length), tag, places);

    private static bool TryBuild(string expression, [NotNullWhen(true)] out Regex? regex, out string reason)
    {
        try
        {
            regex = new Regex(expression, Linear);
            reason = "";
            return true;
        }
        catch (RegexParseException fault)
        {
            // The message of the exception quotes the translation, which the user did not write.
            regex = null;
            reason = Words(fault.Error.ToString());
            return false;
        }
        catch (NotSupportedException)
        {
            regex = null;
            reason = "it has no linear answer";
            return false;
        }
    }

    private static string Words(string name) =>
        string.Concat(name.Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? " " : "") + char.ToLowerInvariant(letter) : $"{letter}"));
}
