using System.CommandLine;
using Slipway.Api;
using Slipway.Cli.CommandLine;
using Slipway.Policies;

namespace Slipway.Cli.Policies;

/// <summary>The fields of <c>spec.source</c> as flags.</summary>
internal sealed class PolicyFlags
{
    private readonly Option<string?> _semver = new("--semver")
    {
        Description = "the highest version in a range, such as '>=1.4 <2'; '' takes any release version",
        HelpName = "range",
    };
    private readonly Option<bool> _prerelease = new("--prerelease")
    {
        Description = "with --semver: takes prereleases too",
    };
    private readonly Option<string?> _tag = new("--tag")
    {
        Description = "whatever image this moving tag is on",
        HelpName = "name",
    };
    private readonly Option<string?> _versionPattern = new("--version-pattern")
    {
        Description = "with --tag: which tags are readable versions (RE2, from end to end)",
        HelpName = "pattern",
    };
    private readonly Option<bool> _numeric = new("--numeric") { Description = "the highest number" };
    private readonly Option<bool> _alphabetical = new("--alphabetical") { Description = "the last in byte order" };
    private readonly Option<string?> _calver = new("--calver")
    {
        Description = "the newest version by the calendar, written as the layout says, such as YYYY.0M.MICRO",
        HelpName = "layout",
    };
    private readonly Option<bool> _newest = new("--newest") { Description = "the image that was built last; lines are 'tag<TAB>time', the time as RFC 3339 writes it" };
    private readonly Option<string?> _order = new("--order")
    {
        Description = "with --numeric and --alphabetical: Descending takes the first instead",
        HelpName = "Ascending|Descending",
    };
    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "keeps the tags that match (RE2)",
        HelpName = "pattern",
    };
    private readonly Option<string?> _extract = new("--extract")
    {
        Description = "what to order by, made of the filter's groups, such as '$1'",
        HelpName = "template",
    };
    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "passes over the tags that match (RE2); may be repeated",
        HelpName = "pattern",
    };

    public void AddTo(Command command)
    {
        command.Add(_semver);
        command.Add(_prerelease);
        command.Add(_tag);
        command.Add(_versionPattern);
        command.Add(_numeric);
        command.Add(_alphabetical);
        command.Add(_calver);
        command.Add(_newest);
        command.Add(_order);
        command.Add(_filter);
        command.Add(_extract);
        command.Add(_exclude);
    }

    /// <exception cref="VerbException">They make no policy; the message names the flag.</exception>
    public SourceRule Read(ParseResult parse)
    {
        var order = parse.GetValue(_order) is { } text ? Capitalized(text) : null;
        var source = new Source
        {
            Follow = new Follow
            {
                Semver = parse.GetResult(_semver) is null ? null : new SemverPolicy(parse.GetValue(_semver), parse.GetValue(_prerelease)),
                Tag = parse.GetResult(_tag) is null ? null : new TagPolicy(parse.GetValue(_tag), parse.GetValue(_versionPattern)),
                Numeric = parse.GetValue(_numeric) ? new OrderPolicy(order) : null,
                Alphabetical = parse.GetValue(_alphabetical) ? new OrderPolicy(order) : null,
                Calver = parse.GetResult(_calver) is null ? null : new CalverPolicy(parse.GetValue(_calver)),
                Newest = parse.GetValue(_newest) ? new NewestPolicy() : null,
            },
            Filter = new Filter(parse.GetValue(_filter), parse.GetValue(_extract), parse.GetValue(_exclude)),
        };
        Lonely(parse, _prerelease, source.Follow.Semver is not null, "--semver");
        Lonely(parse, _versionPattern, source.Follow.Tag is not null, "--tag");
        Lonely(parse, _order, source.Follow.Numeric is not null || source.Follow.Alphabetical is not null, "--numeric or --alphabetical");
        return FollowRule.TryRead(source, out var rule, out var problem)
            ? rule
            : throw new VerbException(ExitCode.Usage, $"{FlagOf(problem.Field)}: {problem.Message}");
    }

    // A flag that is taken and does nothing hides a mistake.
    private static void Lonely(ParseResult parse, Option option, bool fits, string partner)
    {
        if (!fits && parse.GetResult(option) is { Implicit: false })
        {
            throw new VerbException(ExitCode.Usage, $"{option.Name} says nothing without {partner}; add it, or leave this one out");
        }
    }

    private static string Capitalized(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static string FlagOf(string field) => field switch
    {
        "spec.source.follow" => "policy flags",
        "spec.source.follow.semver.range" => "--semver",
        "spec.source.follow.tag.name" => "--tag",
        "spec.source.follow.tag.versionPattern" => "--version-pattern",
        "spec.source.follow.calver.layout" => "--calver",
        "spec.source.follow.numeric.order" or "spec.source.follow.alphabetical.order" => "--order",
        "spec.source.filter" or "spec.source.filter.pattern" => "--filter",
        "spec.source.filter.extract" => "--extract",
        _ when field.StartsWith("spec.source.filter.exclude", StringComparison.Ordinal) => "--exclude",
        _ => field,
    };
}
