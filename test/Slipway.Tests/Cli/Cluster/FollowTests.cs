using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Cluster;

/// <summary>To wait is to watch, and a watch ends in many ways.</summary>
public sealed class FollowTests
{
    private const string Expired = """{"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","message":"too old resource version","code":410}}""";

    private static FakeCluster Cluster() => new FakeCluster
    {
        AfterPatch = [delivery => delivery["status"]!["handled"] = new JsonObject { ["check"] = (string?)delivery["metadata"]!["annotations"]!["slipway.dev/check"] }],
    }.With("deliveries", Samples.Calm());

    [Fact]
    public async Task A_watch_that_ends_in_good_order_is_followed_by_a_fresh_look()
    {
        var cluster = Cluster();
        cluster.WatchScript = watch => watch == 1 ? [] : null;

        Assert.Equal(0, (await CliRun.OfAsync(["check", "shop", "--wait=20s"], connect: cluster.Connect)).Code);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_kept_is_followed_by_a_fresh_look()
    {
        var cluster = Cluster();
        cluster.WatchScript = watch => watch == 1 ? [Expired] : null;

        Assert.Equal(0, (await CliRun.OfAsync(["check", "shop", "--wait=20s"], connect: cluster.Connect)).Code);
    }

    [Fact]
    public async Task What_others_do_is_passed_over()
    {
        var other = Samples.Changed(delivery =>
        {
            delivery["metadata"]!["name"] = "other";
            delivery["metadata"]!["resourceVersion"] = "200";
            delivery["status"]!["handled"] = new JsonObject { ["check"] = "2026-03-01T12:00:00.000Z" };
            Samples.SetReady(delivery, "False", "NoMatch", "not of this one");
        }).ReplaceLineEndings("");
        var cluster = Cluster();
        cluster.WatchScript = watch => watch == 1 ? [$$"""{"type":"MODIFIED","object":{{other}}}"""] : null;

        var run = await CliRun.OfAsync(["check", "shop", "--wait=20s"], connect: cluster.Connect);

        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("not of this one", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Delivery_that_is_deleted_meanwhile_ends_the_wait()
    {
        var cluster = Cluster();
        var gone = Samples.Changed(delivery => delivery["metadata"]!["resourceVersion"] = "200").ReplaceLineEndings("");
        cluster.WatchScript = _ => [$$"""{"type":"DELETED","object":{{gone}}}"""];

        var run = await CliRun.OfAsync(["check", "shop", "--wait=20s"], connect: cluster.Connect);

        Assert.Equal(4, run.Code);
        Assert.Contains("Delivery prod/shop was deleted in the meantime", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_goes_away_meanwhile_ends_the_wait_with_its_reason()
    {
        var cluster = Cluster();
        cluster.WatchScript = _ => ["this is no watch"];

        var run = await CliRun.OfAsync(["check", "shop", "--wait=20s"], connect: cluster.Connect);

        Assert.Equal(1, run.Code);
        Assert.Contains("cannot watch deliveries", run.Error, StringComparison.Ordinal);
    }
}
