using System.Globalization;
using Slipway.Images;
using Slipway.Versions;
using static Slipway.Policies.TagTally;

namespace Slipway.Policies;

/// <summary>From ranked tags to a pick, with the sentence that explains it.</summary>
internal static class Picks
{
    public static Selection Version(FollowRule.Semver rule, TagFilter filter, RankedTags<SemanticVersion> ranked)
    {
        var (best, closest, tally) = ranked;
        if (best.Tag is not null)
        {
            return new Selection.Picked(best.Tag, $"{best.Tag} is the highest of {Count(tally.Eligible, "tag")} in {rule.Range}{tally.Others}");
        }

        var hint = rule.Range.Contains(closest.Key, includePrerelease: true)
            ? ", a prerelease, which takes includePrerelease or a range that names one, such as '>=1.4-0'"
            : "";
        var outside = tally.Outside == 0 ? null : $"{Count(tally.Outside, "version")} outside of it, the highest {closest.Tag}{hint}";
        return new Selection.None(tally.Nothing($"in {rule.Range}", "version", filter, outside));
    }

    public static Selection Number(FollowRule.Numeric rule, TagFilter filter, RankedTags<DecimalText> ranked)
    {
        // A tag that is no number may well be the newest. To pass over it would be a guess that nobody sees; a filter is an answer.
        var (best, _, tally) = ranked;
        if (tally.FirstUnread is not null && best.Tag is not null)
        {
            return new Selection.None(
                $"{Count(tally.Unread, "tag")} among {tally.Total} cannot be ordered as a number, such as {UntrustedText.Quote(tally.FirstUnread)}; keep the numbered ones with spec.source.filter.pattern");
        }

        return best.Tag is null
            ? new Selection.None(tally.Nothing("a number", "number", filter))
            : new Selection.Picked(best.Tag, $"{best.Tag} is the {(rule.Descending ? "lowest" : "highest")} of {Count(tally.Eligible, "number")}{tally.Others}");
    }

    public static Selection Text(FollowRule.Alphabetical rule, TagFilter filter, RankedTags<ReadOnlyMemory<char>> ranked)
    {
        var (best, _, tally) = ranked;
        return best.Tag is null
            ? new Selection.None(tally.Nothing("left", "text", filter))
            : new Selection.Picked(best.Tag, $"{best.Tag} is the {(rule.Descending ? "first" : "last")} of {Count(tally.Eligible, "tag")} in byte order{tally.Others}");
    }

    public static Selection Calendar(FollowRule.Calver rule, TagFilter filter, RankedTags<CalendarVersion> ranked)
    {
        var (best, _, tally) = ranked;
        var example = tally.FirstUnread is null ? null : $"{UntrustedText.Quote(tally.FirstUnread)} is one that is not, from its first letter to its last";
        return best.Tag is null
            ? new Selection.None(tally.Nothing($"written as {rule.Layout}", "such version", filter, example))
            : new Selection.Picked(best.Tag, $"{best.Tag} is the newest of {Count(tally.Eligible, "version")} written as {rule.Layout}{tally.Others}");
    }

    public static Selection Build(TagFilter filter, RankedTags<Build> ranked)
    {
        var (best, _, tally) = ranked;
        if (best.Tag is null)
        {
            var why = tally.Unread == 0 ? null : "builds that can be repeated carry a fixed date, by which they have no order: follow semver, calver or numeric instead";
            return new Selection.None(tally.Nothing("an image that tells when it was built", "dated image", filter, why));
        }

        var undated = tally.Unread switch
        {
            0 => "",
            1 => "; 1 tells no time of its build and was passed over",
            var count => $"; {count} tell no time of their build and were passed over",
        };
        return new Selection.Picked(
            best.Tag,
            string.Create(CultureInfo.InvariantCulture, $"{best.Tag} is the newest of {Count(tally.Eligible, "build")}, of {best.Key.At:u}{tally.OthersBut(tally.Unread)}{undated}"))
        {
            Built = best.Key.At,
        };
    }

    public static Selection Named(FollowRule.MovingTag rule, IReadOnlyList<string> tags) =>
        tags.Contains(rule.Name)
            ? new Selection.Picked(rule.Name, $"{rule.Name} is the tag to follow")
            : new Selection.None(tags.Count == 0 ? "the repository has no tags" : $"none of {Count(tags.Count, "tag")} is named '{rule.Name}'");
}
