using CsCheck;
using Slipway.Images;

namespace Slipway.Tests.Images;

public sealed class UntrustedTextTests
{
    [Theory]
    [InlineData("", "''")]
    [InlineData("nginx:1.2", "'nginx:1.2'")]
    [InlineData("größe", "'größe'")]
    [InlineData("a\nb", @"'a\u000ab'")]
    [InlineData("a\u001b[31mred", @"'a\u001b[31mred'")]
    [InlineData("safe\u202Egpj", @"'safe\u202egpj'")]
    [InlineData("a\u2028b", @"'a\u2028b'")]
    [InlineData("zero\u200bwidth", @"'zero\u200bwidth'")]
    public void What_does_not_print_on_a_line_is_escaped(string text, string quoted) => Assert.Equal(quoted, UntrustedText.Quote(text));

    [Fact]
    public void A_lone_surrogate_is_escaped_so_that_the_message_is_valid_text() => Assert.Equal(@"'\ud83d'", UntrustedText.Quote("\ud83d"));

    [Fact]
    public void A_long_text_is_cut() => Assert.Equal($"'{new string('a', 96)}…'", UntrustedText.Quote(new string('a', 5000)));

    [Fact]
    public void No_text_makes_more_than_one_line() =>
        Gen.String.Sample(text => !UntrustedText.Quote(text).Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'));
}
