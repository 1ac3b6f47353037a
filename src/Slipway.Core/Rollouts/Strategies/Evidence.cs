using System.Collections.Immutable;
using Slipway.Checks;

namespace Slipway.Rollouts.Strategies;

/// <summary>What the checks of one moment (a step, the promotion, the way back) have measured, and what it comes to.</summary>
public static class Evidence
{
    // In a Release: 50 steps of 20 checks would be more than an object can hold.
    private const int MostResults = 100;

    /// <param name="now">When the window opens: what was measured before says nothing of this moment.</param>
    /// <returns>Null where there is nothing to measure.</returns>
    public static IReadOnlyList<CheckProgress>? Begin(IReadOnlyList<CheckPlan> plans, DateTimeOffset now) =>
        plans.Count == 0 ? null : [.. plans.Select(plan => CheckMachine.Begin(plan, now))];

    /// <summary>The progress with the measurements that were due and have been made; null where there are none.</summary>
    public static IReadOnlyList<CheckProgress>? Taken(DeliverySnapshot now, Attempt attempt, int step, IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress)
    {
        if (progress is null || now.Measurements.IsEmpty)
        {
            return null;
        }

        var taken = progress.Select(check => Next(check) is { } made && Plan(plans, check.Name) is { } plan ? CheckMachine.Take(plan, check, made.Measurement) : check).ToArray();
        return taken.SequenceEqual(progress) ? null : taken;

        // By its whole name: one that was made for another step, or twice, is not counted.
        Measured? Next(CheckProgress check) => check.Due is null ? null
            : now.Measurements.FirstOrDefault(made => made.Release == attempt.Release && made.Step == step && made.Check == check.Name && made.Ordinal == check.Ordinal);
    }

    /// <summary>What all of them come to. Nothing to measure is passed.</summary>
    public static Verdict Of(IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, bool over) =>
        plans.Any(plan => !plan.DryRun) && progress is null ? Verdict.Pending : CheckRun.Of(Standings(plans, progress), over);

    /// <summary>The check that a verdict came from, and its last measurement, in words.</summary>
    public static string Describe(IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, Verdict verdict, bool over) =>
        Standings(plans, progress).Where(check => !check.Plan.DryRun && check.Verdict(over) == verdict).Select(check => $"check {CheckRun.Why(check, over)}").FirstOrDefault()
            ?? "a check has measured nothing yet";

    /// <summary>What is still to be measured.</summary>
    public static ImmutableArray<MeasureWish> Wishes(
        IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, int step, MeasureContext context) =>
        [
            .. Standings(plans, progress)
                .Where(check => check.Progress.Due is not null)
                .Select(check => new MeasureWish(check.Plan, step, check.Progress.Ordinal, check.Progress.Due!.Value, context)),
        ];

    /// <summary>The attempt with what this moment has measured, for its Release.</summary>
    public static Attempt Noted(Attempt attempt, IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, int step, bool over) => progress is null ? attempt : attempt with
    {
        Checks =
        [
            .. (attempt.Checks ?? [])
                .Concat(Standings(plans, progress).Select(check => CheckRun.Result(check, step, over)))
                .TakeLast(MostResults),
        ],
    };

    private static IEnumerable<CheckStanding> Standings(IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress) =>
        from check in progress ?? []
        let plan = Plan(plans, check.Name)
        where plan is not null
        select new CheckStanding(plan, check);

    private static CheckPlan? Plan(IReadOnlyList<CheckPlan> plans, string name) => plans.FirstOrDefault(plan => plan.Name == name);
}
