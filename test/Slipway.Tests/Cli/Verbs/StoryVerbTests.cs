using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Verbs;

/// <summary>describe, events, diff, logs: what a Delivery is and what it has been through.</summary>
public sealed class StoryVerbTests
{
    private static FakeCluster Cluster(string? delivery = null) => new FakeCluster()
        .With("deliveries", delivery ?? Samples.RolledBack())
        .With("deliveries", Samples.Calm("quiet"))
        .WithHistory()
        .WithFailure()
        .With("releases", Midway.FailedRelease())
        .WithPods();

    [Theory]
    [InlineData("describe-rolled-back.txt", "describe", "shop")]
    [InlineData("describe-quiet.txt", "describe", "quiet")]
    [InlineData("describe.json", "describe", "shop", "-o", "json")]
    [InlineData("describe.yaml", "describe", "shop", "-o", "yaml")]
    [InlineData("describe-jsonpath.txt", "describe", "shop", "-o", "jsonpath={.pods[0]}")]
    [InlineData("why-jsonpath.txt", "why", "shop", "-o", "jsonpath={.next[*]}")]
    [InlineData("get.yaml", "get", "-o", "yaml")]
    [InlineData("get-one.json", "get", "shop", "-o", "json")]
    [InlineData("events.txt", "events", "shop")]
    [InlineData("events-wide.txt", "events", "shop", "-o", "wide")]
    [InlineData("events-bare.txt", "events", "shop", "--no-headers")]
    [InlineData("events-names.txt", "events", "shop", "-o", "name")]
    [InlineData("events.json", "events", "shop", "-o", "json")]
    [InlineData("events.yaml", "events", "shop", "-o", "yaml")]
    [InlineData("events-jsonpath.txt", "events", "shop", "-o", "jsonpath={range .items[*]}{.reason}{\"\\n\"}{end}")]
    [InlineData("diff.txt", "diff", "shop")]
    [InlineData("diff-numbers.txt", "diff", "shop", "1", "2")]
    [InlineData("diff.json", "diff", "shop", "-o", "json")]
    [InlineData("diff.yaml", "diff", "shop", "-o", "yaml")]
    [InlineData("diff-jsonpath.txt", "diff", "shop", "-o", "jsonpath={.changed[*].field}")]
    [InlineData("logs.txt", "logs", "shop")]
    [InlineData("logs-check.txt", "logs", "shop", "--check", "smoke")]
    [InlineData("logs.json", "logs", "shop", "-o", "json")]
    [InlineData("logs.yaml", "logs", "shop", "-o", "yaml")]
    [InlineData("logs-jsonpath.txt", "logs", "shop", "-o", "jsonpath={.checks[*].verdict}")]
    [InlineData("why-rolled-back.yaml", "why", "shop", "-o", "yaml")]
    public async Task The_answer_is_as_reviewed(string golden, params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: Cluster().Connect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match(golden, run.Out);
    }

    [Theory]
    [InlineData("describe-stepping.txt", "describe", "shop")]
    [InlineData("logs-stepping.txt", "logs", "shop")]
    [InlineData("get-stepping-wide.txt", "get", "shop", "-o", "wide")]
    public async Task A_rollout_under_way_is_shown_as_far_as_it_is(string golden, params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: Cluster(Midway.Stepping()).Connect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match(golden, run.Out);
    }

    [Theory]
    [InlineData("there is no Delivery nosuch", "describe", "nosuch")]
    [InlineData("there is no Delivery nosuch", "events", "nosuch")]
    [InlineData("there is no Delivery nosuch", "diff", "nosuch")]
    [InlineData("there is no Delivery nosuch", "logs", "nosuch")]
    [InlineData("has no release 9", "diff", "shop", "9")]
    [InlineData("has no release 9", "logs", "shop", "--release", "9")]
    [InlineData("has no Releases; there is nothing to compare yet", "diff", "quiet")]
    [InlineData("has no Releases yet", "logs", "quiet")]
    [InlineData("there is no check latency in release 3, which has smoke, errors", "logs", "shop", "--check", "latency")]
    [InlineData("no check has measured anything in release 2", "logs", "shop", "--release", "2")]
    public async Task What_is_not_there_ends_with_4(string sentence, params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: Cluster().Connect);

        Assert.Equal((4, ""), (run.Code, run.Out));
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_read_events_or_pods_still_gets_the_rest()
    {
        var cluster = Cluster();
        cluster.Fault = asked => asked.Path.StartsWith("/api/v1/", StringComparison.Ordinal) ? FakeCluster.Failure(HttpStatusCode.Forbidden, "Forbidden", "no") : null;

        var run = await CliRun.OfAsync(["describe", "shop"], connect: cluster.Connect);

        Assert.Equal(0, run.Code);
        Assert.Contains("Targets", run.Out, StringComparison.Ordinal);
        Assert.Contains("events are left out", run.Error, StringComparison.Ordinal);
        Assert.Contains("pods are left out", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_events_are_not_an_error()
    {
        var run = await CliRun.OfAsync(["events", "quiet"], connect: Cluster().Connect);

        Assert.Equal((0, ""), (run.Code, run.Out));
        Assert.Contains("'slipway history quiet' remembers longer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_events_follow()
    {
        var cluster = Cluster();
        var fresh = JsonNode.Parse(Samples.Event("e3", "Started", "release 4: once more", "2026-03-01T11:59:59Z"))!;
        fresh["metadata"]!["resourceVersion"] = "300";
        cluster.WatchScript = _ => [new JsonObject { ["type"] = "ADDED", ["object"] = fresh }.ToJsonString()];
        var looks = 0;
        cluster.Fault = asked => !asked.Path.Contains("watch=", StringComparison.Ordinal) && ++looks > 1 ? FakeCluster.Failure(HttpStatusCode.Forbidden, "Forbidden", "the test is over") : null;

        var run = await CliRun.OfAsync(["events", "shop", "-w"], connect: cluster.Connect);

        Golden.Match("events-watch.txt", run.Out);
    }
}
