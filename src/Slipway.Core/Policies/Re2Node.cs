using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Slipway.Policies;

internal enum Re2Assertion
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}

/// <summary>A pattern, read. Flags are resolved: each node says what it means by itself.</summary>
internal abstract record Re2Node
{
    // Far above what is allowed, and small enough that its product with any repeat is still a number.
    private const long Huge = 1_000_000;

    private Re2Node() { }

    /// <summary>One letter out of a set, written as .NET writes it.</summary>
    public sealed record Letter(string Members, bool IgnoresCase) : Re2Node;

    public sealed record Assertion(Re2Assertion Kind) : Re2Node;

    /// <param name="Number">Null for a group that does not capture.</param>
    public sealed record Group(int? Number, Re2Node Inside) : Re2Node;

    public sealed record Sequence(ImmutableArray<Re2Node> Parts) : Re2Node;

    public sealed record Choice(ImmutableArray<Re2Node> Branches) : Re2Node;

    /// <param name="Most">Null for no end.</param>
    public sealed record Repeat(Re2Node Inside, int Least, int? Most, bool IsLazy) : Re2Node;

    /// <summary>Letters and assertions there would be with all repeats written out: twenty characters can ask for a million.</summary>
    public long States => this switch
    {
        Letter or Assertion => 1,
        Group group => group.Inside.States,
        Sequence sequence => Math.Min(sequence.Parts.Sum(part => part.States), Huge),
        Choice choice => Math.Min(choice.Branches.Sum(branch => branch.States), Huge),
        Repeat repeat => Math.Min(repeat.Inside.States * Math.Max(repeat.Most ?? repeat.Least, 1), Huge),
        _ => throw new UnreachableException($"unknown node {this}"),
    };

    public bool MatchesNothing => this switch
    {
        Letter => false,
        Assertion => true,
        Group group => group.Inside.MatchesNothing,
        Sequence sequence => sequence.Parts.All(part => part.MatchesNothing),
        Choice choice => choice.Branches.Any(branch => branch.MatchesNothing),
        Repeat repeat => repeat.Least == 0 || repeat.Inside.MatchesNothing,
        _ => throw new UnreachableException($"unknown node {this}"),
    };

    /// <summary>For <c>RegexOptions.NonBacktracking</c>. Groups keep their number: .NET would count the named ones last.</summary>
    public string Expression => this switch
    {
        Letter letter => letter.IgnoresCase ? $"(?i:{letter.Members})" : letter.Members,
        Assertion assertion => assertion.Kind switch
        {
            Re2Assertion.TextStart => @"\A",
            Re2Assertion.TextEnd => @"\z",
            Re2Assertion.LineStart => "(?m:^)",
            Re2Assertion.LineEnd => "(?m:$)",
            Re2Assertion.WordBoundary => @"\b",
            _ => @"\B",
        },
        Group { Number: { } number } group => $"(?<{number}>{group.Inside.Expression})",
        Group group => $"(?:{group.Inside.Expression})",
        Sequence sequence => string.Concat(sequence.Parts.Select(part => part.Expression)),
        Choice choice => string.Join('|', choice.Branches.Select(branch => branch.Expression)),
        Repeat repeat => string.Create(CultureInfo.InvariantCulture, $"{repeat.Inside.Expression}{{{repeat.Least},{repeat.Most}}}{(repeat.IsLazy ? "?" : "")}"),
        _ => throw new UnreachableException($"unknown node {this}"),
    };
}
