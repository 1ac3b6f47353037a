namespace Slipway.Checks;

/// <summary>Counts the measurements of one check and says what they come to. Pure.</summary>
public static class CheckMachine
{
    // What is shown of them; the counts hold all.
    private const int MostRecent = 20;

    /// <param name="now">When the window of the measurements opens.</param>
    public static CheckProgress Begin(CheckPlan plan, DateTimeOffset now) => new(plan.Name, Ordinal: 0, Due: now);

    /// <summary>The progress after <paramref name="measured"/>, which is the one that was due.</summary>
    public static CheckProgress Take(CheckPlan plan, CheckProgress progress, Measurement measured)
    {
        var (passed, failed) = (measured.Result == MeasuredAs.Pass, measured.Result == MeasuredAs.Fail);
        var unanswered = measured.Result is MeasuredAs.NoData or MeasuredAs.Error;
        var taken = progress with
        {
            Ordinal = progress.Ordinal + 1,
            Passed = progress.Passed + (passed ? 1 : 0),
            Failed = progress.Failed + (failed ? 1 : 0),
            Inconclusive = progress.Inconclusive + (measured.Result == MeasuredAs.Inconclusive ? 1 : 0),
            ErrorsInARow = unanswered ? progress.ErrorsInARow + 1 : 0,
            PassedInARow = passed ? progress.PassedInARow + 1 : 0,
            Recent = [.. (progress.Recent ?? []).TakeLast(MostRecent - 1), measured],
        };
        return taken with { Due = IsComplete(plan, taken) || HasFailed(plan, taken) ? null : measured.At + plan.Interval };
    }

    /// <param name="over">Whether the step has lasted as long as it must: a check without a count has then measured all it could.</param>
    public static Verdict Of(CheckPlan plan, CheckProgress progress, bool over) => progress switch
    {
        _ when HasFailed(plan, progress) => Verdict.Failed,
        _ when progress.Inconclusive > plan.InconclusiveLimit => Verdict.Inconclusive,
        _ when progress.ErrorsInARow > plan.ErrorLimit => Verdict.NoData,
        _ when IsComplete(plan, progress) || (plan.Count is null && over && progress.Passed > 0 && progress.ErrorsInARow == 0) => Verdict.Passed,
        _ => Verdict.Pending,
    };

    private static bool HasFailed(CheckPlan plan, CheckProgress progress) => progress.Failed > plan.FailureLimit;

    private static bool IsComplete(CheckPlan plan, CheckProgress progress) =>
        plan.Count is { } count && progress.Passed + progress.Failed + progress.Inconclusive >= count;
}
