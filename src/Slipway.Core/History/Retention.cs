using System.Collections.Immutable;
using Slipway.Rollouts;

namespace Slipway.History;

/// <summary>Which Releases have had their time, by count and age (rule 11).</summary>
public static class Retention
{
    /// <summary>
    /// The Releases to delete, oldest first. Never among them: one that is still running, <paramref name="current"/>, and the last
    /// good one before it, which is what a rollback by hand would go to.
    /// </summary>
    public static ImmutableArray<ReleaseRecord> Expired(ImmutableArray<ReleaseRecord> history, long current, RolloutTerms terms, DateTimeOffset now)
    {
        if (history.Length <= terms.HistoryLimit && terms.HistoryMaxAge is null)
        {
            return [];
        }

        var newestFirst = history.OrderByDescending(release => release.Number).ToArray();
        var currentDigest = newestFirst.FirstOrDefault(release => release.Number == current)?.Digest;
        // Nothing is current where a status was lost: the last that passed is what will be.
        var fallback = newestFirst.FirstOrDefault(release => (release.Number < current || current == 0) && release.Outcome == Outcomes.Succeeded && release.Digest != currentDigest);
        return
        [
            .. newestFirst
                .Where((release, rank) => rank >= terms.HistoryLimit || now - release.StartedAt > terms.HistoryMaxAge)
                .Where(release => release.Number != current && release.Number != fallback?.Number && Outcomes.IsFinal(release.Outcome))
                .Reverse(),
        ];
    }
}
