using Slipway.Checks.Templates;

namespace Slipway.Tests.Checks.Templates;

public sealed class CheckTextTests
{
    [Theory]
    [InlineData("rate(x{pod=~\"{{ candidate.pods }}\"}[1m])", "shop-[a-z0-9]+", "rate(x{pod=~\"shop-[a-z0-9]+\"}[1m])")]
    [InlineData("x{v=\"{{version}}\"}", "1.0\"} or up{a=\"", "x{v=\"1.0\\\"} or up{a=\\\"\"}")]
    [InlineData("x{v='{{version}}'}", "it's \\ \"x\"", "x{v='it\\'s \\\\ \"x\"'}")]
    [InlineData("x{v=`{{version}}`}", "1.0\\d", "x{v=`1.0\\d`}")]
    [InlineData("x{v=~\"{{version}}\"}", "1.0+b", "x{v=~\"1\\\\.0\\\\+b\"}")]
    [InlineData("x{v!~ \"{{version}}\"}", "a|b", "x{v!~ \"a\\\\|b\"}")]
    [InlineData("x{v=~`{{version}}`}", "1.0[a]", "x{v=~`1\\.0\\[a\\]`}")]
    [InlineData("x{a=~\"y\\\"\",v=\"{{version}}\"}", "a.b", "x{a=~\"y\\\"\",v=\"a.b\"}")]
    [InlineData("# it's a remark\nx{v=\"{{version}}\"}", "a\nb", "# it's a remark\nx{v=\"a\\nb\"}")]
    [InlineData("x[{{ args.window }}]", "5m", "x[5m]")]
    public void In_PromQL_a_value_stays_a_value(string query, string value, string expected) => Assert.Equal(expected, Render(query, TextSyntax.PromQl, value));

    [Theory]
    [InlineData("x[{{ args.window }}]", "5m]) or up([1m")]
    [InlineData("x{v=`{{version}}`}", "a`b")]
    public void In_PromQL_what_would_end_its_place_is_not_put_there(string query, string value) => Assert.StartsWith("refused: ", Render(query, TextSyntax.PromQl, value), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://{{ candidate.workload }}.prod.svc/x", "shop-canary", "https://shop-canary.prod.svc/x")]
    [InlineData("https://{{ args.window }}/x", "grafana.example.com:3000", "https://grafana.example.com:3000/x")]
    [InlineData("https://h/{{ version }}?q={{ version }}", "a/b?c=d&e #f", "https://h/a%2Fb%3Fc%3Dd%26e%20%23f?q=a%2Fb%3Fc%3Dd%26e%20%23f")]
    [InlineData("https://{{ args.window }}/x", "evil.example.com/", "refused: ")]
    [InlineData("https://{{ args.window }}/x", "user@evil", "refused: ")]
    [InlineData("https://{{ args.window }}?x", "a?b", "refused: ")]
    public void In_a_URL_a_value_is_encoded_and_cannot_move_the_host(string url, string value, string expected)
    {
        var rendered = Render(url, TextSyntax.Url, value);

        Assert.Equal(expected, expected.StartsWith("refused", StringComparison.Ordinal) ? rendered[..expected.Length] : rendered);
    }

    [Fact]
    public void In_JSON_a_value_stays_inside_its_string() =>
        Assert.Equal("{\"v\":\"a\\u0022,\\u0022b\\n\"}", Render("{\"v\":\"{{ version }}\"}", TextSyntax.Json, "a\",\"b\n"));

    [Theory]
    [InlineData("Bearer {{ version }}", "a\r\nX: y")]
    [InlineData("--v={{ version }}", "a\0b")]
    public void A_line_stays_one_line(string text, string value) => Assert.StartsWith("refused: ", Render(text, TextSyntax.Plain, value), StringComparison.Ordinal);

    [Theory]
    [InlineData("x{p=\"{{ candidate.pod }}\"}", TextSyntax.PromQl, "{{ candidate.pod }} is no placeholder: there are candidate.pods,")]
    [InlineData("x{p=\"{{ candidate.pods }}\"}", TextSyntax.PromQl, "write pod=~")]
    [InlineData("x{p=~\"a\", q={{ version }}}", TextSyntax.PromQl, "stands outside of quotes")]
    [InlineData("x{p=\"{{ args.foo }}\"}", TextSyntax.PromQl, "{{ args.foo }} is no argument of this check: there are window")]
    [InlineData("x{p=\"{{ version\"}", TextSyntax.PromQl, "has no end")]
    [InlineData("https://{{ version }}/", TextSyntax.Url, "cannot be part of a host's name")]
    [InlineData("{{ version }}://x/", TextSyntax.Url, "cannot be part of a host's name")]
    [InlineData("{{}}", TextSyntax.Plain, "is no placeholder")]
    public void What_cannot_be_meant_is_refused_where_it_is_written(string text, TextSyntax syntax, string why)
    {
        Assert.False(CheckText.TryParse(text, syntax, ["window"], out _, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_not_there_is_named()
    {
        Assert.True(CheckText.TryParse("{{ stable.workload }}", TextSyntax.Plain, [], out var text, out _));
        Assert.False(text.TryRender(_ => null, out _, out var problem));
        Assert.Equal("there is no stable.workload here", problem);
    }

    [Fact]
    public void A_value_is_not_read_for_placeholders_again() => Assert.Equal("v={{ digest }}", Render("v={{ version }}", TextSyntax.Plain, "{{ digest }}"));

    [Theory]
    [InlineData("up{pod=~\"{{ side.pods }}\"}", true)]
    [InlineData("up{pod=~\"{{ candidate.pods }}\"}", false)]
    public void It_is_known_whether_it_is_asked_for_each_side(string query, bool expected)
    {
        Assert.True(CheckText.TryParse(query, TextSyntax.PromQl, [], out var text, out var problem), problem);
        Assert.Equal(expected, text.IsSided);
    }

    private static string Render(string text, TextSyntax syntax, string value)
    {
        Assert.True(CheckText.TryParse(text, syntax, ["window"], out var parsed, out var problem), problem);
        return parsed.TryRender(_ => value, out var rendered, out var why) ? rendered : $"refused: {why}";
    }
}
