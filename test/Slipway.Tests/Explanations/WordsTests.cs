using Slipway.Explanations;
using Slipway.Tests.Cli;

namespace Slipway.Tests.Explanations;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(45, "45s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(125, "2m5s")]
    [InlineData(601, "10m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData((3 * 3600) + 120, "3h2m")]
    [InlineData(9 * 3600, "9h")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(50 * 3600, "2d2h")]
    [InlineData(30 * 86400, "30d")]
    [InlineData(800 * 86400, "2y")]
    public void Ages_are_written_as_kubectl_writes_them(int seconds, string expected) => Assert.Equal(expected, Words.Age(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_digest_is_cut_to_what_eyes_compare() =>
        Assert.Equal("sha256:0123456789ab", Words.ShortDigest("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));

    [Theory]
    [InlineData("1.4.0", "1.4.0")]
    [InlineData(null, "sha256:abc")]
    [InlineData("", "sha256:abc")]
    public void A_version_is_its_tag_where_it_has_one(string? tag, string expected) => Assert.Equal(expected, Words.Version(tag, "sha256:abc"));

    [Fact]
    public void An_instant_is_written_in_utc() =>
        Assert.Equal("2026-03-01 11:00:00Z", Words.Instant(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(1))));

    [Fact]
    public void A_sentence_is_readable_without_its_whole_digests() =>
        Assert.Equal("a@sha256:110000000000, then sha256:12", Words.Readable($"a@{Samples.Digest110}, then sha256:12"));
}
