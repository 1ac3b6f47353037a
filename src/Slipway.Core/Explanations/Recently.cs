using Slipway.History;

namespace Slipway.Explanations;

/// <summary>What happened last.</summary>
public static class Recently
{
    private const int MostEvents = 5;

    public static Paragraph? Last(Facts facts)
    {
        if (facts.Releases.LastOrDefault(release => release.Status?.Outcome is not (null or "" or Outcomes.Running)) is not { Status: { } status } last)
        {
            return null;
        }

        var version = Words.Version(last.Spec.Tag, last.Spec.Digest);
        return new Paragraph("Last", [$"release {last.Spec.Number}, {version}: {status.Outcome}{(status.Message is { Length: > 0 } message ? $": {message}" : "")}"]);
    }

    public static Paragraph? Events(Facts facts)
    {
        var shown = facts.Happenings.Take(MostEvents).Select(happening => Sentence(facts, happening)).ToArray();
        return shown.Length == 0 ? null : new Paragraph("Events", [.. shown]);
    }

    private static string Sentence(Facts facts, Happening happening)
    {
        var often = happening.Count > 1 ? $" ({happening.Count} times)" : "";
        return $"{facts.Ago(happening.At)}{often}  {(happening.Warning ? "Warning " : "")}{happening.Reason}: {happening.Message}";
    }
}
