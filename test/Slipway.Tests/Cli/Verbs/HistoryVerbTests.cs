namespace Slipway.Tests.Cli.Verbs;

public sealed class HistoryVerbTests
{
    private static FakeCluster Cluster() => new FakeCluster()
        .With("deliveries", Samples.RolledBack())
        .With("deliveries", Samples.Calm("quiet"))
        .WithHistory()
        .WithFailure()
        .With("releases", Samples.Release(4, "1.1.0", Samples.Digest110, "Running", cause: "Rollback", by: "ada", started: "2026-03-01T11:59:50Z", finished: null));

    [Theory]
    [InlineData("history.txt", "history", "shop")]
    [InlineData("history-wide.txt", "history", "shop", "-o", "wide")]
    [InlineData("history-names.txt", "history", "shop", "-o", "name")]
    [InlineData("history-bare.txt", "history", "shop", "--no-headers")]
    [InlineData("history-jsonpath.txt", "history", "shop", "-o", """jsonpath={range .items[?(@.status.outcome=="Succeeded")]}{.spec.number}{"\t"}{.spec.tag}{"\n"}{end}""")]
    [InlineData("history.json", "history", "shop", "-o", "json")]
    [InlineData("history.yaml", "history", "shop", "-o", "yaml")]
    public async Task The_answer_is_as_reviewed(string golden, params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: Cluster().Connect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match(golden, run.Out);
    }

    [Fact]
    public async Task Releases_are_in_the_order_of_their_numbers_not_of_their_names()
    {
        var cluster = Cluster().With("releases", Samples.Release(10, "1.3.0", Samples.Digest120, "Succeeded"));

        var lines = (await CliRun.OfAsync(["history", "shop"], connect: cluster.Connect)).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["NUMBER", "1", "2", "3", "4", "10"], lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task No_history_yet_is_not_an_error()
    {
        var run = await CliRun.OfAsync(["history", "quiet"], connect: Cluster().Connect);

        Assert.Equal((0, ""), (run.Code, run.Out));
        Assert.Contains("no Releases yet", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_name_is_one() => Assert.Equal(4, (await CliRun.OfAsync(["history", "shpo"], connect: Cluster().Connect)).Code);
}
