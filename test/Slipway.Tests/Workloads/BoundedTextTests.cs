using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

public sealed class BoundedTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  two\n\n lines\t", "two lines")]
    [InlineData("""Back-off pulling image "ghcr.io/acme/shop:1.2.0" """, """Back-off pulling image "ghcr.io/acme/shop:1.2.0" """)]
    [InlineData("why? because", "why? because")]
    public void A_text_becomes_one_line(string? text, string expected) => Assert.Equal(expected.Trim(), BoundedText.Of(text));

    [Theory]
    [InlineData("Get \"https://bob:hunter2@registry.acme.io/v2/\": refused", "Get \"https://registry.acme.io/v2/\": refused")]
    [InlineData(
        "Get \"https://blobs.s3.amazonaws.com/x/y?X-Amz-Signature=abcdef&X-Amz-Expires=900\": i/o timeout",
        "Get \"https://blobs.s3.amazonaws.com/x/y?…\": i/o timeout")]
    [InlineData("https://a/b?token=1 and https://c/d?token=2", "https://a/b?… and https://c/d?…")]
    [InlineData("see http://a.b/c, please", "see http://a.b/c, please")]
    public void What_a_url_carries_of_secrets_is_left_out(string text, string expected) => Assert.Equal(expected, BoundedText.Of(text));

    [Theory]
    [InlineData(10, 10)]
    [InlineData(400, 400)]
    [InlineData(401, 400)]
    [InlineData(100_000, 400)]
    public void A_text_is_cut_at_the_limit(int length, int expected)
    {
        var text = BoundedText.Of(new string('a', length));

        Assert.Equal(expected, text.Length);
        Assert.Equal(length > expected, text.EndsWith('…'));
    }
}
