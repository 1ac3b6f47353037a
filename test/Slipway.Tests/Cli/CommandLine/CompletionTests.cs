namespace Slipway.Tests.Cli.CommandLine;

public sealed class CompletionTests
{
    private static FakeCluster Cluster() => new FakeCluster()
        .With("deliveries", Samples.Calm())
        .With("deliveries", Samples.Calm("cart"))
        .With("deliveries", Samples.Calm("web", "staging"))
        .With("namespaces", """{"metadata":{"name":"prod"}}""")
        .With("namespaces", """{"metadata":{"name":"staging"}}""");

    private static async Task<string[]> AskAsync(params string[] words)
    {
        var run = await CliRun.OfAsync(["__complete", "--", .. words], connect: Cluster().Connect);
        Assert.Equal(0, run.Code);
        return run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Verbs_are_completed() => Assert.Equal(["promote", ":4"], await AskAsync("pro"));

    [Fact]
    public async Task Verbs_of_a_family_are_completed() => Assert.Equal(["add", "get", "list", "move", "remove", ":4"], await AskAsync("tags", ""));

    [Fact]
    public async Task Flags_are_completed_when_one_is_begun() => Assert.Equal(["--watch", ":4"], await AskAsync("get", "--w"));

    [Fact]
    public async Task Names_of_Deliveries_come_from_the_cluster() => Assert.Equal(["cart", "shop", ":4"], await AskAsync("why", ""));

    [Fact]
    public async Task They_come_from_the_namespace_that_was_named() => Assert.Equal(["web", ":4"], await AskAsync("why", "-n", "staging", ""));

    [Fact]
    public async Task Names_of_namespaces_come_from_the_cluster() => Assert.Equal(["staging", ":4"], await AskAsync("get", "-n", "st"));

    [Fact]
    public async Task A_name_that_is_there_is_not_asked_for_again() => Assert.Equal([":4"], await AskAsync("why", "shop", ""));

    [Fact]
    public async Task Shells_are_completed() => Assert.Equal(["bash", "fish", "zsh", ":4"], await AskAsync("completion", ""));

    [Fact]
    public async Task Without_a_cluster_the_rest_is_still_completed()
    {
        var run = await CliRun.OfAsync(["__complete", "why", ""]);

        Assert.Equal((0, ":4\n"), (run.Code, run.Out));
    }

    [Fact]
    public async Task Kubectl_asks_by_another_name()
    {
        var run = await CliRun.OfAsync(["why", "s"], connect: Cluster().Connect, called: "/usr/local/bin/kubectl_complete-slipway");

        Assert.Equal("shop\n:4\n", run.Out);
    }

    [Fact]
    public async Task As_a_plugin_it_says_how_it_was_called()
    {
        var help = (await CliRun.OfAsync(["get", "--help"], called: "/usr/local/bin/kubectl-slipway")).Out;

        Assert.Contains("  kubectl slipway get [<name>] [options]", help, StringComparison.Ordinal);
        Assert.Contains("  kubectl slipway get -w\n", help, StringComparison.Ordinal);
        Assert.Contains("'kubectl slipway why NAME'", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_plugin_its_ways_out_are_those_of_the_plugin()
    {
        Assert.Contains("'kubectl slipway get --help'", (await CliRun.OfAsync(["get", "--nope"], called: "kubectl-slipway")).Error, StringComparison.Ordinal);
        Assert.Contains("'kubectl slipway get -A'", (await CliRun.OfAsync(["get", "nosuch"], connect: Cluster().Connect, called: "kubectl-slipway")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task The_script_is_as_reviewed(string shell) => Golden.Match($"completion-{shell}.txt", (await CliRun.OfAsync(["completion", shell])).Out);
}
