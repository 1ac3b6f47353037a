using System.Text;
using Slipway.Sandbox.Api;
using Slipway.Sandbox.Storage;

namespace Slipway.Tests.Sandbox.Api;

public sealed class YamlTextTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: 1.5", """{"a":1.5}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("n: x", """{"false":"x"}""")]
    [InlineData("'n': x", """{"n":"x"}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: 2026-01-01", """{"a":"2026-01-01"}""")]
    [InlineData("a: [x, {b: 2}]", """{"a":["x",{"b":2}]}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("", "null")]
    public void A_document_is_the_json_that_kubernetes_reads_in_it(string yaml, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(JsonTree.ToUtf8(YamlText.Parse(Encoding.UTF8.GetBytes(yaml)))));

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: b: c")]
    [InlineData("a: &x 1\nb: *x")]
    public void What_is_no_yaml_or_uses_aliases_is_a_bad_request(string yaml) =>
        Assert.Equal(400, Assert.Throws<StatusException>(() => YamlText.Parse(Encoding.UTF8.GetBytes(yaml))).Status.Code);
}
