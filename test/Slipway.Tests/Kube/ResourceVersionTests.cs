using CsCheck;
using Slipway.Kube;

namespace Slipway.Tests.Kube;

public sealed class ResourceVersionTests
{
    [Theory]
    [InlineData("9", "10", -1)]
    [InlineData("10", "9", 1)]
    [InlineData("10", "10", 0)]
    [InlineData("18446744073709551616", "18446744073709551615", 1)] // beyond 64 bits: KEP-5504 sets no length
    [InlineData("99999999999999999999", "100000000000000000000", -1)]
    public void Numbers_are_compared_as_numbers_of_any_length(string left, string right, int expected) =>
        Assert.Equal(expected, Math.Sign(ResourceVersion.Compare(left, right)!.Value));

    [Theory]
    [InlineData("", "1")]
    [InlineData("1", "")]
    [InlineData(null, "1")]
    [InlineData("0", "1")]
    [InlineData("01", "1")]
    [InlineData("abc", "1")]
    [InlineData("1", "1a")]
    [InlineData("-1", "1")]
    [InlineData("1.5", "2")]
    [InlineData("٣", "4")]
    public void What_is_no_number_has_no_order(string? left, string? right)
    {
        Assert.Null(ResourceVersion.Compare(left, right));
        Assert.False(ResourceVersion.IsOlder(left, right));
        Assert.False(ResourceVersion.IsOlder(right, left));
    }

    [Fact]
    public void Equal_words_are_equal_whatever_they_are() => Assert.Equal(0, ResourceVersion.Compare("v:x", "v:x"));

    [Fact]
    public void The_order_is_that_of_the_numbers() =>
        Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.ULong[1, ulong.MaxValue]).Sample((left, right) =>
            Math.Sign(ResourceVersion.Compare($"{left}", $"{right}")!.Value) == left.CompareTo(right));
}
