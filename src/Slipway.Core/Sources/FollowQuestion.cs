using Slipway.Api;
using Slipway.Policies;

namespace Slipway.Sources;

/// <summary>What a Delivery asks of a repository. Two are equal when their rules read the same: functions cannot be compared.</summary>
/// <param name="Rule">The whole rule in words, filter included.</param>
public abstract record FollowQuestion(string Rule)
{
    /// <summary>The question that a read <paramref name="source"/> asks.</summary>
    public static FollowQuestion Of(SourceRule rule, Source source)
    {
        // The spec's own words: a rule that was read from the same words chooses the same.
        var text = string.Join('\n', [$"{source.Follow}", source.Filter?.Pattern, source.Filter?.Extract, .. source.Filter?.Exclude ?? []]);
        return rule.Follow switch
        {
            FollowRule.MovingTag moving => new MovingTag(text, moving.Name, moving.VersionPattern is null ? null : moving.VersionCandidates),
            FollowRule.Newest => new NewestBuild(text, rule.Takes, rule.Pick),
            _ => new AmongTags(text, rule.Policy) { CouldPick = rule.CouldPick },
        };
    }

    /// <summary>Whether a push of this tag could change the answer, whatever else there is; true where that cannot be told cheaply.</summary>
    public virtual bool Concerns(string tag) => true;

    public virtual bool Equals(FollowQuestion? other) => other is not null && EqualityContract == other.EqualityContract && Rule == other.Rule;

    public override int GetHashCode() => Rule.GetHashCode(StringComparison.Ordinal);

    /// <summary>Which of all tags? Costs one list per interval, and more only when the pick changes.</summary>
    public sealed record AmongTags(string Rule, VersionPolicy Choose) : FollowQuestion(Rule)
    {
        /// <summary>Whether the rule could ever pick this tag; default: who knows.</summary>
        public Predicate<string> CouldPick { get; init; } = _ => true;

        public override bool Concerns(string tag) => CouldPick(tag);

        public bool Equals(AmongTags? other) => base.Equals(other);

        public override int GetHashCode() => base.GetHashCode();
    }

    /// <summary>
    /// Which of all tags is on the image that was built last? Costs one list per interval and, once for each tag, what it takes to learn when its
    /// image was built: about three requests.
    /// </summary>
    /// <param name="Considers">Whether the build time of this tag matters.</param>
    public sealed record NewestBuild(string Rule, Func<string, bool> Considers, Func<IReadOnlyList<string>, BuildTimes, Selection> Choose) : FollowQuestion(Rule)
    {
        public override bool Concerns(string tag) => Considers(tag);

        public bool Equals(NewestBuild? other) => base.Equals(other);

        public override int GetHashCode() => base.GetHashCode();
    }

    /// <summary>Where is this tag now? Costs one HEAD per interval, and more only when it moves.</summary>
    /// <param name="Candidates">Which other tags could be the readable version of its image; null where none is looked for.</param>
    public sealed record MovingTag(string Rule, string Name, VersionCandidates? Candidates) : FollowQuestion(Rule)
    {
        public override bool Concerns(string tag) => tag == Name || Candidates?.Invoke([tag]) is { Count: > 0 };

        public bool Equals(MovingTag? other) => base.Equals(other);

        public override int GetHashCode() => base.GetHashCode();
    }
}

/// <summary>Of all tags of a repository those that may name the version of one of its images, the best first.</summary>
public delegate IReadOnlyList<string> VersionCandidates(IReadOnlyList<string> tags);
