using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class RankSumTests
{
    /// <summary>The example of R's wilcox.test (Hollander and Wolfe, 1973, page 69), with exact = FALSE.</summary>
    [Fact]
    public void It_agrees_with_the_example_of_the_textbook()
    {
        var test = RankSum.Of([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.90, 0.74, 1.21]);

        Assert.Equal(35, test.U);
        Assert.Equal(0.12231, test.Greater, 5);
    }

    [Fact]
    public void Ties_are_corrected_for()
    {
        var test = RankSum.Of([1, 2, 2, 3, 3, 3, 4, 5], [1, 1, 2, 2, 3, 4]);

        Assert.Equal((32, 0.15963, 0.87051), (test.U, Math.Round(test.Greater, 5), Math.Round(test.Less, 5)));
    }

    [Fact]
    public void Equal_samples_and_no_samples_speak_for_no_difference()
    {
        Assert.Equal((1, 1), (RankSum.Of([1, 1, 1], [1, 1]).Greater, RankSum.Of([1, 1, 1], [1, 1]).Less));
        Assert.Equal(1, RankSum.Of([], [1, 2]).Greater);
    }

    [Fact]
    public void It_does_not_matter_which_comes_first_nor_by_what_unit()
    {
        var (a, b) = RankSumPair([3, 5, 8, 9, 12, 14], [1, 2, 4, 6, 7, 10]);
        var (c, _) = RankSumPair([3000, 5000, 8000, 9000, 12000, 14000], [1000, 2000, 4000, 6000, 7000, 10000]);

        Assert.Equal(a.Greater, b.Less, 10);
        Assert.Equal(36, a.U + b.U);
        Assert.Equal(a, c);

        static (RankSum, RankSum) RankSumPair(double[] first, double[] second) => (RankSum.Of([.. first], [.. second]), RankSum.Of([.. second], [.. first]));
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.6448536, 0.05)]
    [InlineData(-1.6448536, 0.95)]
    [InlineData(2.3263479, 0.01)]
    public void The_tail_of_the_normal_distribution_is_that_of_the_tables(double z, double expected) => Assert.Equal(expected, RankSum.Tail(z), 6);
}
