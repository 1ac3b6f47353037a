namespace Slipway.Tests.Cli.Verbs;

public sealed class FreezeListTests
{
    private static FakeCluster Cluster() => new FakeCluster()
        .With("freezes", """{"apiVersion":"slipway.dev/v1alpha1","kind":"Freeze","metadata":{"name":"sale","creationTimestamp":"2026-03-01T08:00:00Z","annotations":{"slipway.dev/by":"ada"}},"spec":{"reason":"summer sale","until":"2026-03-03T12:00:00Z"}}""")
        .With("freezes", """{"apiVersion":"slipway.dev/v1alpha1","kind":"Freeze","metadata":{"name":"nights","creationTimestamp":"2026-02-01T08:00:00Z"},"spec":{"reason":"on call is asleep","namespaces":["prod-*"],"windows":[{"schedule":"0 22 * * *","duration":"8h"}]}}""");

    [Theory]
    [InlineData("freeze-list.txt")]
    [InlineData("freeze-list-wide.txt", "-o", "wide")]
    [InlineData("freeze-list-names.txt", "-o", "name")]
    [InlineData("freeze-list-bare.txt", "--no-headers")]
    [InlineData("freeze-list.json", "-o", "json")]
    [InlineData("freeze-list.yaml", "-o", "yaml")]
    [InlineData("freeze-list-jsonpath.txt", "-o", "jsonpath={.items[*].metadata.name}")]
    public async Task The_answer_is_as_reviewed(string golden, params string[] args)
    {
        var run = await CliRun.OfAsync(["freeze", "list", .. args], connect: Cluster().Connect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match(golden, run.Out);
    }

    [Fact]
    public async Task Where_nothing_is_frozen_it_says_so()
    {
        var run = await CliRun.OfAsync(["freeze", "list"], connect: new FakeCluster().Connect);

        Assert.Equal((0, "nothing is frozen\n"), (run.Code, run.Out));
    }
}
