using System.Text.Json.Nodes;
using Slipway.Kube;

namespace Slipway.Tests.Cli.Verbs;

/// <summary>What is written to the cluster by the verbs that ask for something.</summary>
public sealed class RequestVerbTests
{
    private static FakeCluster Cluster(string delivery) => new FakeCluster().With("deliveries", delivery).WithHistory().WithFailure();

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/check":"2026-03-01T12:00:00.000Z from command-line"}}}""", "check", "shop")]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/rollback":"2026-03-01T12:00:00.000Z from command-line"}}}""", "rollback", "shop")]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/rollback":"2026-03-01T12:00:00.000Z to 1 from command-line"}}}""", "rollback", "shop", "--to", "1")]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/resume":"2026-03-01T12:00:00.000Z from command-line"}},"spec":{"suspend":false}}""", "resume", "shop")]
    [InlineData("""{"spec":{"suspend":true}}""", "suspend", "shop")]
    [InlineData("{\"metadata\":{\"annotations\":{\"slipway.dev/approve\":\"2026-03-01T12:00:00.000Z digest " + Samples.Digest110 + " from command-line\"}}}", "approve", "shop")]
    [InlineData("{\"metadata\":{\"annotations\":{\"slipway.dev/approve\":\"2026-03-01T12:00:00.000Z digest " + Samples.Digest110 + " from command-line\"}}}", "approve", "shop", "--digest", "sha256:110000000000")]
    [InlineData("{\"metadata\":{\"annotations\":{\"slipway.dev/approve\":\"2026-03-01T12:00:00.000Z digest " + Samples.Digest120 + " from command-line\"}}}", "approve", "shop", "--digest", Samples.Digest120)]
    [InlineData("{\"metadata\":{\"annotations\":{\"slipway.dev/reject\":\"2026-03-01T12:00:00.000Z digest " + Samples.Digest110 + " from command-line\"}}}", "reject", "shop")]
    public Task A_request_is_one_patch(string expected, params string[] args) => AssertOnePatchAsync(Samples.Calm(), expected, args);

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/promote":"2026-03-01T12:00:00.000Z from command-line"}}}""", "promote", "shop")]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/promote":"2026-03-01T12:00:00.000Z all from command-line"}}}""", "promote", "shop", "--all")]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/abort":"2026-03-01T12:00:00.000Z from command-line"}}}""", "abort", "shop")]
    [InlineData("""{"metadata":{"annotations":{"slipway.dev/abort":"2026-03-01T12:00:00.000Z from command-line because too slow"}}}""", "abort", "shop", "--reason", "too slow")]
    public Task A_request_of_a_rollout_is_one_patch(string expected, params string[] args) => AssertOnePatchAsync(Midway.Stepping(), expected, args);

    private static async Task AssertOnePatchAsync(string delivery, string expected, string[] args)
    {
        var cluster = Cluster(delivery);

        var run = await CliRun.OfAsync(args, connect: cluster.Connect);

        Assert.Equal(0, run.Code);
        var patch = Assert.Single(cluster.Patches);
        Assert.Equal(expected, patch.Body);
        Assert.Equal("/apis/slipway.dev/v1alpha1/namespaces/prod/deliveries/shop?fieldManager=slipway-cli", patch.Path);
    }

    [Theory]
    [InlineData("say either which Delivery", "approve")]
    [InlineData("say either which Delivery", "approve", "shop", "--group", "train")]
    [InlineData("say either which Delivery", "approve", "-A", "--wait")]
    [InlineData("--timeout is how long --wait waits", "check", "shop", "--timeout", "1m")]
    [InlineData("give --wait=DURATION or --timeout, not both", "check", "shop", "--wait=1m", "--timeout", "1m")]
    [InlineData("--to: there is no release 0; Releases are numbered from 1", "rollback", "shop", "--to", "0")]
    [InlineData("is neither a whole digest nor the beginning of the one that is asked about", "approve", "shop", "--digest", "sha256:120000000000")]
    public async Task What_cannot_be_meant_is_a_matter_of_usage(string why, params string[] args)
    {
        var cluster = Cluster(Samples.Calm());

        var run = await CliRun.OfAsync(args, connect: cluster.Connect);

        Assert.Equal(2, run.Code);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Patches);
    }

    [Fact]
    public async Task Without_anybody_who_waits_a_yes_to_all_is_told_to_be_none()
    {
        var run = await CliRun.OfAsync(["approve", "-A"], connect: Cluster(Samples.Calm()).Connect);

        Assert.Contains("none of them waits for a person's yes", run.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, run.Code);
    }

    [Theory]
    [InlineData("a Freeze has a name and a reason", "freeze", "sale")]
    [InlineData("a Freeze has a name and a reason", "freeze", "--reason", "x")]
    [InlineData("--for soon is no duration", "freeze", "sale", "--reason", "x", "--for", "soon")]
    [InlineData("give --for or --until, not both", "freeze", "sale", "--reason", "x", "--for", "1h", "--until", "2027-01-01T00:00:00Z")]
    [InlineData("spec.until: 'soon' is no instant", "freeze", "sale", "--reason", "x", "--until", "soon")]
    public async Task A_freeze_that_would_be_none_is_not_made(string why, params string[] args)
    {
        var run = await CliRun.OfAsync(args, connect: Cluster(Samples.Calm()).Connect);

        Assert.Equal(2, run.Code);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_names_the_digest_that_its_asker_saw()
    {
        var cluster = Cluster(Samples.RolledBack());

        var run = await CliRun.OfAsync(["retry", "shop"], connect: cluster.Connect);

        Assert.Equal("Delivery prod/shop: asked to try 1.2.0 (sha256:120000000000) again\n", run.Out);
        Assert.Equal(
            $"2026-03-01T12:00:00.000Z digest {Samples.Digest120} from command-line", (string?)JsonNode.Parse(Assert.Single(cluster.Patches).Body)!["metadata"]!["annotations"]!["slipway.dev/retry"]);
    }

    [Fact]
    public async Task Who_asks_is_the_user_of_the_kubeconfig()
    {
        var cluster = Cluster(Samples.Calm());
        var path = Path.Combine(Path.GetTempPath(), $"slipway-test-{Environment.ProcessId}.kubeconfig");
        await File.WriteAllTextAsync(
            path,
            """
            apiVersion: v1
            kind: Config
            current-context: other
            clusters: [{name: c, cluster: {server: http://cluster.test}}]
            users: [{name: ada lovelace, user: {token: t}}]
            contexts:
            - {name: other, context: {cluster: c, user: nobody}}
            - {name: mine, context: {cluster: c, user: ada lovelace, namespace: prod}}
            """,
            TestContext.Current.CancellationToken);
        try
        {
            var run = await CliRun.OfAsync(
                ["rollback", "shop", "--kubeconfig", path, "--context", "mine"], connect: options => ClusterConnection.Open(options with { Handlers = [cluster] }));

            Assert.Equal((0, ""), (run.Code, string.Concat(run.Error.Split('\n').Where(line => line.StartsWith("slipway:", StringComparison.Ordinal)))));
            Assert.EndsWith(" by ada-lovelace\"}}}", Assert.Single(cluster.Patches).Body, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_rollback_says_where_it_will_lead()
    {
        var run = await CliRun.OfAsync(["rollback", "shop"], connect: Cluster(Samples.Calm()).Connect);

        Assert.Equal("Delivery prod/shop: asked to go back to 1.0.0 (sha256:100000000000), which was release 1\n", run.Out);
        Assert.Contains("'slipway why shop'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_of_what_is_under_way_ends_it()
    {
        var run = await CliRun.OfAsync(["rollback", "shop"], connect: Cluster(Samples.Advancing()).Connect);

        Assert.Equal("Delivery prod/shop: asked to end release 3 (1.2.0) and go back to 1.1.0\n", run.Out);
    }

    public static TheoryData<string, string[], string> Refused => new()
    {
        { Samples.Changed(delivery => delivery["spec"]!["suspend"] = true), ["rollback", "shop"], "'slipway resume shop' first" },
        { Samples.Calm(), ["rollback", "shop", "--to", "9"], "there is no release 9" },
        { Samples.Calm(), ["rollback", "shop", "--to", "3"], "release 3 ended as RolledBack" },
        { Samples.Calm(), ["rollback", "shop", "--to", "2"], "release 2 is what runs now" },
        { Samples.Calm(), ["retry", "shop"], "has not rejected sha256:110000000000" },
        {
            Samples.Changed(delivery =>
            {
                Samples.Advance(delivery, 3, "1.2.0", Samples.Digest120, "NewImage");
                delivery["status"]!["rollout"]!["attempt"]!["previous"] = null;
            }),
            ["rollback", "shop"], "nothing is known to be good yet"
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_certain_to_be_refused_is_refused_at_once_and_not_written(string delivery, string[] args, string expected)
    {
        var cluster = Cluster(delivery);

        var run = await CliRun.OfAsync(args, connect: cluster.Connect);

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Patches);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("rollback")]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("retry")]
    public async Task A_Delivery_that_is_not_there_ends_with_4(string verb)
    {
        var cluster = Cluster(Samples.Calm());

        Assert.Equal(4, (await CliRun.OfAsync([verb, "nosuch"], connect: cluster.Connect)).Code);
        Assert.Empty(cluster.Patches);
    }
}
