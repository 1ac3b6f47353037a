using System.Text.Json.Nodes;
using Slipway.Cli.JsonPaths;

namespace Slipway.Tests.Cli.JsonPaths;

public sealed class JsonPathTemplateTests
{
    // As in "JSONPath Support" of kubectl's documentation, with what our objects have.
    private const string Document = """
        {
          "kind": "List",
          "items": [
            {"kind": "None", "metadata": {"name": "127.0.0.1", "labels": {"kubernetes.io/hostname": "127.0.0.1"}}, "status": {"capacity": {"cpu": 4}, "addresses": [{"type": "LegacyHostIP", "address": "127.0.0.1"}]}},
            {"kind": "None", "metadata": {"name": "127.0.0.2"}, "status": {"capacity": {"cpu": 8}, "ready": true, "addresses": [{"type": "LegacyHostIP", "address": "127.0.0.2"}, {"type": "another", "address": "127.0.0.3"}]}}
          ],
          "users": [{"name": "myself", "user": {}}, {"name": "e2e", "user": {"username": "admin", "password": null}}]
        }
        """;

    private static string Render(string template) => JsonPathTemplate.Parse(template).Render(JsonNode.Parse(Document)!);

    [Theory]
    [InlineData("kind is {.kind}", "kind is List")]
    [InlineData("{['kind']}", "List")]
    [InlineData("{.items[*].metadata.name}", "127.0.0.1 127.0.0.2")]
    [InlineData("{.items[*]['metadata.name']}", "")]
    [InlineData("{.users[*]['name']}", "myself e2e")]
    [InlineData("{.items[*].status.capacity}", """{"cpu":4} {"cpu":8}""")]
    [InlineData("{.users[?(@.name==\"e2e\")].user.username}", "admin")]
    [InlineData("{.users[?(@.name=='e2e')].user.username}", "admin")]
    [InlineData("{.users[?(@.name!=\"e2e\")].name}", "myself")]
    [InlineData("{.items[?(@.status.capacity.cpu>4)].metadata.name}", "127.0.0.2")]
    [InlineData("{.items[?(@.status.capacity.cpu<=4)].metadata.name}", "127.0.0.1")]
    [InlineData("{.items[?(@.status.ready)].metadata.name}", "127.0.0.2")]
    [InlineData("{.items[?(@.status.ready==true)].metadata.name}", "127.0.0.2")]
    [InlineData("{range .items[*]}{.metadata.name}{\"\\t\"}{.status.capacity.cpu}{\"\\n\"}{end}", "127.0.0.1\t4\n127.0.0.2\t8\n")]
    [InlineData("{range .items[*]}{range .status.addresses[*]}{.address};{end}|{end}", "127.0.0.1;|127.0.0.2;127.0.0.3;|")]
    [InlineData("{range .items[*]}{$.kind}{' '}{end}", "List List ")]
    [InlineData("{..address}", "127.0.0.1 127.0.0.2 127.0.0.3")]
    [InlineData("{.items[0].metadata.labels.kubernetes\\.io/hostname}", "127.0.0.1")]
    [InlineData("{.items[0].metadata.labels['kubernetes.io/hostname']}", "127.0.0.1")]
    [InlineData("{.items[-1].metadata.name}", "127.0.0.2")]
    [InlineData("{.items[-1:].metadata.name}", "127.0.0.2")]
    [InlineData("{.items[0:1].metadata.name}", "127.0.0.1")]
    [InlineData("{.items[::2].metadata.name}", "127.0.0.1")]
    [InlineData("{.users[1,0].name}", "e2e myself")]
    [InlineData("{.items[0]['kind','nosuch']}", "None")]
    [InlineData("{.users[1].user.*}", "admin ")]
    [InlineData("{.nothing.at[3].all}", "")]
    [InlineData("{.users[1].user.password}", "")]
    [InlineData(".kind", "List")]
    [InlineData("$.users[0].name", "myself")]
    [InlineData("{@.kind}", "List")]
    [InlineData("{\"a } in quotes\"}", "a } in quotes")]
    [InlineData("{'it\\'s'}", "it's")]
    [InlineData("no braces", "no braces")]
    [InlineData("", "")]
    public void It_says_what_kubectl_would_say(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{.a", "never closed")]
    [InlineData("{end}", "without a {range}")]
    [InlineData("{range .items[*]}x", "without an {end}")]
    [InlineData("{kind}", "starts with a dot")]
    [InlineData("{.a[}", "a bracket of '.a['")]
    [InlineData("{.a[b]}", "neither a number")]
    [InlineData("{.a[1:x]}", "neither a number")]
    [InlineData("{.a[::0]}", "neither a number")]
    [InlineData("{.a[?(b==1)]}", "starts with the item")]
    [InlineData("{.a[?(@.b==c)]}", "is no value")]
    [InlineData("{.a[?(@.b==)]}", "is no value")]
    [InlineData("{.a.b(c)}", "is no name of a field")]
    [InlineData("{.a[0]b}", "a dot or a bracket must come here")]
    [InlineData("{\"a}", "never closed")]
    [InlineData("{}", "starts with a dot")]
    public void What_cannot_be_read_says_where_and_why(string template, string expected) =>
        Assert.Contains(expected, Assert.Throws<JsonPathException>(() => JsonPathTemplate.Parse(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_path_has_an_end() =>
        Assert.Contains("more than 64 parts", Assert.Throws<JsonPathException>(() => JsonPathTemplate.Parse(string.Concat(Enumerable.Repeat(".a", 65)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_made_here_are_compared_as_those_that_were_read() =>
        Assert.Equal("7", JsonPathTemplate.Parse("{.items[?(@.n>=7)].n}").Render(new JsonObject { ["items"] = new JsonArray(new JsonObject { ["n"] = 7 }, new JsonObject { ["n"] = 6 }) }));
}
