using CsCheck;
using Slipway.Versions;

namespace Slipway.Tests.Versions;

public sealed class CalendarLayoutTests
{
    [Theory]
    [InlineData("YYYY.0M.MICRO", "2026.01.3")]
    [InlineData("YYYY.0M.MICRO", "2026.12.0")]
    [InlineData("YYYY.MM.DD", "2026.1.31")]
    [InlineData("YY.0M", "26.04")]
    [InlineData("YY.0M", "106.04")]
    [InlineData("0Y.0M", "06.04")]
    [InlineData("YYYY0M0D", "20260131")]
    [InlineData("YYYY0M0D.MICRO", "20260131.12")]
    [InlineData("YYYY.0W", "2026.53")]
    [InlineData("YYYY.WW.MINOR", "2026.1.0")]
    [InlineData("MAJOR.YYYY.0M", "3.2026.01")]
    [InlineData("vYYYY.0M.0D", "v2026.01.31")]
    [InlineData("release-YYYY_0M", "release-2026_01")]
    [InlineData("YYYY.0M-MODIFIER", "2026.01-rc1")]
    [InlineData("YYYY.0M-MODIFIER", "2026.01")]
    [InlineData("YYYY.0MMODIFIER", "2026.01a1")]
    [InlineData("YYYY.MICRO", "2026.18446744073709551")]
    public void A_version_of_the_layout_is_read(string layout, string text) => Assert.True(Layout(layout).TryRead(text.AsMemory(), out _));

    [Theory]
    [InlineData("YYYY.0M.MICRO", "2026.1.3")]
    [InlineData("YYYY.0M.MICRO", "2026.13.3")]
    [InlineData("YYYY.0M.MICRO", "2026.00.3")]
    [InlineData("YYYY.0M.MICRO", "2026.01")]
    [InlineData("YYYY.0M.MICRO", "2026.01.")]
    [InlineData("YYYY.0M.MICRO", "2026.01.3-rc1")]
    [InlineData("YYYY.0M.MICRO", "v2026.01.3")]
    [InlineData("YYYY.0M.MICRO", "2026-01-3")]
    [InlineData("YYYY.0M.MICRO", "26.01.3")]
    [InlineData("YYYY.0M.MICRO", "0026.01.3")]
    [InlineData("YYYY.0M.MICRO", "2026.01.99999999999999999999")]
    [InlineData("YYYY.0M.MICRO", "")]
    [InlineData("YYYY.MM.DD", "2026.01.31")]
    [InlineData("YYYY.MM.DD", "2026.1.32")]
    [InlineData("YYYY.MM.DD", "2026.1.0")]
    [InlineData("YYYY0M0D", "2026011")]
    [InlineData("YYYY0M0D", "202601311")]
    [InlineData("YYYY.0W", "2026.54")]
    [InlineData("YY.0M", "06.04")]
    [InlineData("YYYY.0M-MODIFIER", "2026.01-")]
    [InlineData("YYYY.0M-MODIFIER", "2026.01rc1")]
    [InlineData("YYYY.0MMODIFIER", "2026.011")]
    public void What_has_more_or_less_or_other_than_the_layout_is_none(string layout, string text) => Assert.False(Layout(layout).TryRead(text.AsMemory(), out _));

    [Theory]
    [InlineData("YYYY.0M.MICRO", "2025.12.9 2026.01.0 2026.01.9 2026.01.10 2026.02.0")]
    [InlineData("YY.MM", "6.11 16.2 16.10 106.1")]
    [InlineData("MAJOR.YYYY", "2.2026 3.2020 10.2001")]
    [InlineData("YYYY.MINOR.MICRO", "2026.1.10 2026.2.1")]
    [InlineData("YYYY.0M-MODIFIER", "2026.01-alpha 2026.01-rc2 2026.01-rc9 2026.01-rc10 2026.01-rc10.1 2026.01 2026.02-alpha")]
    public void Versions_are_ordered_part_by_part(string layout, string ascending)
    {
        var versions = ascending.Split(' ').Select(text => Read(layout, text)).ToArray();

        for (var at = 0; at + 1 < versions.Length; at++)
        {
            Assert.True(versions[at].CompareTo(versions[at + 1]) < 0, $"{at}");
            Assert.True(versions[at + 1].CompareTo(versions[at]) > 0, $"{at}");
            Assert.Equal(0, versions[at].CompareTo(versions[at]));
        }
    }

    [Fact]
    public void Dates_are_ordered_as_the_calendar_orders_them() =>
        Gen.Select(Gen.Date[new(1000, 1, 1), new(9999, 12, 31)], Gen.Date[new(1000, 1, 1), new(9999, 12, 31)]).Sample((one, other) =>
        {
            foreach (var (layout, format) in new[] { ("YYYY.MM.DD", "yyyy.M.d"), ("YYYY0M0D", "yyyyMMdd"), ("vYYYY-0M_0D", "'v'yyyy-MM_dd") })
            {
                var (left, right) = (Read(layout, Text(one, format)), Read(layout, Text(other, format)));
                Assert.Equal(one.Date.CompareTo(other.Date), Math.Sign(left.CompareTo(right)));
            }
        }, iter: 1000);

    [Theory]
    [InlineData(null, "a layout says how the versions are written")]
    [InlineData("", "write for example YYYY.0M.MICRO")]
    [InlineData("YYYY.0M.YYY", "'Y' does not begin with one of")]
    [InlineData("YYY.0M", "does not begin with one of")]
    [InlineData("YYYY.M", "'M' does not begin with one of YYYY, YY, 0Y, MM, 0M")]
    [InlineData("YYYY.01", "'01' does not begin with one of")]
    [InlineData("YYYY/MM", "no tag has '/' in it")]
    [InlineData("YYYY MM", "no tag has ' ' in it")]
    [InlineData("MAJOR.MINOR.MICRO", "it has no year")]
    [InlineData("YYYY.YY", "YYYY and YY are two of the same")]
    [InlineData("YYYY.MM.0W", "MM and 0W are two of the same")]
    [InlineData("YYYY.MICRO.MICRO", "MICRO is in it twice")]
    [InlineData("DD.MM.YYYY", "MM stands behind DD, and versions are ordered from left to right")]
    [InlineData("YYYYMMDD", "where MM ends and DD begins cannot be told")]
    [InlineData("YY0M", "where YY ends and 0M begins cannot be told")]
    [InlineData("YYYY.MODIFIER.MICRO", "let it be the last")]
    [InlineData("YYYY.0M.MICROMINOR", "where MICRO ends and MINOR begins")]
    public void A_layout_that_could_mislead_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(CalendarLayout.TryParse(text, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_without_end_is_refused() => Assert.False(CalendarLayout.TryParse(new string('a', 65), out _, out _));

    [Fact]
    public void No_text_is_too_strange_to_be_judged() =>
        Gen.Select(Gen.String, Gen.String).Sample((layout, text) =>
        {
            if (CalendarLayout.TryParse(layout, out var read, out var error))
            {
                read.TryRead(text.AsMemory(), out _);
            }
            else
            {
                Assert.NotEmpty(error);
            }
        });

    private static CalendarLayout Layout(string text) => CalendarLayout.TryParse(text, out var layout, out var error) ? layout : throw new Xunit.Sdk.XunitException(error);

    private static CalendarVersion Read(string layout, string text) =>
        Layout(layout).TryRead(text.AsMemory(), out var version) ? version : throw new Xunit.Sdk.XunitException($"{text} is no {layout}");

    private static string Text(DateTime date, string format) => date.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
