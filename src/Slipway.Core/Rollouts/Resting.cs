using Slipway.Api;

namespace Slipway.Rollouts;

/// <summary>
/// Candidates that were overtaken by a newer one before they had rested (spec.source.minimumAge). They are the memory of when each was first
/// seen, so that a pick that flaps begins no new rest; and the newest of them that has rested ships while the one that overtook it still
/// rests. Without that, who pushes more often than the minimum age would never get anything.
/// </summary>
public static class Resting
{
    // Two that are kept lie at least a tenth of the minimum age apart. That bounds the list, and by as much the wait for the next one.
    private const int Slices = 10;

    private const int Most = Slices + 2;

    /// <summary>The list after the pick <paramref name="picked"/> took the place of the present candidate.</summary>
    public static IReadOnlyList<CandidateStatus>? After(DeliverySnapshot now, string picked)
    {
        var kept = (now.Status.Resting ?? []).Where(known => known.Digest != picked).ToList();
        if (now.Status.Candidate is { } overtaken && overtaken.Digest != picked && overtaken.Digest != now.Status.Current?.Digest
            && kept.All(known => known.Digest != overtaken.Digest && (overtaken.FirstSeen - known.FirstSeen).Duration() >= now.Terms.MinimumAge / Slices))
        {
            kept.Add(overtaken);
        }

        // Of those that have rested the newest is enough.
        var ripe = kept.Where(known => IsRipe(now, known)).OrderBy(known => known.FirstSeen).SkipLast(1).ToHashSet();
        return Listed(kept.Where(known => !ripe.Contains(known)).OrderBy(known => known.FirstSeen).TakeLast(Most));
    }

    /// <summary>The list without what can never ship: gone from the registry, no longer chosen by the rule, not newer than what runs.</summary>
    public static IReadOnlyList<CandidateStatus>? Pruned(DeliverySnapshot now)
    {
        if (now.Status.Resting is not { Count: > 0 } resting)
        {
            return now.Status.Resting;
        }

        var kept = now.Terms.MinimumAge == TimeSpan.Zero ? [] : resting.Where(known =>
            known.Digest != now.Status.Current?.Digest
            && !(now.Rested is { IsThere: false } gone && gone.Digest == known.Digest)
            && (now.Terms.FollowsMovingTag || (now.Terms.Takes(known.Tag) && !IsOld(now, known)))).ToArray();
        return kept.Length == resting.Count ? resting : Listed(kept);
    }

    /// <summary>
    /// The newest that has rested, while the candidate has not. Null where the candidate itself may go, and for a moving tag: that was moved
    /// away from the older image on purpose, and the older image is nothing that anybody points to.
    /// </summary>
    public static CandidateStatus? Ripe(DeliveryStatus? status, RolloutTerms terms, DateTimeOffset now) =>
        terms.FollowsMovingTag || terms.MinimumAge == TimeSpan.Zero || status?.Candidate is not { } candidate
        || candidate.Digest == status.Current?.Digest || candidate.FirstSeen + terms.MinimumAge <= now
            ? null
            : (status.Resting ?? [])
                .Where(known => known.FirstSeen + terms.MinimumAge <= now && Rejections.Find(status.Rejected, known.Digest, terms.Fingerprint) is null)
                .MaxBy(known => known.FirstSeen);

    /// <summary>The world as it would be if <paramref name="ripe"/> were the candidate; null while the registry was not asked whether it still has it.</summary>
    public static DeliverySnapshot? StandIn(DeliverySnapshot now, CandidateStatus ripe) =>
        now.Rested is { IsThere: true } rested && rested.Digest == ripe.Digest && now.Sighting is Sources.Sighting.Seen seen
            ? now with
            {
                Sighting = seen with { Digest = ripe.Digest },
                PlatformProblem = rested.PlatformProblem,
                Verification = rested.Verification,
                Status = now.Status with { Candidate = ripe },
            }
            : null;

    /// <summary>When the next of them will have rested; null where none will.</summary>
    public static DateTimeOffset? NextRipe(DeliverySnapshot now) => now.Terms.FollowsMovingTag ? null : (now.Status.Resting ?? [])
        .Select(known => (DateTimeOffset?)(known.FirstSeen + now.Terms.MinimumAge))
        .Where(due => due > now.Now)
        .Min();

    private static bool IsRipe(DeliverySnapshot now, CandidateStatus known) => known.FirstSeen + now.Terms.MinimumAge <= now.Now;

    private static bool IsOld(DeliverySnapshot now, CandidateStatus known) => now.Status.Current is { } current
        && (known.Built is { } built && current.Built is { } running ? built <= running
            : known.Tag is not null && current.Tag is not null && now.Terms.CompareTags(known.Tag, current.Tag) <= 0);

    private static CandidateStatus[]? Listed(IEnumerable<CandidateStatus> candidates) => candidates.ToArray() is { Length: > 0 } list ? list : null;
}
