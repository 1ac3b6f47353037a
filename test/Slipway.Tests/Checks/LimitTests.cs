using Slipway.Checks.Expressions;

namespace Slipway.Tests.Checks;

public sealed class LimitTests
{
    [Theory]
    [InlineData("result < 0.05", "< 0.05")]
    [InlineData("0.2 <= result", ">= 0.2")]
    [InlineData("result >= -1 && result <= 1", ">= -1, <= 1")]
    [InlineData("!(result > 3)", "> 3")]
    [InlineData("candidate < stable * 1.1", "")]
    [InlineData("len(result) > 2 || result == 0", "> 2, == 0")]
    [InlineData("result <", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Numbers_that_are_compared_with_are_limits(string? expression, string limits) =>
        Assert.Equal(limits, string.Join(", ", Limit.Of(expression).Select(limit => FormattableString.Invariant($"{limit.Sign} {limit.Value}"))));
}
