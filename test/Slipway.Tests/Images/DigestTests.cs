using System.Text;
using Slipway.Images;

namespace Slipway.Tests.Images;

public sealed class DigestTests
{
    private const string OfNothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void The_digest_of_nothing_is_the_known_one() => Assert.Equal(OfNothing, Digest.OfSha256([]));

    [Fact]
    public void A_digest_is_written_in_lower_case_and_is_valid()
    {
        var digest = Digest.OfSha256(Encoding.UTF8.GetBytes("""{"schemaVersion":2}"""));

        Assert.Equal(digest.ToLowerInvariant(), digest);
        Assert.True(Digest.IsSha256(digest));
        Assert.True(Digest.IsValid(digest));
    }

    [Fact]
    public void Other_bytes_have_another_digest() => Assert.NotEqual(Digest.OfSha256([1]), Digest.OfSha256([2]));

    [Fact]
    public void Sha512_is_a_digest_but_not_one_that_an_image_is_pinned_by()
    {
        var digest = "sha512:" + new string('a', 128);

        Assert.True(Digest.IsValid(digest));
        Assert.False(Digest.IsSha256(digest));
    }

    [Theory]
    [InlineData("multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8")]
    [InlineData("sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564")]
    [InlineData("blake3:00")]
    public void Another_algorithm_is_judged_by_the_grammar(string text) => Assert.True(Digest.IsValid(text));

    [Theory]
    [InlineData(null, "it is empty")]
    [InlineData("", "it is empty")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "an algorithm and a colon")]
    [InlineData(":abc", "an algorithm and a colon")]
    [InlineData("SHA256:abc", "an algorithm and a colon")]
    [InlineData("sha256-:abc", "an algorithm and a colon")]
    [InlineData("-sha256:abc", "an algorithm and a colon")]
    [InlineData("sha++256:abc", "an algorithm and a colon")]
    [InlineData("sha256:", "it has 0 digits where the algorithm has 64")]
    [InlineData("sha256:e3b0c442", "it has 8 digits where the algorithm has 64")]
    [InlineData("sha512:e3b0c442", "it has 8 digits where the algorithm has 128")]
    [InlineData("sha256:E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "lower-case hexadecimal")]
    [InlineData("sha256:z3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "lower-case hexadecimal")]
    [InlineData("blake3:", "its encoded form")]
    [InlineData("blake3:a/b", "its encoded form")]
    public void What_is_no_digest_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(Digest.TryValidate(text, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("write it as sha256:", error, StringComparison.Ordinal);
        Assert.False(Digest.IsSha256(text));
    }

    [Fact]
    public void A_digest_of_endless_length_is_not_read()
    {
        Assert.False(Digest.TryValidate("blake3:" + new string('a', 10_000_000), out var error));
        Assert.Contains("longer than", error, StringComparison.Ordinal);
        Assert.True(error.Length < 300);
    }
}
