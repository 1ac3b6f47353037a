using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class LogTailTests
{
    [Fact]
    public void The_last_lines_are_kept_and_none_is_long()
    {
        var tail = LogTail.Of(string.Join('\n', Enumerable.Range(1, 100).Select(line => $"line {line} {new string('x', 500)}")))!.Split('\n');

        Assert.Equal(LogTail.MostLines, tail.Length);
        Assert.StartsWith("line 81 ", tail[0], StringComparison.Ordinal);
        Assert.All(tail, line => Assert.InRange(line.Length, 1, 200));
    }

    [Theory]
    [InlineData("Authorization: Bearer abcdef", "Authorization: Bearer …")]
    [InlineData("{\"authorization\":\"Basic Zm9vOmJhcg==\"}", "…")]
    [InlineData("password=hunter2 user=me", "password=… user=me")]
    [InlineData("DB_PASSWORD: hunter2", "DB_PASSWORD: …")]
    [InlineData("{\"api_key\":\"k-123\",\"n\":1}", "{\"api_key\":\"…\",\"n\":1}")]
    [InlineData("GET https://me:secret@example.com/x?sig=abc 500", "GET https://example.com/x?… 500")]
    [InlineData("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "got …")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE used", "key … used")]
    [InlineData("token ghp_abcdefghijklmnopqrstuvwx", "token …")]
    public void What_looks_like_a_credential_is_left_out(string line, string expected)
    {
        var tail = LogTail.Of(line)!;

        Assert.Contains(expected, tail, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", tail, StringComparison.Ordinal);
        Assert.DoesNotContain("Zm9v", tail, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdef", tail, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_no_text() => Assert.Equal("FAIL 3 of 5", LogTail.Of("\u001b[31mFAIL\u001b[0m 3 of 5\n"));

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    public void Nothing_is_nothing(string log) => Assert.Null(LogTail.Of(log));
}
