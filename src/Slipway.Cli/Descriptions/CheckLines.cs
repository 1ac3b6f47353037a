using Slipway.Api;
using Slipway.Checks;
using Slipway.Explanations;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Cli.Descriptions;

/// <summary>Checks and what they measured, for people. They tell instants, not ages: a line is the same until something happens.</summary>
internal static class CheckLines
{
    /// <summary>Of the step or the promotion that is under way.</summary>
    public static IReadOnlyList<CheckProgress> Current(Delivery delivery) => (delivery.Status?.Rollout switch
    {
        Stepping at => at.Checks,
        Advancing at => at.Checks,
        Reverting at => at.Checks,
        _ => null,
    }) ?? [];

    public static string Of(CheckProgress check) =>
        $"{check.Name}: {Counts(check.Passed, check.Failed, check.Inconclusive)}{(check.Recent is [.., var last] ? $"; last {Of(last)}" : "; nothing measured yet")}";

    public static string Of(CheckResult check) =>
        $"{check.Name}, {(check.Step switch { Steps.Promotion => "promotion", Steps.Rollback => "way back", var step => $"step {step + 1}" })}: {check.Verdict}{(check.DryRun ? " (dry run, without a say)" : "")}: {Counts(check.Passed, check.Failed, check.Inconclusive)}";

    public static string Of(Measurement measured) => string.Join(' ', new[]
    {
        $"{Words.Instant(measured.At)}",
        $"{measured.Result}",
        measured.Value,
        measured.Message is { Length: > 0 } message ? $"({Words.Readable(message)})" : null,
    }.OfType<string>());

    /// <summary>As the spec has it: from where, and what is good.</summary>
    public static string Of(CheckSpec check)
    {
        var source = check switch
        {
            { Template.Name: { } template } => $"ClusterCheck {template}",
            { Prometheus: { } prometheus } => $"prometheus {prometheus.Query}",
            { Web: { } web } => $"web {web.Method ?? "GET"} {web.Url}",
            { Http: { } http } => $"http {http.Url ?? $"port {http.Port} {http.Path ?? "/"}"}",
            { Job: { } job } => $"job {job.Image}",
            _ => "no source",
        };
        var terms = string.Concat(check.Pass is { } pass ? $"; pass: {pass}" : "", check.Fail is { } fail ? $"; fail: {fail}" : "", check.DryRun == true ? "; dry run" : "");
        return $"{check.Name} ({check.When ?? "During"}, each {check.Interval ?? "30s"}): {source}{terms}";
    }

    private static string Counts(int passed, int failed, int inconclusive) =>
        $"{passed} passed, {failed} failed{(inconclusive > 0 ? $", {inconclusive} inconclusive" : "")}";
}
