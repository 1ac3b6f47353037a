using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Checks.Expressions;

namespace Slipway.Tests.Checks;

public sealed class JudgingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly CheckPlan Plan = new() { Name = "errors" };

    [Theory]
    [InlineData("result < 1", null, 0.5, MeasuredAs.Pass)]
    [InlineData("result < 1", null, 1.5, MeasuredAs.Fail)]
    [InlineData("result < 1", null, double.NaN, MeasuredAs.Inconclusive)]
    [InlineData(null, "result > 1", 0.5, MeasuredAs.Pass)]
    [InlineData(null, "result > 1", 1.5, MeasuredAs.Fail)]
    [InlineData(null, "result > 1", double.NaN, MeasuredAs.Inconclusive)]
    [InlineData("result < 1", "result > 2", 1.5, MeasuredAs.Inconclusive)]
    [InlineData("result < 5", "result > 2", 3, MeasuredAs.Fail)]
    [InlineData("result < 1 or isNaN(result)", null, double.NaN, MeasuredAs.Pass)]
    [InlineData("result < 1", null, double.PositiveInfinity, MeasuredAs.Fail)]
    [InlineData("true", "result > 2", double.NaN, MeasuredAs.Inconclusive)]
    public void A_value_is_good_bad_or_neither(string? pass, string? fail, double value, MeasuredAs expected) =>
        Assert.Equal(expected, Judge(Plan with { Pass = pass, Fail = fail }, Number(value)).Result);

    [Fact]
    public void What_the_source_does_not_say_is_never_a_pass()
    {
        var plan = Plan with { Pass = "true" };

        Assert.Equal((MeasuredAs.NoData, "no values found"), Brief(Judge(plan, new SourceAnswer.Empty("no values found"))));
        Assert.Equal((MeasuredAs.Error, "refused"), Brief(Judge(plan, new SourceAnswer.Unanswered("refused"))));
        Assert.Equal((MeasuredAs.Inconclusive, "a matrix"), Brief(Judge(plan, new SourceAnswer.Unclear("a matrix"))));
        Assert.Equal((MeasuredAs.NoData, "the answer is null"), Brief(Judge(plan, new SourceAnswer.Found(CheckValue.Absent.Here))));
        Assert.Equal((MeasuredAs.NoData, "the answer is an empty list"), Brief(Judge(plan, new SourceAnswer.Found(CheckValue.Of([])))));
        Assert.Equal((MeasuredAs.Inconclusive, "too much"), Brief(Judge(plan, new SourceAnswer.Found(new CheckValue.Unknown("too much")))));
    }

    [Fact]
    public void Several_series_for_one_number_are_inconclusive_and_the_way_out_is_told()
    {
        var measured = Judge(Plan with { Pass = "result < 1" }, new SourceAnswer.Found(CheckValue.Of([0.1, 0.2])));

        Assert.Equal(MeasuredAs.Inconclusive, measured.Result);
        Assert.Equal("[0.1,0.2]: a list of 2 values cannot be compared with a number: use all(result, # < 1), or have the query make one of them (sum, max) (result < 1)", measured.Message);
    }

    [Theory]
    [InlineData("true", MeasuredAs.Pass)]
    [InlineData("false", MeasuredAs.Fail)]
    [InlineData("\"yes\"", MeasuredAs.Inconclusive)]
    public void Without_an_expression_the_answer_itself_must_be_true(string json, MeasuredAs expected)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(expected, Judge(Plan, new SourceAnswer.Found(CheckValue.Of(document.RootElement))).Result);
    }

    [Theory]
    [InlineData(0.011, 0.01, MeasuredAs.Pass)]
    [InlineData(0.013, 0.01, MeasuredAs.Fail)]
    [InlineData(0.001, 0, MeasuredAs.Fail)]
    [InlineData(0, 0, MeasuredAs.Pass)]
    [InlineData(double.NaN, 0.1, MeasuredAs.Inconclusive)]
    [InlineData(0.1, double.NaN, MeasuredAs.Inconclusive)]
    [InlineData(0.1, -1, MeasuredAs.Inconclusive)]
    public void A_ratio_to_the_stable_version_may_not_be_exceeded(double candidate, double stable, MeasuredAs expected) =>
        Assert.Equal(expected, Judge(Plan with { Compare = new() { MaxRatio = 1.2 } }, Number(candidate), Number(stable)).Result);

    [Fact]
    public void All_that_is_compared_must_hold_and_what_failed_is_told()
    {
        var plan = Plan with { Pass = "result < 1", Compare = new() { MaxRatio = 10, MaxDifference = 0.1 } };

        var measured = Judge(plan, Number(0.5), Number(0.2));

        Assert.Equal((MeasuredAs.Fail, "0.5 (stable 0.2)"), (measured.Result, measured.Value));
        Assert.Equal("0.5 exceeds the stable version's 0.2 by more than 0.1", measured.Message);
        Assert.Equal(MeasuredAs.Pass, Judge(plan, Number(0.25), Number(0.2)).Result);
        Assert.Equal(MeasuredAs.Fail, Judge(plan, Number(1.05), Number(1)).Result);
    }

    [Theory]
    [InlineData("Wait", MeasuredAs.NoData)]
    [InlineData("Skip", MeasuredAs.Pass)]
    public void A_stable_version_without_a_value_is_waited_for_unless_it_may_be_left_out(string without, MeasuredAs expected)
    {
        var plan = Plan with { Pass = "result < 1", Compare = new() { MaxRatio = 1.2, WithoutStable = without } };

        Assert.Equal(expected, Judge(plan, Number(0.5), new SourceAnswer.Empty("no values found")).Result);
        Assert.Equal(MeasuredAs.Error, Judge(plan, Number(0.5), new SourceAnswer.Unanswered("down")).Result);
        Assert.Equal(MeasuredAs.NoData, Judge(plan, new SourceAnswer.Empty("none"), Number(0.5)).Result);
    }

    [Fact]
    public void Expressions_may_speak_of_both_sides_and_of_arguments()
    {
        var plan = Plan with { Pass = "candidate < stable * args.factor and args.on and args.who == 'me'", Args = Arguments("2") };

        Assert.Equal(MeasuredAs.Pass, Judge(plan, Number(1.9), Number(1)).Result);
        Assert.Equal(MeasuredAs.Fail, Judge(plan, Number(2), Number(1)).Result);
    }

    [Fact]
    public void An_expression_that_an_older_controller_has_stored_and_this_one_does_not_read_is_no_pass() =>
        Assert.Equal(MeasuredAs.Inconclusive, Judge(Plan with { Pass = "result ~ 1" }, Number(1)).Result);

    [Fact]
    public void Samples_that_are_higher_fail_where_an_increase_is_bad()
    {
        var test = new MannWhitney { Direction = "Increase", MinSamples = 10, Confidence = 0.98 };
        var (low, high) = (Samples(100, 20), Samples(120, 20));

        Assert.Equal(MeasuredAs.Fail, Test(test, high, low));
        Assert.Equal(MeasuredAs.Pass, Test(test, low, high));
        Assert.Equal(MeasuredAs.Pass, Test(test, low, low));
        Assert.Equal(MeasuredAs.Fail, Test(test with { Direction = "Decrease" }, low, high));
        Assert.Equal(MeasuredAs.Fail, Test(test with { Direction = "Either" }, low, high));
        Assert.Equal(MeasuredAs.Fail, Test(test with { Direction = "Either" }, high, low));
        Assert.Equal(MeasuredAs.Pass, Test(test with { Effect = 1.5 }, high, low));
        Assert.Equal(MeasuredAs.Fail, Test(test with { Effect = 1.1 }, high, low));
    }

    [Fact]
    public void Too_few_samples_tell_nothing_and_NaN_is_no_sample()
    {
        var test = new MannWhitney { MinSamples = 10 };

        Assert.Equal(MeasuredAs.Inconclusive, Test(test, Samples(1, 9), Samples(1, 20)));
        Assert.Equal(MeasuredAs.Inconclusive, Test(test, Samples(1, 20), Samples(1, 9)));
        Assert.Equal(MeasuredAs.Inconclusive, Test(test, [.. Samples(1, 9), double.NaN], Samples(1, 20)));
        Assert.Equal(MeasuredAs.Pass, Test(test, Samples(1, 10), Samples(1, 10)));
    }

    private static MeasuredAs Test(MannWhitney test, ImmutableArray<double> candidate, ImmutableArray<double> stable) =>
        Judge(Plan with { Compare = new() { MannWhitney = test } }, new SourceAnswer.Found(CheckValue.Of(candidate)), new SourceAnswer.Found(CheckValue.Of(stable))).Result;

    private static ImmutableArray<double> Samples(double from, int count) => [.. Enumerable.Range(0, count).Select(index => from + (index * 7 % 10))];

    private static ImmutableDictionary<string, CheckValueText> Arguments(string factor) => new Dictionary<string, CheckValueText>
    {
        ["factor"] = new("Number", factor),
        ["on"] = new("Flag", "true"),
        ["who"] = new("Text", "me"),
    }.ToImmutableDictionary();

    private static SourceAnswer.Found Number(double value) => new(new CheckValue.Number(value));

    private static Measurement Judge(CheckPlan plan, SourceAnswer candidate, SourceAnswer? stable = null) => Judging.Of(plan, candidate, stable, Now);

    private static (MeasuredAs, string?) Brief(Measurement measured) => (measured.Result, measured.Message);
}
