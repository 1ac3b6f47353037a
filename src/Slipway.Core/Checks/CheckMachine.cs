namespace Slipway.Checks;

/// <summary>Counts the measurements of one check and says what they come to. Pure.</summary>
/// <remarks>
/// Passed asks for a measurement that passed, and for the last one to be such: what was not measured, or not well at the end, is not good (I14).
/// A worse answer in the place of a better one makes no verdict Passed that was not, and none that was Failed another (I15).
/// </remarks>
public static class CheckMachine
{
    // What is shown of them; the counts hold all.
    private const int MostRecent = 10;

    // What could not be measured is tried again sooner than the next one would be due.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    /// <param name="now">When the window of the measurements opens.</param>
    public static CheckProgress Begin(CheckPlan plan, DateTimeOffset now) => new(plan.Name, Ordinal: 0, Due: now + plan.WarmUp);

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
            Recent = [.. (progress.Recent ?? []).TakeLast(MostRecent - 1), measured with { Log = null }],
            Log = measured.Log ?? progress.Log,
        };
        var pause = unanswered && plan.Interval > Retry ? Retry : plan.Interval;
        return taken with { Due = Of(plan, taken, over: false) is Verdict.Passed or Verdict.Failed ? null : measured.At + pause };
    }

    /// <param name="over">Whether the step has lasted as long as it must: a check without a count has then measured all it could.</param>
    public static Verdict Of(CheckPlan plan, CheckProgress progress, bool over) => progress switch
    {
        _ when HasFailed(plan, progress) => Verdict.Failed,
        _ when IsInconclusive(plan, progress) => Verdict.Inconclusive,
        _ when progress.ErrorsInARow > plan.ErrorLimit => Verdict.NoData,

        // One more is made where the last one was not good, however many there were: that one decides.
        _ when progress.PassedInARow == 0 => Verdict.Pending,
        _ when plan.SuccessLimit > 0 => progress.PassedInARow >= plan.SuccessLimit ? Verdict.Passed : Verdict.Pending,
        _ when plan.Count is null && over => Verdict.Passed,
        _ when IsComplete(plan, progress) => Verdict.Passed,
        _ => Verdict.Pending,
    };

    private static bool HasFailed(CheckPlan plan, CheckProgress progress) =>
        plan.FailureLimit == CheckPlan.Unlimited ? HasMissedRow(plan, progress) : progress.Failed > plan.FailureLimit;

    private static bool IsInconclusive(CheckPlan plan, CheckProgress progress) =>
        plan.FailureLimit != CheckPlan.Unlimited
        && (progress.Inconclusive + progress.Failed > Math.Max(plan.InconclusiveLimit, plan.FailureLimit) || HasMissedRow(plan, progress));

    // All were made, and the row that was asked for is not there.
    private static bool HasMissedRow(CheckPlan plan, CheckProgress progress) =>
        plan.SuccessLimit > 0 && IsComplete(plan, progress) && progress.PassedInARow < plan.SuccessLimit;

    private static bool IsComplete(CheckPlan plan, CheckProgress progress) =>
        plan.Count is { } count && progress.Passed + progress.Failed + progress.Inconclusive >= count;
}
