using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;
using Slipway.Versions;

namespace Slipway.Policies;

/// <summary>Makes of <c>spec.source</c>, in which nothing is trusted, a rule in which nothing can fail.</summary>
internal static class FollowRuleReader
{
    private const string Field = "spec.source.follow";

    public static bool TryRead(Source? source, PatternReader patterns, [NotNullWhen(true)] out SourceRule? rule, [NotNullWhen(false)] out SpecProblem? problem)
    {
        rule = null;
        if (!TryReadFollow(source?.Follow ?? new Follow(), patterns, out var follow, out problem) || !TagFilter.TryRead(source?.Filter, out var filter, out problem, patterns))
        {
            return false;
        }

        problem = Conflict(follow, filter, source?.Filter);
        rule = problem is null ? new SourceRule(follow, filter) : null;
        return rule is not null;
    }

    private static bool TryReadFollow(Follow follow, PatternReader patterns, [NotNullWhen(true)] out FollowRule? rule, [NotNullWhen(false)] out SpecProblem? problem)
    {
        rule = null;
        string[] given =
        [
            .. follow.Semver is null ? Array.Empty<string>() : ["semver"],
            .. follow.Tag is null ? Array.Empty<string>() : ["tag"],
            .. follow.Numeric is null ? Array.Empty<string>() : ["numeric"],
            .. follow.Alphabetical is null ? Array.Empty<string>() : ["alphabetical"],
            .. follow.Calver is null ? Array.Empty<string>() : ["calver"],
            .. follow.Newest is null ? Array.Empty<string>() : ["newest"],
        ];
        if (given.Length != 1)
        {
            problem = given.Length == 0
                ? new SpecProblem(Field, "no policy is given; write one of semver, tag, numeric, alphabetical, calver or newest")
                : new SpecProblem(Field, $"exactly one policy can be followed and there are {given.Length}: {string.Join(", ", given)}; keep one of them");
            return false;
        }

        (rule, problem) = follow switch
        {
            { Semver: { } semver } => Semver(semver),
            { Tag: { } tag } => MovingTag(tag, patterns),
            { Numeric: { } numeric } => Ordered(numeric, "numeric", descending => new FollowRule.Numeric(descending)),
            { Alphabetical: { } alphabetical } => Ordered(alphabetical, "alphabetical", descending => new FollowRule.Alphabetical(descending)),
            { Calver: { } calver } => Calver(calver),
            { Newest: not null } => (new FollowRule.Newest(), null),
            _ => default,
        };
        return rule is not null;
    }

    private static (FollowRule?, SpecProblem?) Semver(SemverPolicy policy)
    {
        var range = VersionRange.Any;
        return string.IsNullOrWhiteSpace(policy.Range) || VersionRange.TryParse(policy.Range, out range, out var error)
            ? (new FollowRule.Semver(range, policy.IncludePrerelease ?? false), null)
            : (null, new SpecProblem($"{Field}.semver.range", error));
    }

    private static (FollowRule?, SpecProblem?) MovingTag(TagPolicy policy, PatternReader patterns)
    {
        if (string.IsNullOrEmpty(policy.Name))
        {
            return (null, new SpecProblem($"{Field}.tag.name", "the tag to follow is not named; write for example name: env-prod"));
        }

        if (!ReferenceGrammar.IsTag(policy.Name))
        {
            return (null, new SpecProblem(
                $"{Field}.tag.name",
                $"{UntrustedText.Quote(policy.Name)} is no tag; a tag is up to {ReferenceGrammar.LongestTag} letters, digits, underscores, dots and hyphens and begins with neither of the last two"));
        }

        TagPattern? pattern = null;
        return string.IsNullOrEmpty(policy.VersionPattern) || patterns(policy.VersionPattern, out pattern, out var error)
            ? (new FollowRule.MovingTag(policy.Name, pattern), null)
            : (null, new SpecProblem($"{Field}.tag.versionPattern", error));
    }

    private static (FollowRule?, SpecProblem?) Calver(CalverPolicy policy) => CalendarLayout.TryParse(policy.Layout, out var layout, out var error)
        ? (new FollowRule.Calver(layout), null)
        : (null, new SpecProblem($"{Field}.calver.layout", error));

    private static (FollowRule?, SpecProblem?) Ordered(OrderPolicy policy, string name, Func<bool, FollowRule> rule) => policy.Order switch
    {
        null or "" or "Ascending" => (rule(false), null),
        "Descending" => (rule(true), null),
        var other => (null, new SpecProblem($"{Field}.{name}.order", $"{UntrustedText.Quote(other)} is no order; write Ascending (the last is the newest) or Descending")),
    };

    // Each of these is accepted by its own field and does nothing, or picks nothing, with the other: better said now than found out later.
    private static SpecProblem? Conflict(FollowRule follow, TagFilter filter, Filter? written)
    {
        if (follow is FollowRule.MovingTag && (filter.Pattern is not null || written?.Exclude is { Count: > 0 }))
        {
            return new SpecProblem("spec.source.filter", "a tag that is followed by its name needs no filter; remove it, and choose readable versions with follow.tag.versionPattern");
        }

        if (follow is FollowRule.Newest && !string.IsNullOrEmpty(written?.Extract))
        {
            return new SpecProblem("spec.source.filter.extract", "newest orders by the time of the build and by nothing that a tag says; remove extract");
        }

        return filter.UnknownGroups.FirstOrDefault() is { } unknown
            ? new SpecProblem(
                "spec.source.filter.extract",
                $"the pattern has no group {UntrustedText.Quote(unknown)}; a name is as long as it can be, so set it off with braces as in ${{1}}x, or name a group that is in the pattern")
            : null;
    }
}
