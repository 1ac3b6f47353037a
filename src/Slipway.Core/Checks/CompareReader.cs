using Slipway.Api;
using Slipway.Images;

namespace Slipway.Checks;

/// <summary>Reads how the new version is compared with the stable one.</summary>
internal static class CompareReader
{
    public const string Skip = nameof(Skip), Wait = nameof(Wait);
    public const string Increase = nameof(Increase), Decrease = nameof(Decrease), Either = nameof(Either);
    public const double DefaultConfidence = 0.98;
    public const int DefaultSamples = 10;

    private const int LeastSamples = 5;
    private const int MostSamples = 1000;

    /// <returns>With its defaults filled in; null where there is nothing to compare.</returns>
    public static Compare? Read(string field, Compare? written, out SpecProblem? problem)
    {
        problem = null;
        if (written is null)
        {
            return null;
        }

        var without = string.IsNullOrEmpty(written.WithoutStable) ? Wait : written.WithoutStable;
        problem = written switch
        {
            { MaxRatio: null, MaxDifference: null, MannWhitney: null } => new(field, "nothing is compared: give maxRatio, maxDifference or mannWhitney"),
            { MaxRatio: { } ratio } when !(ratio > 0 && double.IsFinite(ratio)) => new($"{field}.maxRatio", "it is a number above 0, such as 1.2"),
            { MaxDifference: { } difference } when !double.IsFinite(difference) => new($"{field}.maxDifference", "it is a number, such as 0.01"),
            _ when without is not (Skip or Wait) => new($"{field}.withoutStable", $"{UntrustedText.Quote(without)} is not one of {Wait}, {Skip}"),
            { MannWhitney: { } test } => TestProblem($"{field}.mannWhitney", test),
            _ => null,
        };
        return problem is not null ? null : written with { WithoutStable = without, MannWhitney = written.MannWhitney is { } terms ? Filled(terms) : null };
    }

    private static MannWhitney Filled(MannWhitney test) => new()
    {
        Confidence = test.Confidence ?? DefaultConfidence,
        Direction = string.IsNullOrEmpty(test.Direction) ? Increase : test.Direction,
        Effect = test.Effect,
        MinSamples = test.MinSamples ?? DefaultSamples,
    };

    private static SpecProblem? TestProblem(string field, MannWhitney test) => test switch
    {
        { Confidence: { } confidence } when !(confidence is >= 0.5 and < 1) => new($"{field}.confidence", "it is a number from 0.5 to below 1, such as 0.98"),
        { Direction.Length: > 0 } when test.Direction is not (Increase or Decrease or Either) => new($"{field}.direction", $"{UntrustedText.Quote(test.Direction)} is not one of {Increase}, {Decrease}, {Either}"),
        { Effect: { } effect } when !(effect >= 1 && double.IsFinite(effect)) => new($"{field}.effect", "it is a ratio of at least 1, such as 1.1"),
        { MinSamples: { } samples } when samples is < LeastSamples or > MostSamples => new($"{field}.minSamples", $"it is a number from {LeastSamples} to {MostSamples}: fewer samples cannot tell anything"),
        _ => null,
    };
}
