using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class RateLimitTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("100;w=3600", 100, 3600)]
    [InlineData("3000, 3000;w=60", 3000, 60)]
    [InlineData("50", 50, 0)]
    [InlineData("10;w=nope", 10, 0)]
    [InlineData("10;w=0", 10, 0)]
    [InlineData("0;w=60", 0, 0)]
    [InlineData("unlimited", 0, 0)]
    [InlineData("", 0, 0)]
    [InlineData(null, 0, 0)]
    public void The_limit_header_is_a_number_and_a_window(string? header, long allowed, int seconds) =>
        Assert.Equal(new RateLimit(allowed, TimeSpan.FromSeconds(seconds)), RateLimit.FromHeader(header));

    [Theory]
    [InlineData("5", 5)]
    [InlineData("  3  ", 3)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("Thu, 01 Jan 2026 12:00:08 GMT", 8)]
    [InlineData("Thu, 01 Jan 2026 11:59:00 GMT", null)]
    [InlineData("999999999", 86_400)]
    public void Retry_after_is_seconds_or_a_date(string? header, int? seconds) =>
        Assert.Equal(seconds, (int?)RateLimit.RetryAfter(header, Noon)?.TotalSeconds);

    [Theory]
    [InlineData("toomanyrequests: retry-after: 331.163µs, allowed: 44000/minute", 3311)]
    [InlineData("toomanyrequests: retry-after: 1.15031ms, allowed: 44000/minute", 11503)]
    [InlineData("retry-after: 2s", 20_000_000)]
    [InlineData("retry-after: 0s", null)]
    [InlineData("retry-after: soon", null)]
    [InlineData("toomanyrequests", null)]
    [InlineData("", null)]
    public void The_error_text_of_ghcr_says_how_long_to_wait(string text, int? ticks) =>
        Assert.Equal(ticks, (int?)RateLimit.FromText(System.Text.Encoding.UTF8.GetBytes(text))?.Ticks);
}

public sealed class RegistryErrorsTests
{
    [Theory]
    [InlineData("""{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"code":"OTHER"}}]}""", "MANIFEST_UNKNOWN")]
    [InlineData("""{"errors":[{"message":"x","code":"DENIED"},{"code":"UNAUTHORIZED"}]}""", "DENIED UNAUTHORIZED")]
    [InlineData("""{"errors":[{"code":"<script>"},{"code":5},{"code":null}]}""", "")]
    [InlineData("""{"errors":[{"code":"TOOMANYREQUESTS"}""", "")]
    [InlineData("<html>502</html>", "")]
    [InlineData("", "")]
    public void Codes_and_nothing_else_are_taken(string body, string expected) =>
        Assert.Equal(expected, string.Join(' ', RegistryErrors.Codes(System.Text.Encoding.UTF8.GetBytes(body))));
}

public sealed class AccessTokenTests
{
    [Theory]
    [InlineData("""{"token":"abc","expires_in":300}""", "abc", 300)]
    [InlineData("""{"access_token":"abc"}""", "abc", 60)]
    [InlineData("""{"token":"","access_token":"abc","expires_in":0}""", "abc", 60)]
    [InlineData("""{"token":"abc","expires_in":"300"}""", "abc", 60)]
    [InlineData("""{"token":"abc","expires_in":99999999}""", "abc", 86_400)]
    public void A_token_has_a_value_and_a_lifetime(string body, string value, int seconds) =>
        Assert.Equal(new AccessToken(value, TimeSpan.FromSeconds(seconds)), Parse(body));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"token":"a b"}""")]
    [InlineData("""{"token":"a\r\nX-Evil: 1"}""")]
    [InlineData("""{"token":5}""")]
    public void What_a_header_cannot_carry_is_no_token(string body) => Assert.Null(Parse(body));

    [Fact]
    public void A_token_of_a_megabyte_is_no_token() => Assert.Null(Parse($$"""{"token":"{{new string('a', 1_000_000)}}"}"""));

    [Theory]
    [InlineData(60, 54)]
    [InlineData(10, 9)]
    [InlineData(300, 290)]
    public void It_is_used_until_shortly_before_its_end(int lifetime, int expected)
    {
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(noon.AddSeconds(expected), new AccessToken("x", TimeSpan.FromSeconds(lifetime)).UsableUntil(noon));
    }

    [Fact]
    public void It_never_shows_itself() => Assert.DoesNotContain("abc", new AccessToken("abc", default).ToString(), StringComparison.Ordinal);

    private static AccessToken? Parse(string body) => AccessToken.TryParse(System.Text.Encoding.UTF8.GetBytes(body));
}
