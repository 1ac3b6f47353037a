using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>
/// Reads the query parameter <c>labelSelector</c> ("Labels and Selectors" of the Kubernetes documentation): <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.
/// </summary>
public static partial class LabelSelectorText
{
    /// <summary>Of the whole text.</summary>
    public const int Longest = 1024;

    /// <returns>Null where it cannot be read; <paramref name="problem"/> says why.</returns>
    public static LabelSelector? Parse(string text, out string problem)
    {
        problem = $"it is longer than {Longest} letters";
        if (text.Length > Longest)
        {
            return null;
        }

        var requirements = ImmutableArray.CreateBuilder<LabelRequirement>();
        foreach (var term in Commas.Split(text).Select(term => term.Trim()).Where(term => term.Length > 0))
        {
            if (Term(term) is not { } requirement)
            {
                problem = $"{Images.UntrustedText.Quote(term)} is no requirement; write a=b, a!=b, a in (b,c), a notin (b), a or !a";
                return null;
            }

            requirements.Add(requirement);
        }

        problem = "";
        return new LabelSelector { MatchExpressions = requirements.ToImmutable() };
    }

    private static LabelRequirement? Term(string term) =>
        Set.Match(term) is { Success: true } set ? new LabelRequirement(set.Groups[1].Value, set.Groups[2].Value == "in" ? "In" : "NotIn", [.. set.Groups[3].Value.Split(',').Select(value => value.Trim())])
        : Equal.Match(term) is { Success: true } equal ? new LabelRequirement(equal.Groups[1].Value, equal.Groups[2].Value == "!=" ? "NotIn" : "In", [equal.Groups[3].Value])
        : Bare.Match(term) is { Success: true } bare ? new LabelRequirement(bare.Groups[2].Value, bare.Groups[1].Length > 0 ? "DoesNotExist" : "Exists", [])
        : null;

    // Commas within parentheses are of a set.
    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.None, 1000)]
    private static partial Regex Commas { get; }

    [GeneratedRegex(@"^([\w./-]+)\s+(in|notin)\s*\(([\w.,\s-]*)\)$", RegexOptions.NonBacktracking)]
    private static partial Regex Set { get; }

    [GeneratedRegex(@"^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Equal { get; }

    [GeneratedRegex(@"^(!?)([\w./-]+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Bare { get; }
}
