using System.Text.Json.Nodes;
using Slipway.Cli.Output;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Tests.Cli.Output;

public sealed class YamlTextTests
{
    [Fact]
    public void Objects_lists_and_empty_ones_look_as_kubectl_writes_them() => Assert.Equal(
        """
        name: shop
        count: 3
        ready: true
        none: null
        empty: {}
        nothing: []
        items:
        - a: 1
          b: 2
        - plain
        nested:
          deep:
            x: z

        """,
        YamlText.Of(JsonNode.Parse(
            """{"name":"shop","count":3,"ready":true,"none":null,"empty":{},"nothing":[],"items":[{"a":1,"b":2},"plain"],"nested":{"deep":{"x":"z"}}}""")));

    [Theory]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("1")]
    [InlineData("1.10")]
    [InlineData("-1e3")]
    [InlineData("0x1F")]
    [InlineData("12:30:45")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T12:00:00Z")]
    [InlineData(".inf")]
    [InlineData("=")]
    public void Text_that_looks_like_another_type_is_quoted(string text)
    {
        var scalar = Assert.Single(Scalars(YamlText.Of(new JsonArray(text))));

        Assert.NotEqual(ScalarStyle.Plain, scalar.Style);
        Assert.Equal(text, scalar.Value);
    }

    [Theory]
    [InlineData("10m")]
    [InlineData("shop")]
    [InlineData("ghcr.io/acme/shop")]
    [InlineData("sha256:8f3c")]
    public void Text_that_is_plainly_text_is_not_quoted(string text) => Assert.Equal($"- {text}\n", YamlText.Of(new JsonArray(text)));

    [Theory]
    [InlineData("- dash")]
    [InlineData("a: b")]
    [InlineData("# no comment")]
    [InlineData(">=1.4 <2")]
    [InlineData("{{ x }}")]
    [InlineData("*star & ampersand")]
    [InlineData("'single' and \"double\"")]
    [InlineData("trailing ")]
    [InlineData(" leading")]
    [InlineData("two\nlines")]
    [InlineData("two\nlines\n")]
    [InlineData("\nfirst empty")]
    [InlineData("blank before \nbreak")]
    [InlineData("tab\there")]
    [InlineData("bell\u0007")]
    [InlineData("\u00fcml\u00e4ut \u2192 \ud83d\ude80")]
    [InlineData("%percent @at `tick")]
    public void Whatever_the_text_it_is_read_back_as_it_was(string text)
    {
        var yaml = YamlText.Of(new JsonObject { ["key"] = text, [text] = "value" });

        Assert.Equal(["key", text, text, "value"], Scalars(yaml).Select(scalar => scalar.Value));
    }

    [Fact]
    public void A_long_line_is_not_folded()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 100));

        Assert.Equal($"key: {text}\n", YamlText.Of(new JsonObject { ["key"] = text }));
    }

    [Fact]
    public void Several_documents_are_set_apart() =>
        Assert.Equal("---\na: 1\n---\nb: 2\n", YamlText.OfMany([new JsonObject { ["a"] = 1 }, new JsonObject { ["b"] = 2 }]));

    private static List<Scalar> Scalars(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        List<Scalar> scalars = [];
        while (parser.MoveNext())
        {
            if (parser.Current is Scalar scalar)
            {
                scalars.Add(scalar);
            }
        }

        return scalars;
    }
}
