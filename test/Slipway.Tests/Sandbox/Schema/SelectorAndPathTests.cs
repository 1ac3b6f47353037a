using System.Text.Json.Nodes;
using Slipway.Sandbox.Schema;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Schema;

public sealed class SelectorAndPathTests
{
    private static readonly JsonObject Value = JsonTree.ParseObject(
        """
        {"spec":{"size":3,"labels":{"app.kubernetes.io/name":"shop"},"items":[{"name":"a","value":1},{"name":"b","value":2}]},
         "status":{"conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}
        """);

    [Theory]
    [InlineData(".spec.size", "3")]
    [InlineData("{.spec.size}", "3")]
    [InlineData("$.spec.size", "3")]
    [InlineData(".spec['size']", "3")]
    [InlineData(@".spec.labels.app\.kubernetes\.io/name", "shop")]
    [InlineData(".spec.labels['app.kubernetes.io/name']", "shop")]
    [InlineData(".spec.items[0].name", "a")]
    [InlineData(".spec.items[-1].name", "b")]
    [InlineData(".spec.items[*].name", "a,b")]
    [InlineData(".status.conditions[?(@.type==\"Ready\")].status", "True")]
    [InlineData(".status.conditions[?(@.type=='Ready')].status", "True")]
    [InlineData(".spec.nothing.at.all", "")]
    [InlineData(".spec.items[9].name", "")]
    public void A_path_finds(string path, string found) =>
        Assert.Equal(found, string.Join(',', JsonPath.TryParse(path)!.Select(Value).Select(node => node.ToString())));

    [Theory]
    [InlineData(".spec[")]
    [InlineData(".spec..x")]
    [InlineData(".spec[?(@.a>1)]")]
    [InlineData(".spec[x]")]
    public void What_is_no_path_is_none(string path) => Assert.Null(JsonPath.TryParse(path));

    [Theory]
    [InlineData("""{"matchLabels":{"app":"shop"}}""", true, "app=shop")]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"In","values":["shop","other"]}]}""", true, "app in (shop,other)")]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"NotIn","values":["shop"]}]}""", false, "app notin (shop)")]
    [InlineData("""{"matchExpressions":[{"key":"tier","operator":"DoesNotExist"}]}""", true, "!tier")]
    [InlineData("""{"matchLabels":{"app":"shop"},"matchExpressions":[{"key":"tier","operator":"Exists"}]}""", false, "app=shop,tier")]
    [InlineData("{}", true, "")]
    public void A_selector_of_an_object_picks_and_is_told(string selector, bool matches, string text)
    {
        var parsed = LabelSelector.Of(JsonTree.ParseObject(selector));

        Assert.Equal((matches, text), (parsed.Matches(JsonTree.ParseObject("""{"app":"shop"}""")), parsed.ToString()));
        Assert.Equal(matches, LabelSelector.Parse(text).Matches(JsonTree.ParseObject("""{"app":"shop"}""")));
    }
}
