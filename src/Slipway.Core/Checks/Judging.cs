using System.Globalization;
using Slipway.Checks.Expressions;
using Slipway.Workloads;

namespace Slipway.Checks;

/// <summary>Makes a measurement of what the source said. Whatever is not known to be good is not a pass.</summary>
public static class Judging
{
    /// <param name="stable">Of the version before, where it was asked; null where the check does not speak of it.</param>
    /// <param name="at">When the source was asked.</param>
    public static Measurement Of(CheckPlan plan, SourceAnswer candidate, SourceAnswer? stable, DateTimeOffset at)
    {
        var skipped = stable is SourceAnswer.Empty && plan.Compare?.WithoutStable == CompareReader.Skip;
        if (Missing(candidate, "") is { } unanswered)
        {
            return Bounded(unanswered.Result, at, null, unanswered.Why);
        }

        if (!skipped && stable is not null && Missing(stable, "the stable version: ") is { } incomparable)
        {
            return Bounded(incomparable.Result, at, $"{ValueOf(candidate)}", incomparable.Why);
        }

        var (value, beside) = (ValueOf(candidate)!, ValueOf(stable));
        List<(MeasuredAs Result, string? Why)> opinions = [ByExpressions(plan, value, beside)];
        if (plan.Compare is { } compare && beside is not null)
        {
            opinions.AddRange(Comparing.Of(compare, value, beside));
        }

        var worst = opinions.MaxBy(opinion => Badness(opinion.Result));
        return Bounded(worst.Result, at, beside is null ? $"{value}" : $"{value} (stable {beside})", worst.Why);
    }

    private static Measurement Bounded(MeasuredAs result, DateTimeOffset at, string? value, string? why) =>
        new(result, at, value is null ? null : BoundedText.Of(value, 120), why is null ? null : BoundedText.Of(why, 240));

    private static CheckValue? ValueOf(SourceAnswer? answer) => (answer as SourceAnswer.Found)?.Value;

    private static (MeasuredAs Result, string Why)? Missing(SourceAnswer answer, string whose) => answer switch
    {
        SourceAnswer.Empty nothing => (MeasuredAs.NoData, whose + nothing.Why),
        SourceAnswer.Unanswered unanswered => (MeasuredAs.Error, whose + unanswered.Why),
        SourceAnswer.Unclear unclear => (MeasuredAs.Inconclusive, whose + unclear.Why),
        SourceAnswer.Found { Value: CheckValue.Absent } => (MeasuredAs.NoData, whose + "the answer is null"),
        SourceAnswer.Found { Value: CheckValue.Many { Items.IsEmpty: true } } => (MeasuredAs.NoData, whose + "the answer is an empty list"),
        SourceAnswer.Found { Value: CheckValue.Unknown unknown } => (MeasuredAs.Inconclusive, whose + unknown.Why),
        _ => null,
    };

    private static (MeasuredAs, string?) ByExpressions(CheckPlan plan, CheckValue value, CheckValue? stable)
    {
        if (plan.Pass is null && plan.Fail is null)
        {
            return plan.Compare is not null || value is CheckValue.Truth { Value: true } ? (MeasuredAs.Pass, null)
                : value is CheckValue.Truth ? (MeasuredAs.Fail, null)
                : (MeasuredAs.Inconclusive, $"{value} is neither true nor false, and there is no expression that says what is good");
        }

        var names = CheckNames.Of(plan, value, stable);
        var (bad, good) = (Holds(plan.Fail, names), Holds(plan.Pass, names));
        return (bad, good) switch
        {
            (CheckValue.Truth { Value: true }, _) => (MeasuredAs.Fail, null),
            (CheckValue.Unknown unknown, _) => (MeasuredAs.Inconclusive, $"{value}: {unknown.Why} ({plan.Fail})"),
            (_, CheckValue.Unknown unknown) => (MeasuredAs.Inconclusive, $"{value}: {unknown.Why} ({plan.Pass})"),
            (_, CheckValue.Truth { Value: true }) or (not null, null) => (MeasuredAs.Pass, null),
            (null, _) => (MeasuredAs.Fail, null),
            _ => (MeasuredAs.Inconclusive, string.Create(CultureInfo.InvariantCulture, $"{value} is neither good ({plan.Pass}) nor bad ({plan.Fail})")),
        };
    }

    // It was read when the plan was made; an older controller may have stored what this one does not read.
    private static CheckValue? Holds(string? text, IReadOnlyDictionary<string, CheckValue> names) =>
        text is null ? null
        : Expression.TryParse(text, CheckNames.IsKnown, out var expression, out var problem) ? expression.Evaluate(names)
        : new CheckValue.Unknown(problem);

    // I15: Failed dominates Inconclusive dominates NoData dominates Passed.
    private static int Badness(MeasuredAs result) => result switch
    {
        MeasuredAs.Fail => 3,
        MeasuredAs.Inconclusive => 2,
        MeasuredAs.NoData or MeasuredAs.Error => 1,
        _ => 0,
    };
}
