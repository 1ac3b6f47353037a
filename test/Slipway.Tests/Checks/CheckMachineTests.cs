using CsCheck;
using Slipway.Checks;
using static Slipway.Checks.MeasuredAs;

namespace Slipway.Tests.Checks;

public sealed class CheckMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly CheckPlan Plan = new() { Name = "errors", Interval = TimeSpan.FromSeconds(30) };

    [Fact]
    public void Without_a_measurement_nothing_has_passed_however_long_the_step_lasted() =>
        Assert.Equal(Verdict.Pending, CheckMachine.Of(Plan, CheckMachine.Begin(Plan, Start), over: true));

    [Theory]
    [InlineData(new[] { Pass }, false, Verdict.Pending)]
    [InlineData(new[] { Pass }, true, Verdict.Passed)]
    [InlineData(new[] { NoData, NoData }, true, Verdict.Pending)]
    [InlineData(new[] { NoData, Error, NoData, Error, NoData }, true, Verdict.NoData)]
    [InlineData(new[] { Pass, Error }, true, Verdict.Pending)]
    [InlineData(new[] { Inconclusive }, true, Verdict.Inconclusive)]
    [InlineData(new[] { Fail }, false, Verdict.Failed)]
    [InlineData(new[] { Pass, Pass, Pass, Fail }, true, Verdict.Failed)]
    public void A_check_without_a_count_passes_by_what_it_measured_until_the_step_was_over(MeasuredAs[] measured, bool over, Verdict expected) =>
        Assert.Equal(expected, CheckMachine.Of(Plan, After(Plan, measured), over));

    [Theory]
    [InlineData(new[] { Pass, Pass }, Verdict.Pending)]
    [InlineData(new[] { Pass, Pass, Pass }, Verdict.Passed)]
    [InlineData(new[] { Pass, NoData, Pass }, Verdict.Pending)]
    [InlineData(new[] { Pass, Fail, Pass }, Verdict.Passed)]
    [InlineData(new[] { Pass, Pass, Fail }, Verdict.Pending)]
    [InlineData(new[] { Pass, Pass, Fail, Pass }, Verdict.Passed)]
    [InlineData(new[] { Fail, Fail }, Verdict.Failed)]
    [InlineData(new[] { Fail, Inconclusive }, Verdict.Inconclusive)]
    public void With_a_count_all_are_made_and_the_last_one_is_good(MeasuredAs[] measured, Verdict expected)
    {
        var plan = Plan with { Count = 3, FailureLimit = 1 };

        Assert.Equal(expected, CheckMachine.Of(plan, After(plan, measured), over: true));
    }

    [Fact]
    public void What_failed_and_may_does_not_pass_by_being_all_there_was()
    {
        var plan = Plan with { Count = 1, FailureLimit = 1 };

        Assert.Equal(Verdict.Pending, CheckMachine.Of(plan, After(plan, Fail), over: true));
        Assert.Equal(Verdict.Passed, CheckMachine.Of(plan, After(plan, Fail, Pass), over: true));
    }

    [Theory]
    [InlineData(0, new[] { Pass, Fail, Pass, Pass }, Verdict.Passed)]
    [InlineData(0, new[] { Pass, Fail, Pass }, Verdict.Pending)]
    [InlineData(4, new[] { Pass, Fail, Pass, Fail }, Verdict.Failed)]
    [InlineData(6, new[] { Fail, Fail, Pass, Pass }, Verdict.Passed)]
    public void A_row_of_good_ones_may_be_asked_for_instead(int count, MeasuredAs[] measured, Verdict expected)
    {
        var plan = Plan with { SuccessLimit = 2, FailureLimit = CheckPlan.Unlimited, Count = count == 0 ? null : count };

        Assert.Equal(expected, CheckMachine.Of(plan, After(plan, measured), over: true));
    }

    [Fact]
    public void A_row_that_is_missed_with_no_failure_too_many_is_inconclusive()
    {
        var plan = Plan with { SuccessLimit = 2, FailureLimit = 2, Count = 4 };

        Assert.Equal(Verdict.Inconclusive, CheckMachine.Of(plan, After(plan, Pass, Fail, Fail, Pass), over: false));
    }

    [Fact]
    public void A_source_that_is_back_makes_up_for_the_time_it_was_away()
    {
        var away = After(Plan, Error, Error, Error, Error, Error, Error);

        Assert.Equal(Verdict.NoData, CheckMachine.Of(Plan, away, over: true));
        Assert.NotNull(away.Due);
        Assert.Equal(Verdict.Passed, CheckMachine.Of(Plan, CheckMachine.Take(Plan, away, new(Pass, Start.AddHours(1))), over: true));
    }

    [Fact]
    public void The_first_is_due_when_it_has_warmed_up_and_the_next_after_the_interval()
    {
        var plan = Plan with { WarmUp = TimeSpan.FromMinutes(1) };
        var begun = CheckMachine.Begin(plan, Start);

        var taken = CheckMachine.Take(plan, begun, new(Pass, Start.AddSeconds(61)));

        Assert.Equal((0, Start.AddMinutes(1)), (begun.Ordinal, begun.Due));
        Assert.Equal((1, Start.AddSeconds(91)), (taken.Ordinal, taken.Due));
    }

    [Theory]
    [InlineData(NoData, 10)]
    [InlineData(Error, 10)]
    [InlineData(Inconclusive, 300)]
    public void What_could_not_be_measured_is_tried_again_soon(MeasuredAs result, int seconds)
    {
        var plan = Plan with { Interval = TimeSpan.FromMinutes(5), InconclusiveLimit = 1 };

        Assert.Equal(Start.AddSeconds(seconds), CheckMachine.Take(plan, CheckMachine.Begin(plan, Start), new(result, Start)).Due);
    }

    [Theory]
    [InlineData(Pass, null)]
    [InlineData(Fail, null)]
    [InlineData(Inconclusive, 30)]
    public void After_the_last_word_nothing_is_due(MeasuredAs result, int? seconds)
    {
        var plan = Plan with { Count = 1 };

        Assert.Equal(seconds is null ? null : Start.AddSeconds(seconds.Value), CheckMachine.Take(plan, CheckMachine.Begin(plan, Start), new(result, Start)).Due);
    }

    [Fact]
    public void Ten_are_shown_and_the_last_log_and_all_are_counted()
    {
        var progress = CheckMachine.Begin(Plan, Start);
        for (var second = 0; second < 25; second++)
        {
            progress = CheckMachine.Take(Plan, progress, new Measurement(Pass, Start.AddSeconds(second)) { Log = second == 3 ? "ok" : null });
        }

        Assert.Equal((25, 25, 10, "ok"), (progress.Passed, progress.Ordinal, progress.Recent!.Count, progress.Log));
        Assert.Equal(Start.AddSeconds(24), progress.Recent[^1].At);
        Assert.All(progress.Recent, measured => Assert.Null(measured.Log));
    }

    /// <summary>I15. Of what was answered each is at least as bad in the second list as in the first.</summary>
    [Fact]
    public void Worse_answers_never_make_a_better_verdict() => Gen.Select(Plans, Gen.Select(Answers, Answers).List[1, 12], Gen.Bool).Sample((plan, pairs, over) =>
    {
        var better = After(plan, [.. pairs.Select(pair => Badness(pair.Item1) <= Badness(pair.Item2) ? pair.Item1 : pair.Item2)]);
        var worse = After(plan, [.. pairs.Select(pair => Badness(pair.Item1) <= Badness(pair.Item2) ? pair.Item2 : pair.Item1)]);
        var (first, second) = (CheckMachine.Of(plan, better, over), CheckMachine.Of(plan, worse, over));

        Assert.True(second != Verdict.Passed || first == Verdict.Passed, $"{plan}: {first} became {second}");
        Assert.True(first != Verdict.Failed || second == Verdict.Failed, $"{plan}: {first} became {second}");
        Assert.True(first != Verdict.Inconclusive || second > Verdict.Pending, $"{plan}: {first} became {second}");
    });

    /// <summary>I14, I15. One that found nobody, in the place of a good one, or before any, makes no pass.</summary>
    [Fact]
    public void What_was_not_measured_never_makes_a_pass() => Gen.Select(Plans, AllResults.List[1, 12], Gen.Int[0, 11], Gen.Bool, Gen.Bool).Sample((plan, results, at, instead, over) =>
    {
        var place = at % results.Count;
        List<MeasuredAs> fewer = [.. results];
        if (instead && fewer[place] == Pass)
        {
            fewer[place] = Error;
        }
        else
        {
            fewer.Insert(place, NoData);
        }

        Assert.True(CheckMachine.Of(plan, After(plan, [.. fewer]), over) != Verdict.Passed || CheckMachine.Of(plan, After(plan, [.. results]), over) == Verdict.Passed, $"{plan}: {string.Join(' ', results)}");
    });

    [Fact]
    public void A_pass_has_a_pass_at_its_end() => Gen.Select(Plans, AllResults.List[0, 12], Gen.Bool).Sample((plan, results, over) =>
        Assert.True(CheckMachine.Of(plan, After(plan, [.. results]), over) != Verdict.Passed || results[^1] == Pass));

    private static readonly Gen<MeasuredAs> Answers = Of(Pass, Pass, Pass, Inconclusive, Fail);

    private static readonly Gen<MeasuredAs> AllResults = Of(Pass, Pass, Pass, Inconclusive, Fail, NoData, Error);

    private static readonly Gen<CheckPlan> Plans = Gen.Select(Gen.Int[0, 5], Gen.Int[-1, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 5]).Select(
        (count, failures, inconclusive, row, errors) => Plan with
        {
            Count = count == 0 ? null : count,
            FailureLimit = row == 0 ? Math.Max(0, failures) : failures,
            InconclusiveLimit = inconclusive,
            SuccessLimit = row,
            ErrorLimit = errors,
        });

    private static Gen<MeasuredAs> Of(params MeasuredAs[] results) => Gen.Int[0, results.Length - 1].Select(at => results[at]);

    private static int Badness(MeasuredAs result) => result switch { Pass => 0, Inconclusive => 1, _ => 2 };

    private static CheckProgress After(CheckPlan plan, params MeasuredAs[] results) =>
        results.Aggregate(CheckMachine.Begin(plan, Start), (progress, result) => CheckMachine.Take(plan, progress, new(result, Start)));
}
