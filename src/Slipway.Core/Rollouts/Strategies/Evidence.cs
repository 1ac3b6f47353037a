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

    /// <summary>The worst of the verdicts; a dry run has no say (I15). Nothing to measure is passed.</summary>
    public static Verdict Of(IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, bool over) => plans
        .Where(plan => !plan.DryRun)
        .Select(plan => progress?.FirstOrDefault(check => check.Name == plan.Name) is { } check ? CheckMachine.Of(plan, check, over) : Verdict.Pending)
        .DefaultIfEmpty(Verdict.Passed)
        .Max();

    /// <summary>The check that a verdict came from, and its last measurement, in words.</summary>
    public static string Describe(IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, Verdict verdict, bool over)
    {
        var plan = plans.FirstOrDefault(plan => !plan.DryRun && progress?.FirstOrDefault(check => check.Name == plan.Name) is { } check && CheckMachine.Of(plan, check, over) == verdict);
        if (plan is null)
        {
            return "a check has measured nothing yet";
        }

        var last = progress!.First(check => check.Name == plan.Name).Recent is [.., var recent] ? recent : null;
        var said = last switch
        {
            null => "nothing was measured yet",
            { Message: { } message } => message,
            { Value: { } value } => $"the last value is {value}",
            _ => $"the last measurement is {last.Result}",
        };
        return $"check {plan.Name}: {said}";
    }

    /// <summary>What is still to be measured.</summary>
    public static ImmutableArray<MeasureWish> Wishes(
        IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, int step, MeasureContext context) =>
        [
            .. (progress ?? [])
                .Where(check => check.Due is not null)
                .Select(check => (Check: check, Plan: Plan(plans, check.Name)))
                .Where(found => found.Plan is not null)
                .Select(found => new MeasureWish(found.Plan!, step, found.Check.Ordinal, found.Check.Due!.Value, context)),
        ];

    /// <summary>The attempt with what this moment has measured, for its Release.</summary>
    public static Attempt Noted(Attempt attempt, IReadOnlyList<CheckPlan> plans, IReadOnlyList<CheckProgress>? progress, int step, bool over) => progress is null ? attempt : attempt with
    {
        Checks =
        [
            .. (attempt.Checks ?? [])
                .Concat(plans
                    .Select(plan => (Plan: plan, Check: progress.FirstOrDefault(check => check.Name == plan.Name)))
                    .Where(found => found.Check is not null)
                    .Select(found => new CheckResult(
                        found.Plan.Name, step, CheckMachine.Of(found.Plan, found.Check!, over).ToString(), found.Check!.Passed, found.Check.Failed, found.Check.Inconclusive)
                    {
                        Recent = found.Check.Recent,
                    }))
                .TakeLast(MostResults),
        ],
    };

    private static CheckPlan? Plan(IReadOnlyList<CheckPlan> plans, string name) => plans.FirstOrDefault(plan => plan.Name == name);
}
