using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Checks.Expressions;
using Slipway.Deliveries;
using Slipway.Images;

namespace Slipway.Checks;

/// <summary>Reads one check: how often it is measured, and how its values are judged. <see cref="SourceReader"/> reads where they come from.</summary>
internal static class CheckReader
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <param name="terms">What is measured: of the check itself, or of its template.</param>
    /// <param name="own">The check: what it says of times and limits goes before what the template says.</param>
    public static CheckPlan? Read(string field, string name, CheckTerms terms, CheckSpec own, ImmutableDictionary<string, CheckValueText> args, out SpecProblem? problem)
    {
        var found = new Problems();
        var source = SourceReader.Read(field, terms, args, found);
        var compare = CompareReader.Read($"{field}.compare", terms.Compare, out var incomparable);
        found.Add(incomparable);
        if (source is null)
        {
            problem = found.First;
            return null;
        }

        found.Add(JudgedProblem(field, terms, source.Value));
        var plan = Scheduled(field, name, terms, own, source.Value.Source, found) with
        {
            Source = source.Value.Source,
            Pass = NullIfEmpty(terms.Pass),
            Fail = NullIfEmpty(terms.Fail),
            Compare = compare,
            Args = args.IsEmpty ? null : args,
        };
        found.Add(LimitsProblem(field, plan));
        problem = found.First;
        return problem is null ? plan : null;
    }

    /// <summary>The field by which a check says itself what its template says; null where it does not.</summary>
    public static string? SaysWhat(CheckTerms check) => check switch
    {
        { Prometheus: not null } => "prometheus",
        { Web: not null } => "web",
        { Http: not null } => "http",
        { Job: not null } => "job",
        { Pass.Length: > 0 } => "pass",
        { Fail.Length: > 0 } => "fail",
        { Compare: not null } => "compare",
        _ => null,
    };

    private static CheckPlan Scheduled(string field, string name, CheckTerms terms, CheckSpec own, CheckSource source, Problems found)
    {
        var when = OneOf($"{field}.when", First(own.When, terms.When), found);
        var once = source is CheckSource.Job;

        // A rate needs two scrapes before there is one: until then there would be no data, and nobody has done anything wrong.
        var warmUp = source is CheckSource.Prometheus && when == CheckMoment.During ? "1m" : "0s";
        return new CheckPlan
        {
            Name = name,
            When = when,
            DryRun = own.DryRun ?? terms.DryRun ?? false,
            Interval = Duration($"{field}.interval", First(own.Interval, terms.Interval), "30s", Second, found),
            Count = (own.Count ?? terms.Count) switch { null => once ? 1 : null, 0 => null, var count => count },
            FailureLimit = own.FailureLimit ?? terms.FailureLimit ?? 0,
            InconclusiveLimit = own.InconclusiveLimit ?? terms.InconclusiveLimit ?? 0,
            ErrorLimit = own.ConsecutiveErrorLimit ?? terms.ConsecutiveErrorLimit ?? 4,
            SuccessLimit = own.ConsecutiveSuccessLimit ?? terms.ConsecutiveSuccessLimit ?? 0,
            WarmUp = Duration($"{field}.warmUp", First(own.WarmUp, terms.WarmUp), warmUp, TimeSpan.Zero, found),
        };
    }

    private static SpecProblem? LimitsProblem(string field, CheckPlan plan) => plan switch
    {
        { Count: < 0 or > 10_000 } => new($"{field}.count", $"{plan.Count} is not between 1 and 10000"),
        { FailureLimit: < CheckPlan.Unlimited } => new($"{field}.failureLimit", $"{plan.FailureLimit} is less than 0; -1 takes any number of failures, with consecutiveSuccessLimit"),
        { InconclusiveLimit: < 0 } => new($"{field}.inconclusiveLimit", $"{plan.InconclusiveLimit} is less than 0"),
        { ErrorLimit: < 0 } => new($"{field}.consecutiveErrorLimit", $"{plan.ErrorLimit} is less than 0"),
        { SuccessLimit: < 0 } => new($"{field}.consecutiveSuccessLimit", $"{plan.SuccessLimit} is less than 0"),
        { FailureLimit: CheckPlan.Unlimited, SuccessLimit: 0 } => new($"{field}.failureLimit", "any number of failures is taken, and nothing is asked for: give consecutiveSuccessLimit"),
        { Count: { } count } when count < Math.Max(0, plan.FailureLimit) + plan.SuccessLimit =>
            new($"{field}.count", $"{count} measurements are fewer than failureLimit and consecutiveSuccessLimit together ({plan.FailureLimit} and {plan.SuccessLimit})"),
        { Count: { } count } when count < plan.InconclusiveLimit => new($"{field}.count", $"{count} measurements are fewer than inconclusiveLimit ({plan.InconclusiveLimit})"),
        _ => null,
    };

    private static SpecProblem? JudgedProblem(string field, CheckTerms terms, ReadSource source)
    {
        if (source.Source is CheckSource.Http or CheckSource.Job)
        {
            return SaysWhat(terms with { Prometheus = null, Web = null, Http = null, Job = null }) is { } word
                ? new($"{field}.{word}", "this check is good or bad by itself: by its status code, by how the Job ends")
                : null;
        }

        if (ExpressionProblem($"{field}.pass", terms.Pass, source) is { } pass)
        {
            return pass;
        }

        if (ExpressionProblem($"{field}.fail", terms.Fail, source) is { } fail)
        {
            return fail;
        }

        var (judged, compares) = (!string.IsNullOrEmpty(terms.Pass) || !string.IsNullOrEmpty(terms.Fail), terms.Compare is not null);
        return (judged, compares) switch
        {
            (false, false) when source.Source is CheckSource.Prometheus => new($"{field}.pass", "which values are good is not said: write for example pass: result < 0.01"),
            (_, true) when !source.IsSided => new($"{field}.compare", SideMissing),
            (false, true) when terms.Compare!.WithoutStable == CompareReader.Skip => new($"{field}.compare.withoutStable", "without the comparison nothing says what is good: give pass or fail"),
            _ => null,
        };
    }

    private const string SideMissing = "the same is asked for both versions: use {{ side.pods }} or {{ side.workload }}, which stand for each of them in turn";

    private static SpecProblem? ExpressionProblem(string field, string? text, ReadSource source) =>
        string.IsNullOrEmpty(text) ? null
        : !Expression.TryParse(text, CheckNames.IsKnown, out var expression, out var why) ? new(field, $"{UntrustedText.Quote(text)}: {why}")
        : expression.Mentions(CheckNames.Stable) && !source.IsSided ? new(field, SideMissing)
        : null;

    internal static TimeSpan Duration(string field, string? text, string otherwise, TimeSpan least, Problems found)
    {
        if (!DurationText.TryParse(string.IsNullOrEmpty(text) ? otherwise : text, out var duration))
        {
            found.Add(new(field, $"{UntrustedText.Quote(text!)} is no duration; write for example 30s, 10m or 1h30m"));
        }
        else if (duration < least)
        {
            found.Add(new(field, $"{UntrustedText.Quote(text!)} is less than {DurationText.Write(least)}, the least that is taken"));
        }

        return duration;
    }

    private static CheckMoment OneOf(string field, string? text, Problems found)
    {
        var moment = text switch { null or "" or nameof(CheckMoment.During) => CheckMoment.During, nameof(CheckMoment.Before) => CheckMoment.Before, nameof(CheckMoment.After) => CheckMoment.After, _ => (CheckMoment?)null };
        found.Add(moment is null ? new(field, $"{UntrustedText.Quote(text!)} is not one of Before, During, After") : null);
        return moment ?? CheckMoment.During;
    }

    private static string? First(string? own, string? other) => string.IsNullOrEmpty(own) ? other : own;

    internal static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Keeps the first problem: one sentence is acted on, a list of them is not read.</summary>
    internal sealed class Problems
    {
        public SpecProblem? First { get; private set; }

        public void Add(SpecProblem? problem) => First ??= problem;
    }
}
