using System.Diagnostics;
using Slipway.Versions;

namespace Slipway.Policies;

/// <summary>
/// A read and checked <c>spec.source</c>. What it picks depends on the set of tags and not on their order; of tags that are equal by the rule
/// the one wins that writes the most numbers (<c>1.27.0</c> before <c>1.27</c>, which moves), then the shortest, then the first in byte order.
/// </summary>
public sealed record SourceRule(FollowRule Follow, TagFilter Filter)
{
    /// <summary>For a moving tag it picks that tag when it is in the list; for the newest build, without build times, none.</summary>
    public VersionPolicy Policy => tags => Pick(tags);

    /// <param name="built">Needed by <see cref="FollowRule.Newest"/>, and by no other.</param>
    public Selection Pick(IReadOnlyList<string> tags, BuildTimes? built = null) => Follow switch
    {
        FollowRule.Semver semver => Picks.Version(semver, Filter, Versions(semver).Rank(tags)),
        FollowRule.Numeric numeric => Picks.Number(numeric, Filter, Numbers(numeric).Rank(tags)),
        FollowRule.Alphabetical alphabetical => Picks.Text(alphabetical, Filter, Texts(alphabetical).Rank(tags)),
        FollowRule.Calver calver => Picks.Calendar(calver, Filter, Calendar(calver).Rank(tags)),
        FollowRule.Newest => Picks.Build(Filter, Builds(built).Rank(tags)),
        FollowRule.MovingTag moving => Picks.Named(moving, tags),
        _ => throw new UnreachableException($"unknown rule {Follow}"),
    };

    /// <summary>
    /// Negative when the rule puts <paramref name="tagA"/> before <paramref name="tagB"/>, so that going from A to B is an upgrade; 0 when it
    /// holds them equal; null when it would never pick one of them, and where tags alone have no order: a moving tag, the newest build.
    /// </summary>
    public int? Compare(string tagA, string tagB) => Order()?.Compare(tagA, tagB);

    /// <summary>Whether the rule could pick this tag, as far as the tag tells.</summary>
    public bool Takes(string tag) => Follow switch
    {
        FollowRule.MovingTag moving => tag == moving.Name || moving.IsVersion(tag),
        FollowRule.Newest => Filter.Read(tag, out _) == TagVerdict.Kept,
        _ => Order()?.StandingOf(tag) is TagStanding.Eligible,
    };

    /// <summary>Whether a list with this tag could have another answer than one without.</summary>
    public bool CouldPick(string tag) => Follow is FollowRule.Numeric ? Filter.Read(tag, out _) == TagVerdict.Kept : Takes(tag);

    /// <summary>Null for a moving tag, which is not chosen among others.</summary>
    /// <param name="built">Without it, the newest build has no order.</param>
    public TagOrder? Order(BuildTimes? built = null) => Follow switch
    {
        FollowRule.Semver semver => Of(Versions(semver)),
        FollowRule.Numeric numeric => Of(Numbers(numeric)),
        FollowRule.Alphabetical alphabetical => Of(Texts(alphabetical)),
        FollowRule.Calver calver => Of(Calendar(calver)),
        FollowRule.Newest => Of(Builds(built)),
        FollowRule.MovingTag => null,
        _ => throw new UnreachableException($"unknown rule {Follow}"),
    };

    private static TagOrder Of<TKey>(TagRanking<TKey> ranking)
        where TKey : struct => new(ranking.StandingOf, ranking.Compare, ranking.Top);

    private TagRanking<SemanticVersion> Versions(FollowRule.Semver rule) =>
        new(Filter, (_, text, out version) => SemanticVersion.TryParse(text, out version), (left, right) => left.CompareTo(right))
        {
            Takes = version => rule.Range.Contains(version, rule.IncludePrerelease),
            Precision = version => version.WrittenNumbers,
        };

    private TagRanking<DecimalText> Numbers(FollowRule.Numeric rule) => new(
        Filter,
        (_, text, out number) => DecimalText.TryRead(text, out number),
        rule.Descending ? (left, right) => right.CompareTo(left) : (left, right) => left.CompareTo(right));

    private TagRanking<ReadOnlyMemory<char>> Texts(FollowRule.Alphabetical rule) =>
        new(Filter, Itself, rule.Descending ? (left, right) => right.Span.SequenceCompareTo(left.Span) : (left, right) => left.Span.SequenceCompareTo(right.Span));

    private TagRanking<CalendarVersion> Calendar(FollowRule.Calver rule) =>
        new(Filter, (_, text, out version) => rule.Layout.TryRead(text, out version), (left, right) => left.CompareTo(right));

    private TagRanking<Build> Builds(BuildTimes? built) => new(
        Filter,
        (tag, _, out build) =>
        {
            var at = built?.Invoke(tag);
            build = new Build(tag, at ?? default);
            return at is not null;
        },
        (left, right) => left.CompareTo(right));

    private static bool Itself(string tag, ReadOnlyMemory<char> text, out ReadOnlyMemory<char> key)
    {
        key = text;
        return true;
    }
}
