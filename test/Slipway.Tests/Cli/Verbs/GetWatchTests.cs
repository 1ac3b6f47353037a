using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Verbs;

/// <summary><c>get -w</c>: the n-th watch says what the test has written down; the look after the last is refused, and that ends the verb.</summary>
public sealed class GetWatchTests
{
    private static string Line(string type, long version, string delivery)
    {
        var value = JsonNode.Parse(delivery)!.AsObject();
        value["metadata"]!["resourceVersion"] = $"{version}";
        return new JsonObject { ["type"] = type, ["object"] = value }.ToJsonString();
    }

    private static async Task<CliRun> RunAsync(FakeCluster cluster, string[][] watches, params string[] args)
    {
        var looks = 0;
        cluster.WatchScript = watch => watches[watch - 1];
        cluster.Fault = asked => !asked.Path.Contains("watch=", StringComparison.Ordinal) && ++looks > watches.Length ? FakeCluster.Failure(HttpStatusCode.Forbidden, "Forbidden", "the test is over") : null;
        return await CliRun.OfAsync(args, connect: cluster.Connect);
    }

    private static FakeCluster Cluster() => new FakeCluster().With("deliveries", Samples.Calm());

    [Fact]
    public async Task A_row_comes_for_each_change_and_the_columns_stay()
    {
        var run = await RunAsync(Cluster(), [[Line("MODIFIED", 200, Samples.Advancing()), Line("MODIFIED", 201, Samples.RolledBack())]], "get", "-w");

        Golden.Match("get-watch.txt", run.Out);
    }

    [Fact]
    public async Task For_a_machine_it_is_one_object_a_line()
    {
        var run = await RunAsync(Cluster(), [[Line("MODIFIED", 200, Samples.Advancing())]], "get", "-w", "-o", "json");

        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string?)JsonNode.Parse(line)!["status"]!["candidate"]!["tag"]);
        Assert.Equal(["1.1.0", "1.2.0"], lines);
    }

    [Fact]
    public async Task Yaml_is_a_document_each()
    {
        var run = await RunAsync(Cluster(), [[Line("MODIFIED", 200, Samples.Advancing())]], "get", "shop", "-w", "-o", "yaml");

        Assert.Equal(2, run.Out.Split("---\n").Length - 1);
    }

    [Fact]
    public async Task A_path_is_rendered_for_each()
    {
        var run = await RunAsync(Cluster(), [[Line("MODIFIED", 200, Samples.Advancing())]], "get", "shop", "-w", "-o", """jsonpath={.status.candidate.tag}{"\n"}""");

        Assert.Equal("1.1.0\n1.2.0\n", run.Out);
    }

    [Fact]
    public async Task What_was_missed_between_two_watches_is_told_once()
    {
        var cluster = Cluster();
        cluster.WatchScript = _ => [];
        var lists = 0;
        cluster.Fault = asked =>
        {
            var isList = asked.Path.EndsWith("deliveries", StringComparison.Ordinal) || asked.Path.Contains("limit=", StringComparison.Ordinal);
            lists += isList ? 1 : 0;
            if (isList && lists == 2)
            {
                cluster.With("deliveries", Samples.Advancing());
            }

            return lists > 3 ? FakeCluster.Failure(HttpStatusCode.Forbidden, "Forbidden", "the test is over") : null;
        };

        var run = await CliRun.OfAsync(["get", "-w", "-o", "jsonpath={.status.candidate.tag}{\"\\n\"}"], connect: cluster.Connect);

        Assert.Equal((3, "1.1.0\n1.2.0\n"), (run.Code, run.Out));
    }

    [Fact]
    public async Task One_that_is_deleted_is_told_of()
    {
        var run = await RunAsync(Cluster(), [[Line("DELETED", 200, Samples.Calm())]], "get", "-w");

        Assert.Contains("Delivery prod/shop is gone", run.Error, StringComparison.Ordinal);
    }
}
