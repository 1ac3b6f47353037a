using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;

namespace Slipway.Tests.Cli.Verbs;

public sealed class WatchVerbTests
{
    private static string Line(long version, string delivery)
    {
        var value = JsonNode.Parse(delivery)!.AsObject();
        value["metadata"]!["resourceVersion"] = $"{version}";
        return new JsonObject { ["type"] = "MODIFIED", ["object"] = value }.ToJsonString();
    }

    private static FakeCluster Rolling(string release, params string[] states) => new FakeCluster
    {
        WatchScript = watch => watch == 1 ? [.. states.Select((state, index) => Line(200 + index, state))] : null,
    }.With("deliveries", Midway.Stepping("Preparing")).With("releases", release);

    private static string Promoting() => Samples.Changed(delivery =>
    {
        delivery["status"]!["candidate"] = Samples.Candidate120();
        Samples.Advance(delivery, 3, "1.2.0", Samples.Digest120, "NewImage");
        delivery["status"]!["rollout"]!["attempt"]!["plan"] = JsonNode.Parse(Midway.Plan);
    });

    private static string Settled() => Samples.Changed(delivery =>
    {
        delivery["status"]!["current"] = new JsonObject { ["tag"] = "1.2.0", ["digest"] = Samples.Digest120, ["release"] = 3 };
        delivery["status"]!["candidate"] = Samples.Candidate120();
        delivery["status"]!["lastRelease"] = 3;
    });

    private static string Good() => Samples.Release(3, "1.2.0", Samples.Digest120, "Succeeded", message: "1.2.0 is healthy on every target");

    [Fact]
    public async Task A_good_rollout_is_told_line_by_line_and_ends_with_0()
    {
        var run = await CliRun.OfAsync(["watch", "shop"], connect: Rolling(Good(), Midway.Stepping(), Promoting(), Settled()).Connect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Match("watch-good.txt", run.Out);
    }

    [Fact]
    public async Task A_bad_rollout_ends_with_6()
    {
        var run = await CliRun.OfAsync(["watch", "shop"], connect: Rolling(Midway.FailedRelease(), Midway.Stepping(), Samples.RolledBack()).Connect);

        Assert.Equal(6, run.Code);
        Golden.Match("watch-bad.txt", run.Out);
    }

    [Fact]
    public async Task The_next_rollout_is_another_story()
    {
        var next = Samples.Changed(delivery => Samples.Advance(delivery, 4, "1.3.0", Samples.Digest120, "NewImage"));

        var run = await CliRun.OfAsync(["watch", "shop"], connect: Rolling(Good(), Midway.Stepping(), next).Connect);

        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("1.3.0", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_under_way_it_tells_how_the_last_one_ended()
    {
        var run = await CliRun.OfAsync(["watch", "shop"], connect: new FakeCluster().With("deliveries", Samples.Calm()).WithHistory().Connect);

        Assert.Equal((0, "nothing is under way; the last was release 2 (1.1.0): Succeeded: 1.1.0 is healthy on every target\n"), (run.Code, run.Out));
    }

    [Fact]
    public async Task What_takes_too_long_ends_with_5()
    {
        var run = await CliRun.OfAsync(["watch", "shop", "--timeout", "50ms"], connect: new FakeCluster().With("deliveries", Midway.Stepping()).Connect);

        Assert.Equal(5, run.Code);
        Assert.Contains("was not done within 50ms", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_the_picture_is_drawn_over()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var picture = new LivePicture(new Surroundings { Out = output, Error = TextWriter.Null, In = TextReader.Null, IsTerminal = true, Width = 60 });

        picture.Show(["one", "two"]);
        picture.Show(["one", "two"]);
        picture.Show(["one", new string('x', 80)]);

        Assert.Equal($"one\ntwo\n\e[2A\e[Jone\n{new string('x', 58)}…\n", output.ToString());
    }
}
