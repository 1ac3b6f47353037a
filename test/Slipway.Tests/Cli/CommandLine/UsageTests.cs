namespace Slipway.Tests.Cli.CommandLine;

public sealed class UsageTests
{
    [Theory]
    [InlineData(new[] { "gte" }, "'slipway --help'")]
    [InlineData(new[] { "get", "--nope" }, "'slipway get --help'")]
    [InlineData(new[] { "get", "Shop" }, "names have lower-case letters")]
    [InlineData(new[] { "history", "../secrets" }, "names have lower-case letters")]
    [InlineData(new[] { "history" }, "'slipway history --help'")]
    [InlineData(new[] { "get", "-o", "xml" }, "'slipway get --help'")]
    [InlineData(new[] { "get", "-o", "xml" }, "none of table, wide, json, yaml, name and jsonpath=")]
    [InlineData(new[] { "why", "shop", "-o", "wide" }, "none of table, json, yaml and jsonpath=")]
    [InlineData(new[] { "get", "-o", "jsonpath={.items[}" }, "a bracket of '.items[' is never closed")]
    [InlineData(new[] { "rollback", "shop", "--to", "x" }, "'slipway rollback --help'")]
    [InlineData(new[] { "policy", "tset" }, "'slipway policy --help'")]
    [InlineData(new[] { "retry", "shop", "--wait=soon" }, "write --wait=5m")]
    [InlineData(new[] { "retry", "--wait", "shop" }, "a plain --wait behind the name")]
    [InlineData(new[] { "run", "--listen", "8080" }, "http://0.0.0.0:8080")]
    public async Task What_is_not_understood_ends_with_2_and_the_way_out(string[] args, string expected)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Out);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slip_of_the_finger_is_recognized() => Assert.Contains("mean one of the following?\nget\n", (await CliRun.OfAsync(["gte"])).Error, StringComparison.Ordinal);

    [Fact]
    public async Task No_way_to_a_cluster_ends_with_3()
    {
        var run = await CliRun.OfAsync(["get"]);

        Assert.Equal(3, run.Code);
        Assert.Equal("slipway: this test has no cluster\n", run.Error);
    }
}
