using Slipway.Cli.Output;
using Slipway.History;

namespace Slipway.Cli.Explanations;

/// <summary>What happened last.</summary>
internal static class Recently
{
    private const int MostEvents = 5;

    public static Paragraph? Last(Facts facts) => facts.Releases.LastOrDefault(release => release.Status?.Outcome is not (null or "" or Outcomes.Running)) is not { } last
        ? null
        : new Paragraph("Last", [$"release {last.Spec.Number}, {Words.Version(last.Spec.Tag, last.Spec.Digest)}: {last.Status!.Outcome}: {last.Status.Message}"]);

    public static Paragraph? Events(Facts facts)
    {
        var shown = facts.Happenings.Take(MostEvents).Select(happening =>
            $"{facts.Ago(happening.At)}{(happening.Count > 1 ? $" ({happening.Count} times)" : "")}  {(happening.Warning ? "Warning " : "")}{happening.Reason}: {happening.Message}").ToArray();
        return shown.Length == 0 ? null : new Paragraph("Events", [.. shown]);
    }
}
