using System.Collections.Immutable;
using System.Globalization;
using Slipway.Api;
using Slipway.Checks.Expressions;

namespace Slipway.Checks;

/// <summary>The new version's values against those of the stable one.</summary>
internal static class Comparing
{
    public static IEnumerable<(MeasuredAs Result, string? Why)> Of(Compare compare, CheckValue candidate, CheckValue stable)
    {
        if (compare.MannWhitney is { } test)
        {
            yield return Distributions(test, Numbers(candidate), Numbers(stable));
        }

        if (compare.MaxRatio is { } ratio)
        {
            yield return Single(candidate, stable, (ours, theirs) =>
                theirs < 0 ? (MeasuredAs.Inconclusive, $"a ratio to {Text(theirs)} says nothing: compare by maxDifference")
                : ours <= theirs * ratio ? (MeasuredAs.Pass, null)
                : (MeasuredAs.Fail, $"{Text(ours)} is more than {Text(ratio)} times the stable version's {Text(theirs)}"));
        }

        if (compare.MaxDifference is { } difference)
        {
            yield return Single(candidate, stable, (ours, theirs) => ours - theirs <= difference
                ? (MeasuredAs.Pass, null)
                : (MeasuredAs.Fail, $"{Text(ours)} exceeds the stable version's {Text(theirs)} by more than {Text(difference)}"));
        }
    }

    private static (MeasuredAs, string?) Single(CheckValue candidate, CheckValue stable, Func<double, double, (MeasuredAs, string?)> judge) => (Mean(candidate), Mean(stable)) switch
    {
        ({ } ours, { } theirs) when double.IsFinite(ours) && double.IsFinite(theirs) => judge(ours, theirs),
        ({ } ours, { } theirs) => (MeasuredAs.Inconclusive, $"{Text(ours)} and the stable version's {Text(theirs)} cannot be compared"),
        _ => (MeasuredAs.Inconclusive, $"{candidate.Kind} and {stable.Kind} cannot be compared: have the query make one number of each"),
    };

    // Samples over time are compared by their mean.
    private static double? Mean(CheckValue value) => value switch
    {
        CheckValue.Number number => number.Value,
        CheckValue.Many many when many.Items.All(item => item is CheckValue.Number) && Numbers(value) is { IsEmpty: false } numbers => numbers.Average(),
        _ => null,
    };

    // A sample that is NaN is none, as in Kayenta (its default for metrics of rates).
    private static ImmutableArray<double> Numbers(CheckValue value) =>
        [.. Functions.Items(value).OfType<CheckValue.Number>().Select(number => number.Value).Where(double.IsFinite)];

    private static (MeasuredAs, string?) Distributions(MannWhitney terms, ImmutableArray<double> candidate, ImmutableArray<double> stable)
    {
        var least = terms.MinSamples ?? CompareReader.DefaultSamples;
        if (candidate.Length < least || stable.Length < least)
        {
            return (MeasuredAs.Inconclusive, $"{candidate.Length} samples of the new version and {stable.Length} of the stable one are too few to tell: {least} of each are needed");
        }

        var test = RankSum.Of(candidate, stable);
        var (mean, other) = (candidate.Average(), stable.Average());
        var error = 1 - (terms.Confidence ?? CompareReader.DefaultConfidence);
        var (rises, falls) = terms.Direction switch
        {
            CompareReader.Decrease => (false, test.Less < error),
            CompareReader.Either => (test.Greater < error / 2, test.Less < error / 2),
            _ => (test.Greater < error, false),
        };
        var effect = terms.Effect ?? 1;
        return rises && Exceeds(mean, other, effect) ? (MeasuredAs.Fail, Sentence("higher", test.Greater))
            : falls && Exceeds(other, mean, effect) ? (MeasuredAs.Fail, Sentence("lower", test.Less))
            : (MeasuredAs.Pass, null);

        string Sentence(string how, double p) => string.Create(
            CultureInfo.InvariantCulture, $"its values are {how} than those of the stable version (p {p:0.####}, means {mean:G4} and {other:G4}, {candidate.Length} and {stable.Length} samples)");
    }

    // By ratio where there can be one; below zero the ratio has no meaning, and any difference counts.
    private static bool Exceeds(double high, double low, double effect) => low < 0 || high >= low * effect;

    private static string Text(double number) => $"{new CheckValue.Number(number)}";
}
