using CsCheck;
using Slipway.Kube;

namespace Slipway.Tests.Kube;

public sealed class BackoffTests
{
    private static readonly Backoff OneToSixty = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(7, 30)]
    [InlineData(1000, 30)]
    [InlineData(int.MaxValue, 30)]
    public void The_shortest_wait_doubles_up_to_half_the_cap(int failures, double seconds) =>
        Assert.Equal(seconds, OneToSixty.After(failures, jitter: 0).TotalSeconds, precision: 6);

    [Fact]
    public void A_wait_is_between_half_and_the_whole_of_the_doubled_time() =>
        Gen.Select(Gen.Int[1, 40], Gen.Double[0, 0.999999]).Sample((failures, jitter) =>
        {
            var whole = Math.Min(Math.Pow(2, failures - 1), 60);
            var wait = OneToSixty.After(failures, jitter).TotalSeconds;
            return wait >= (whole / 2) - 1e-6 && wait <= whole;
        });
}
