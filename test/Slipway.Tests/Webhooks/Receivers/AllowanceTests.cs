using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Receivers;

public sealed class AllowanceTests
{
    private static readonly AllowanceTerms Terms = new(3, 2);

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_burst_is_let_through_and_the_next_told_when() =>
        Assert.Equal([0, 0, 0, 0.5, 0.5], Waits(Start, Start, Start, Start, Start));

    [Fact]
    public void Who_is_refused_spends_nothing() =>
        Assert.Equal([0, 0, 0, 0.5, 0, 0.5], Waits(Start, Start, Start, Start, Start.AddSeconds(0.5), Start.AddSeconds(0.5)));

    [Fact]
    public void Rest_fills_it_again_and_no_further() =>
        Assert.Equal([0, 0, 0, 0, 0.5], Waits(Start, Start.AddHours(1), Start.AddHours(1), Start.AddHours(1), Start.AddHours(1)));

    [Fact]
    public void A_clock_that_is_set_back_opens_nothing() => Assert.Equal([0, 0, 0, 0.5], Waits(Start, Start, Start, Start.AddHours(-1)));

    private static IEnumerable<double> Waits(params DateTimeOffset[] instants)
    {
        var allowance = default(Allowance);
        return [.. instants.Select(now =>
        {
            (var wait, allowance) = allowance.Take(Terms, now);
            return wait.TotalSeconds;
        })];
    }
}
