using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Slipway.Policies;

/// <summary>A pattern in RE2 syntax, rewritten for <c>RegexOptions.NonBacktracking</c>.</summary>
/// <param name="Expression">Capture groups are numbered by the order in which they open, named ones too, as Go counts them and .NET does not.</param>
/// <param name="GroupNames">By number; empty for a group without a name. Number 0 is the whole match.</param>
/// <param name="FixedEnds">Set where the one group's place follows from the length of the text.</param>
internal sealed record Re2Pattern(string Expression, ImmutableArray<string> GroupNames, FixedEnds? FixedEnds)
{
    /// <summary>The error is the reason alone, to stand behind a colon.</summary>
    public static bool TryTranslate(string pattern, [NotNullWhen(true)] out Re2Pattern? translated, out string error)
    {
        var translation = new Re2Translation(pattern);
        error = translation.Run() ?? "";
        translated = error.Length == 0 ? translation.Result() : null;
        return translated is not null;
    }
}

/// <summary>
/// Of a pattern such as <c>^v(.*)-alpine$</c>: everything before and behind its one group has a fixed width, so that a text that matches
/// needs no captures. Capturing costs ten times what matching does.
/// </summary>
internal readonly record struct FixedEnds(int Before, int Behind);
