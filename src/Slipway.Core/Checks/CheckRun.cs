namespace Slipway.Checks;

/// <summary>One check and how far it has come.</summary>
public readonly record struct CheckStanding(CheckPlan Plan, CheckProgress Progress)
{
    public Verdict Verdict(bool over) => CheckMachine.Of(Plan, Progress, over);
}

/// <summary>What several checks come to together.</summary>
public static class CheckRun
{
    /// <summary>The worst of them (I15). A dry run has no say; where nobody has, nothing speaks against it.</summary>
    public static Verdict Of(IEnumerable<CheckStanding> checks, bool over) =>
        checks.Where(check => !check.Plan.DryRun).Select(check => check.Verdict(over)).Append(Verdict.Passed).Max();

    /// <summary>When the next measurement after <paramref name="now"/> is due. Those that are due already are waited for by name, not by time.</summary>
    public static DateTimeOffset? NextDue(IEnumerable<CheckStanding> checks, DateTimeOffset now) =>
        checks.Select(check => check.Progress.Due).Where(due => due > now).Min();

    /// <summary>For the Release.</summary>
    public static CheckResult Result(CheckStanding check, int step, bool over) => new(
        check.Plan.Name, step, $"{check.Verdict(over)}", check.Progress.Passed, check.Progress.Failed, check.Progress.Inconclusive)
    {
        DryRun = check.Plan.DryRun,
        Pass = check.Plan.Pass,
        Fail = check.Plan.Fail,
        Recent = check.Progress.Recent,
        Log = check.Progress.Log,
    };

    /// <summary>Why it says what it says, in a sentence: the last measurement that speaks for its verdict.</summary>
    public static string Why(CheckStanding check, bool over)
    {
        var verdict = check.Verdict(over);
        var last = check.Progress.Recent?.LastOrDefault(measured => Speaks(measured.Result, verdict)) ?? (check.Progress.Recent is { Count: > 0 } recent ? recent[^1] : null);
        return last is null
            ? $"{check.Plan.Name}: nothing was measured yet"
            : $"{check.Plan.Name}: {last.Message ?? $"{last.Value}"}{Condition(check.Plan, last)} ({check.Progress.Passed} passed, {check.Progress.Failed} failed, {check.Progress.Inconclusive} inconclusive)";
    }

    private static bool Speaks(MeasuredAs result, Verdict verdict) => verdict switch
    {
        Verdict.Failed => result == MeasuredAs.Fail,
        Verdict.Inconclusive => result == MeasuredAs.Inconclusive,
        Verdict.NoData => result is MeasuredAs.NoData or MeasuredAs.Error,
        _ => true,
    };

    private static string Condition(CheckPlan plan, Measurement last) => last switch
    {
        { Message: not null } => "",
        { Result: MeasuredAs.Fail } when plan.Fail is not null => $", and fail is {plan.Fail}",
        { Result: MeasuredAs.Fail or MeasuredAs.Inconclusive } when plan.Pass is not null => $", and pass is {plan.Pass}",
        _ => "",
    };
}
