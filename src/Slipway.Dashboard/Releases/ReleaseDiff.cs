using System.Collections.Immutable;
using Slipway.Dashboard.Shell;
using Slipway.Views;

namespace Slipway.Dashboard.Releases;

/// <summary>One line of a comparison.</summary>
public sealed record DiffLine(string What, string Before, string After)
{
    public bool Differs => Before != After;
}

/// <summary>What is other in one Release than in another.</summary>
public static class ReleaseDiff
{
    public static ImmutableArray<DiffLine> Of(ReleaseView before, ReleaseView after)
    {
        var checks = Names(before).Union(Names(after), StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return
        [
            Line("Version", release => release.Row.Tag),
            Line("Digest", release => release.Row.Digest),
            Line("Repository", release => release.Repository),
            Line("Why", release => release.Cause),
            Line("Who", release => release.By),
            Line("Outcome", release => release.Row.Outcome),
            Line("Reason", release => release.Reason),
            Line("Began", release => Ages.Exact(release.Row.StartedAt)),
            Line("Took", release => release.FinishedAt is { } finished ? Ages.Text(finished - release.Row.StartedAt) : null),
            .. checks.Select(name => Line($"Check {name}", release => Verdict(release, name))),
        ];

        DiffLine Line(string what, Func<ReleaseView, string?> of) => new(what, of(before) ?? "–", of(after) ?? "–");
    }

    private static IEnumerable<string> Names(ReleaseView release) => (release.Checks ?? []).Select(check => check.Name);

    // The last moment that it was asked in decides.
    private static string? Verdict(ReleaseView release, string name) => release.Checks?.LastOrDefault(check => check.Name == name) is { } check ? $"{check.Verdict}, {check.Passed} passed, {check.Failed} failed" : null;
}
