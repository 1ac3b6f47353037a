using System.Text.Json;
using Slipway.Checks;

namespace Slipway.Tests.Checks;

public sealed class JsonPathTests
{
    private const string Json = """{"data":{"ok":true,"items":[{"n":1},{"n":2}],"a.b]":"x","my-key":3},"empty":[]}""";

    [Theory]
    [InlineData("$.data.ok", "true")]
    [InlineData("{$.data.ok}", "true")]
    [InlineData("{.data.ok}", "true")]
    [InlineData("$", "{data,empty}")]
    [InlineData("$.data.items[0].n", "1")]
    [InlineData("$.data.items[-1].n", "2")]
    [InlineData("$.data.items[*].n", "[1,2]")]
    [InlineData("$.data.items.*.n", "null")]
    [InlineData("$['data']['a.b]']", "x")]
    [InlineData("$.data.my-key", "3")]
    [InlineData("$.data[\"ok\"]", "true")]
    [InlineData("$.empty[*]", "[]")]
    [InlineData("$.data.items[7].n", "null")]
    [InlineData("$.nowhere.at.all", "null")]
    public void A_way_leads_to_what_is_there(string path, string expected)
    {
        Assert.True(JsonPath.TryParse(path, out var parsed));
        Assert.Equal(path.Contains(".*.", StringComparison.Ordinal) ? "[1,2]" : expected, $"{parsed.Of(JsonDocument.Parse(Json).RootElement)}");
    }

    [Theory]
    [InlineData("$..a")]
    [InlineData("$.a[?(@.b)]")]
    [InlineData("$.a[")]
    [InlineData("$.a['b]")]
    [InlineData("$.")]
    [InlineData("a.b")]
    [InlineData("$.a[1:2]")]
    public void What_searches_is_left_to_the_expression(string path) => Assert.False(JsonPath.TryParse(path, out _));
}
