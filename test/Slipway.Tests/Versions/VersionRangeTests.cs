using CsCheck;
using Slipway.Versions;

namespace Slipway.Tests.Versions;

public sealed class VersionRangeTests
{
    [Theory]
    [InlineData(">=1.4 <2", "1.4.0 1.9.9", "1.3.9 2.0.0 1.5.0-rc.1 2.0.0-rc.1")]
    [InlineData(">=1.4, <2", "1.4.0 1.9.9", "1.3.9 2.0.0")]
    [InlineData(">=1.4,<2", "1.4.0", "2.0.0")]
    [InlineData("1.4.2", "1.4.2 1.4.2+build", "1.4.1 1.4.3 1.4.2-rc.1")]
    [InlineData("=v1.4.2", "1.4.2", "1.4.3")]
    [InlineData("1.4", "1.4.0 1.4.99", "1.3.9 1.5.0")]
    [InlineData("1.4.x", "1.4.0 1.4.99", "1.5.0")]
    [InlineData("1.X", "1.0.0 1.99.0", "2.0.0 0.9.9")]
    [InlineData("1.x.3", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("*", "0.0.0 99.0.0", "1.0.0-rc.1")]
    [InlineData("x", "0.0.0 99.0.0", "1.0.0-rc.1")]
    [InlineData("*-0", "0.0.0 1.0.0-rc.1 99.0.0", "")]
    [InlineData(">1.4", "1.5.0 2.0.0", "1.4.0 1.4.99")]
    [InlineData(">1", "2.0.0", "1.0.0 1.99.99")]
    [InlineData(">1.4.2", "1.4.3 1.5.0", "1.4.2 1.4.1")]
    [InlineData("<=1.4", "1.4.99 1.0.0", "1.5.0")]
    [InlineData("=<1", "1.99.99 0.1.0", "2.0.0")]
    [InlineData("<1.4", "1.3.99", "1.4.0")]
    [InlineData("=>1.4", "1.4.0", "1.3.99")]
    [InlineData("!=1.4.2", "1.4.1 1.4.3", "1.4.2")]
    [InlineData("!=1.4", "1.3.9 1.5.0", "1.4.0 1.4.9")]
    [InlineData("!=1", "2.0.0 0.9.0", "1.0.0 1.9.9")]
    [InlineData("!=1.x", "2.0.0", "1.5.0")]
    [InlineData("~1.4.2", "1.4.2 1.4.99", "1.4.1 1.5.0")]
    [InlineData("~>1.4.2", "1.4.2 1.4.99", "1.5.0")]
    [InlineData("~1", "1.0.0 1.99.0", "2.0.0")]
    [InlineData("~0.0.0", "0.0.0 7.1.2", "")]
    [InlineData("^1.4.2", "1.4.2 1.99.0", "1.4.1 2.0.0")]
    [InlineData("^0.4.2", "0.4.2 0.4.99", "0.4.1 0.5.0 1.0.0")]
    [InlineData("^0.0.2", "0.0.2", "0.0.1 0.0.3")]
    [InlineData("^0.0", "0.0.0 0.0.99", "0.1.0")]
    [InlineData("^0", "0.0.0 0.99.0", "1.0.0")]
    [InlineData("^*", "0.0.0 0.0.1 7.0.0", "")]
    [InlineData("<=*", "0.0.0 7.0.0", "")]
    [InlineData("1.4 - 1.6", "1.4.0 1.6.99", "1.3.9 1.7.0")]
    [InlineData("1.4.0 - 1.6.2", "1.4.0 1.6.2", "1.6.3")]
    [InlineData("1.0 - 2.0 !=1.5.0", "1.4.0 2.0.9", "1.5.0 2.1.0")]
    [InlineData("1.1-3", "1.1.0-3", "1.1.0-2 4.0.0")]
    [InlineData("1.4.x || 1.6.x", "1.4.3 1.6.0", "1.5.0")]
    [InlineData(">= 1.4  ||  < 1.0", "1.4.0 0.9.0", "1.1.0")]
    public void A_range_holds_what_its_grammar_says(string text, string inside, string outside)
    {
        var range = Read(text);

        Assert.All(Versions(inside), version => Assert.True(range.Contains(version), $"{version} is in {text}"));
        Assert.All(Versions(outside), version => Assert.False(range.Contains(version), $"{version} is not in {text}"));
    }

    [Theory]
    [InlineData(">=1.4-0 <2", "1.4.0-rc.1 1.5.0-rc.1 1.9.0", "2.0.0")]
    [InlineData("^1.4.0-rc.2", "1.4.0-rc.2 1.4.0 1.5.0-a 1.9.0", "1.4.0-rc.1 2.0.0 2.0.0-a")]
    [InlineData("~1.4.2-beta", "1.4.2-beta 1.4.3-alpha 1.4.9", "1.4.2-alpha 1.5.0-0")]
    [InlineData(">1.4-0", "1.5.0-0 1.5.0", "1.4.1-a 1.4.0")]
    [InlineData("<=1.4-0", "1.4.9-z 1.0.0", "1.5.0-0")]
    [InlineData("!=1.4-alpha", "1.4.0 1.4.0-beta 1.5.0-alpha", "1.4.0-alpha 1.4.7-alpha")]
    [InlineData(">1.4.2-a", "1.4.2-a.0 1.4.2-b 1.4.2", "1.4.2-a 1.4.2-A")]
    [InlineData("<=1.4.2-a", "1.4.2-a 1.4.1", "1.4.2-a.0 1.4.2")]
    [InlineData("=1.4.2-a", "1.4.2-a 1.4.2-a+x", "1.4.2-a.0 1.4.2")]
    [InlineData(">=1.0.0 <=2.0.0-beta || >3", "1.0.1-beta 4.1.0", "4.1.0-beta 3.1.0")]
    public void A_comparison_that_names_a_prerelease_lets_its_group_see_them(string text, string inside, string outside) =>
        A_range_holds_what_its_grammar_says(text, inside, outside);

    [Theory]
    [InlineData("*", "1.0.0-rc.1", "")]
    [InlineData(">=1.4 <2", "1.5.0-rc.1 2.0.0-rc.1", "1.4.0-rc.1 2.0.0")]
    [InlineData("!=1.4", "1.4.0-rc.1 1.5.0-rc.1", "1.4.0")]
    [InlineData("!=1.4.2", "1.4.2-rc.1", "1.4.2")]
    [InlineData("^1", "1.1.0-rc.1", "2.0.0-0")]
    public void All_prereleases_are_seen_when_they_are_asked_for(string text, string inside, string outside)
    {
        var range = Read(text);

        Assert.All(Versions(inside), version => Assert.True(range.Contains(version, includePrerelease: true), $"{version} is in {text}"));
        Assert.All(Versions(outside), version => Assert.False(range.Contains(version, includePrerelease: true), $"{version} is not in {text}"));
    }

    [Theory]
    [InlineData(null, "empty range")]
    [InlineData("", "empty range")]
    [InlineData("  ", "empty range")]
    [InlineData("latest", "at 'latest'")]
    [InlineData(">= bar", "at 'bar'")]
    [InlineData("bar >=1", "at 'bar >=1'")]
    [InlineData(">=1.4 <", "at its end")]
    [InlineData(">=1.4,", "at its end")]
    [InlineData(",1.4", "at ',1.4'")]
    [InlineData(">=1.4,,<2", "at ',<2'")]
    [InlineData("1.4 ||", "at its end")]
    [InlineData("|| 1.4", "at its end")]
    [InlineData(">=1.4<2", "at '1.4<2'")]
    [InlineData("1.2.3.4", "at '1.2.3.4'")]
    [InlineData("1..2", "at '1..2'")]
    [InlineData("1x", "at '1x'")]
    [InlineData("-1", "at '-1'")]
    [InlineData("1.2.3-01", "at '1.2.3-01'")]
    [InlineData(">>1", "at '>1'")]
    [InlineData("~ ~1", "at '~1'")]
    [InlineData("1.0 -", "at '-'")]
    [InlineData("1.0 - ", "at its end")]
    [InlineData("1.0 - bar", "at 'bar'")]
    [InlineData(">=1.0 - 2.0", "at '- 2.0'")]
    [InlineData("18446744073709551616", "at '18446744073709551616'")]
    public void What_is_no_range_is_refused_with_the_place_and_an_example(string? text, string reason)
    {
        Assert.False(VersionRange.TryParse(text, out var range, out var error));
        Assert.Null(range);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("write for example", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">= 1.4,  <2", ">=1.4 <2")]
    [InlineData("2.x,   >=1.2.3 || >4.5.6, < 5.7", "2.x >=1.2.3 || >4.5.6 <5.7")]
    [InlineData("1.0 - 2.0", ">=1.0 <=2.0")]
    [InlineData("v1.2", "v1.2")]
    public void A_range_is_shown_as_it_was_written_without_needless_spaces(string text, string shown)
    {
        Assert.Equal(shown, Read(text).ToString());
        Assert.Equal(shown, Read(shown).ToString());
    }

    [Fact]
    public void Any_is_every_release()
    {
        Assert.Equal("*", VersionRange.Any.ToString());
        Assert.True(VersionRange.Any.Contains(Version("0.0.0")));
        Assert.False(VersionRange.Any.Contains(Version("1.0.0-rc.1")));
    }

    [Theory]
    [InlineData("<=18446744073709551615")]
    [InlineData("^18446744073709551615")]
    [InlineData("~1.18446744073709551615")]
    [InlineData("=1.2.18446744073709551615")]
    public void The_end_of_the_numbers_does_not_wrap(string text) => Assert.False(Read(text).Contains(Version("0.0.0-0"), includePrerelease: true) && text[0] != '<');

    [Fact]
    public void A_range_of_megabytes_is_not_read()
    {
        Assert.False(VersionRange.TryParse(string.Concat(Enumerable.Repeat(">=1 ", 1_000_000)), out _, out var error));
        Assert.Contains("longer than 512", error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_throws() => Gen.String.Sample(text => VersionRange.TryParse(text, out var range, out var error) == (range is not null && error.Length == 0));

    [Fact]
    public void No_text_in_the_letters_of_ranges_throws() =>
        Gen.String[Gen.Char["0123.xX*v-+~^<>=!|, a"], 0, 20].Sample(text => VersionRange.TryParse(text, out var range, out _) == (range is not null));

    internal static VersionRange Read(string text)
    {
        Assert.True(VersionRange.TryParse(text, out var range, out var error), error);
        return range;
    }

    private static IEnumerable<SemanticVersion> Versions(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Version);

    private static SemanticVersion Version(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version), text);
        return version;
    }
}
