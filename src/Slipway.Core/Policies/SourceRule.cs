using System.Diagnostics;
using Slipway.Images;
using Slipway.Versions;
using static Slipway.Policies.TagTally;

namespace Slipway.Policies;

/// <summary>
/// A read and checked <c>spec.source</c>. What it picks depends on the set of tags and not on their order; of tags that are equal by the rule
/// the one wins that writes the most numbers (<c>1.27.0</c> before <c>1.27</c>, which moves), then the shortest, then the first in byte order.
/// </summary>
public sealed record SourceRule(FollowRule Follow, TagFilter Filter)
{
    /// <summary>For a moving tag it picks that tag when it is in the list.</summary>
    public VersionPolicy Policy => Select;

    /// <summary>Whether there is a list from which the rule would pick this tag.</summary>
    public bool CouldPick(string tag) => Follow switch
    {
        // It does not pick what it cannot order, but says so: the answer changes.
        FollowRule.Numeric => Filter.Read(tag, out _) is TagVerdict.Kept,
        FollowRule.MovingTag moving => tag == moving.Name,
        _ => Compare(tag, tag) is not null,
    };

    /// <summary>
    /// Negative when the rule puts <paramref name="tagA"/> before <paramref name="tagB"/>, so that going from A to B is an upgrade; 0 when it
    /// holds them equal; null when it would never pick one of them, and for a moving tag, which has no order.
    /// </summary>
    public int? Compare(string tagA, string tagB) => Follow switch
    {
        FollowRule.Semver semver => Versions(semver).Compare(tagA, tagB),
        FollowRule.Numeric numeric => Numbers(numeric).Compare(tagA, tagB),
        FollowRule.Alphabetical alphabetical => Texts(alphabetical).Compare(tagA, tagB),
        FollowRule.MovingTag => null,
        _ => throw new UnreachableException($"unknown rule {Follow}"),
    };

    private Selection Select(IReadOnlyList<string> tags) => Follow switch
    {
        FollowRule.Semver semver => PickVersion(semver, Versions(semver).Rank(tags)),
        FollowRule.Numeric numeric => PickNumber(numeric, Numbers(numeric).Rank(tags)),
        FollowRule.Alphabetical alphabetical => PickText(alphabetical, Texts(alphabetical).Rank(tags)),
        FollowRule.MovingTag moving => PickNamed(moving, tags),
        _ => throw new UnreachableException($"unknown rule {Follow}"),
    };

    private TagRanking<SemanticVersion> Versions(FollowRule.Semver rule) =>
        new(Filter, SemanticVersion.TryParse, (left, right) => left.CompareTo(right))
        {
            Takes = version => rule.Range.Contains(version, rule.IncludePrerelease),
            Precision = version => version.WrittenNumbers,
        };

    private TagRanking<DecimalText> Numbers(FollowRule.Numeric rule) =>
        new(Filter, DecimalText.TryRead, rule.Descending ? (left, right) => right.CompareTo(left) : (left, right) => left.CompareTo(right));

    private TagRanking<ReadOnlyMemory<char>> Texts(FollowRule.Alphabetical rule) =>
        new(Filter, Itself, rule.Descending ? (left, right) => right.Span.SequenceCompareTo(left.Span) : (left, right) => left.Span.SequenceCompareTo(right.Span));

    private Selection PickVersion(FollowRule.Semver rule, RankedTags<SemanticVersion> ranked)
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
        return new Selection.None(tally.Nothing($"in {rule.Range}", "version", Filter, outside));
    }

    private Selection PickNumber(FollowRule.Numeric rule, RankedTags<DecimalText> ranked)
    {
        // A tag that is no number may well be the newest. To pass over it would be a guess that nobody sees; a filter is an answer.
        var (best, _, tally) = ranked;
        if (tally.FirstUnread is not null && best.Tag is not null)
        {
            return new Selection.None(
                $"{Count(tally.Unread, "tag")} among {tally.Total} cannot be ordered as a number, such as {UntrustedText.Quote(tally.FirstUnread)}; keep the numbered ones with spec.source.filter.pattern");
        }

        return best.Tag is null
            ? new Selection.None(tally.Nothing("a number", "number", Filter))
            : new Selection.Picked(best.Tag, $"{best.Tag} is the {(rule.Descending ? "lowest" : "highest")} of {Count(tally.Eligible, "number")}{tally.Others}");
    }

    private Selection PickText(FollowRule.Alphabetical rule, RankedTags<ReadOnlyMemory<char>> ranked)
    {
        var (best, _, tally) = ranked;
        return best.Tag is null
            ? new Selection.None(tally.Nothing("left", "text", Filter))
            : new Selection.Picked(best.Tag, $"{best.Tag} is the {(rule.Descending ? "first" : "last")} of {Count(tally.Eligible, "tag")} in byte order{tally.Others}");
    }

    private static Selection PickNamed(FollowRule.MovingTag rule, IReadOnlyList<string> tags) =>
        tags.Contains(rule.Name)
            ? new Selection.Picked(rule.Name, $"{rule.Name} is the tag to follow")
            : new Selection.None(tags.Count == 0 ? "the repository has no tags" : $"none of {Count(tags.Count, "tag")} is named '{rule.Name}'");

    private static bool Itself(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> key)
    {
        key = text;
        return true;
    }
}
