using Slipway.Checks;
using Slipway.Checks.Templates;

namespace Slipway.CheckSources;

/// <summary>Puts the values of a measurement into the texts of its plan.</summary>
internal static class CheckWords
{
    /// <returns>Null, with the reason, where a placeholder has no value here.</returns>
    public static string? TryRender(string text, TextSyntax syntax, MeasureWish wish, bool ofStable, out string problem) =>
        CheckText.TryParse(text, syntax, [.. (wish.Plan.Args ?? []).Keys], out var parsed, out problem)
        && parsed.TryRender(Sides.Values(wish, ofStable), out var rendered, out problem) ? rendered : null;

    /// <summary>Whether the text is another one for the stable side.</summary>
    public static bool IsSided(MeasureWish wish, string? text, TextSyntax syntax) =>
        text is not null && CheckText.TryParse(text, syntax, [.. (wish.Plan.Args ?? []).Keys], out var parsed, out _) && parsed.IsSided;
}
