namespace Slipway.Policies;

/// <summary>What a rule makes of one tag.</summary>
public enum TagStanding
{
    /// <summary>The rule chooses among these.</summary>
    Eligible,

    /// <inheritdoc cref="TagVerdict.Malformed"/>
    Malformed,

    /// <inheritdoc cref="TagVerdict.Artifact"/>
    Artifact,

    /// <summary>Not matched by the filter.</summary>
    Unmatched,

    Excluded,

    /// <summary>Not what the rule orders: no version, no number, an image that tells no build time.</summary>
    Unread,

    /// <summary>A version that is not in the range.</summary>
    Outside,
}

/// <summary>How a rule judges and orders tags, one by one; a pick from a whole list is <see cref="SourceRule.Pick"/>.</summary>
/// <param name="Compare">Negative where the second is an upgrade of the first; null where the rule would not pick one of them.</param>
/// <param name="Top">The best so many, the very best first.</param>
public sealed record TagOrder(Func<string, TagStanding> StandingOf, Func<string, string, int?> Compare, Func<IEnumerable<string>, int, IReadOnlyList<string>> Top);
