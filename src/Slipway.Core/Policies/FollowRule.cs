using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;
using Slipway.Versions;

namespace Slipway.Policies;

/// <summary>How a Delivery chooses among the tags of its repository. Closed: a new policy is a new case here, in <see cref="FollowRuleReader"/> and in <see cref="SourceRule"/>.</summary>
public abstract record FollowRule
{
    private FollowRule() { }

    /// <summary>Read and checked <c>spec.source</c>; the problem names the first field that cannot be read.</summary>
    /// <param name="patterns">Where compiled patterns are shared; none are when absent.</param>
    public static bool TryRead(Source? source, [NotNullWhen(true)] out SourceRule? rule, [NotNullWhen(false)] out SpecProblem? problem, PatternReader? patterns = null) =>
        FollowRuleReader.TryRead(source, patterns ?? TagPattern.TryParse, out rule, out problem);

    /// <summary>The highest version in the range.</summary>
    public sealed record Semver(VersionRange Range, bool IncludePrerelease) : FollowRule;

    /// <summary>Whatever image the tag is on now, forwards or back: a moving tag is moved on purpose.</summary>
    /// <param name="VersionPattern">Finds the readable version among the tags on the same digest. It must match a tag as a whole; null when none was given.</param>
    public sealed record MovingTag(string Name, TagPattern? VersionPattern) : FollowRule
    {
        /// <summary>A tag that may be the readable version of an image: not the moving tag itself, and matched by the pattern from end to end.</summary>
        public bool IsVersion(string tag) =>
            VersionPattern is not null && tag != Name && ReferenceGrammar.IsTag(tag) && !TagFilter.IsArtifact(tag) && VersionPattern.IsWholeMatch(tag);

        /// <summary>
        /// The tags to look at for the readable version, the best first: versions from the highest down, then the others in reverse byte order. The
        /// first of them that is on the moving tag's digest is the version, so that the answer does not depend on the order of the list.
        /// </summary>
        public IReadOnlyList<string> VersionCandidates(IReadOnlyList<string> tags)
        {
            var found = tags.Where(IsVersion).ToList();
            found.Sort((left, right) => CompareCandidates(right, left));
            return found;
        }

        private static int CompareCandidates(string left, string right)
        {
            var leftIsVersion = SemanticVersion.TryParse(left, out var leftVersion);
            var rightIsVersion = SemanticVersion.TryParse(right, out var rightVersion);
            var order = leftIsVersion != rightIsVersion ? leftIsVersion.CompareTo(rightIsVersion) : leftIsVersion ? leftVersion.CompareTo(rightVersion) : 0;
            return order != 0 ? order : string.CompareOrdinal(left, right);
        }
    }

    /// <summary>The highest number, or the lowest.</summary>
    public sealed record Numeric(bool Descending) : FollowRule;

    /// <summary>The last in byte order, or the first.</summary>
    public sealed record Alphabetical(bool Descending) : FollowRule;

    /// <summary>The newest version by the calendar.</summary>
    public sealed record Calver(CalendarLayout Layout) : FollowRule;

    /// <summary>The image that was built last.</summary>
    public sealed record Newest : FollowRule;
}
