using System.Collections.Immutable;

namespace Slipway.Checks;

/// <summary>
/// The rank sum test: how probable it is that two sets of samples differ so much by chance, whatever their distribution.
/// </summary>
/// <remarks>
/// H. B. Mann and D. R. Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than the Other", 1947; by the normal
/// approximation with corrections for ties and for continuity, as R's wilcox.test(exact = FALSE), which Kayenta's judge builds on.
/// </remarks>
/// <param name="U">Pairs of which the first set's sample is the greater; ties count half.</param>
/// <param name="Greater">Probability of such a U, or a greater one, where both are of one distribution.</param>
/// <param name="Less">Probability of such a U, or a smaller one.</param>
public readonly record struct RankSum(double U, double Greater, double Less)
{
    public static RankSum Of(ImmutableArray<double> first, ImmutableArray<double> second)
    {
        var (n, m) = ((double)first.Length, (double)second.Length);
        var (ranks, ties) = Ranks(first, second);
        var u = ranks - (n * (n + 1) / 2);
        var total = n + m;
        var variance = n * m / 12 * (total + 1 - (ties / (total * (total - 1))));
        if (!(variance > 0))
        {
            // All samples are the same, or there are none: nothing speaks for a difference.
            return new RankSum(u, 1, 1);
        }

        var (off, deviation) = (u - (n * m / 2), Math.Sqrt(variance));
        return new RankSum(u, Tail((off - 0.5) / deviation), Tail(-(off + 0.5) / deviation));
    }

    // The sum of the first set's ranks, where equal samples share the mean of theirs; and the sum of t³ - t over all sets of equal ones.
    private static (double Ranks, double Ties) Ranks(ImmutableArray<double> first, ImmutableArray<double> second)
    {
        var all = first.Select(value => (Value: value, Ours: true)).Concat(second.Select(value => (Value: value, Ours: false))).OrderBy(one => one.Value).ToArray();
        var (ranks, ties) = (0.0, 0.0);
        for (var from = 0; from < all.Length;)
        {
            var to = from;
            while (to < all.Length && all[to].Value == all[from].Value)
            {
                to++;
            }

            var equal = (double)(to - from);
            ranks += all[from..to].Count(one => one.Ours) * ((from + 1 + to) / 2.0);
            ties += (equal * equal * equal) - equal;
            from = to;
        }

        return (ranks, ties);
    }

    /// <summary>Probability that a standard normal variable is above <paramref name="z"/>.</summary>
    /// <remarks>Numerical Recipes, 3rd edition, section 6.2.2, erfc by Chebyshev coefficients (relative error below 1.2e-7).</remarks>
    internal static double Tail(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.5 * x));
        ReadOnlySpan<double> coefficients = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
        var sum = 0.0;
        foreach (var coefficient in coefficients)
        {
            sum = (sum * t) + coefficient;
        }

        var half = t * Math.Exp(-(x * x) + sum) / 2;
        return z >= 0 ? half : 1 - half;
    }
}
