using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Demo;

/// <summary>The whole of Slipway, as a newcomer meets it: cluster, registry, webhook, controller, rollout, rollback.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_story_comes_out_and_every_line_of_it_is_an_object()
    {
        var run = await CliRun.OfAsync(["demo", "--exit", "-o", "json", "--speed", "20"], time: TimeProvider.System);

        Assert.Equal((0, ""), (run.Code, run.Error));
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        var summary = lines[^1];
        Assert.Equal("summary", (string?)summary["type"]);
        var releases = summary["releases"]!.AsArray();
        Assert.Equal(["Succeeded", "Succeeded", "RolledBack"], releases.Select(release => (string?)release!["outcome"]));
        Assert.Equal([1L, 2L, 3L], releases.Select(release => (long)release!["number"]!));
        Assert.Equal(["1.0.0", "1.1.0", "1.2.0"], releases.Select(release => (string?)release!["tag"]));
        Assert.Equal("CrashLoopBackOff", (string?)releases[2]!["reason"]);
        Assert.Equal("1.1.0", (string?)summary["running"]!["tag"]);
        Assert.Equal((string?)releases[1]!["digest"], (string?)summary["running"]!["digest"]);
    }

    [Fact]
    public async Task People_are_told_what_happens_while_it_happens()
    {
        var run = await CliRun.OfAsync(["demo", "--exit", "--speed", "20"], time: TimeProvider.System);

        Assert.Equal((0, ""), (run.Code, run.Error));
        string[] inThisOrder =
        [
            "push shop:1.0.0", "3 of 3 pods run 1.0.0, all of them available", "Adopted: release 1",
            "push shop:1.1.0", "sees 1.1.0", "Started: release 2: 1.0.0 → 1.1.0", "Succeeded: release 2",
            "push shop:1.2.0", "Started: release 3: 1.1.0 → 1.2.0", "RollingBack: release 3: CrashLoopBackOff",
            "NUMBER", "Running: ",
        ];
        var at = 0;
        Assert.All(inThisOrder, text =>
        {
            at = run.Out.IndexOf(text, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{text}' is not told, or not in its place:\n{run.Out}");
        });
    }

    [Theory]
    [InlineData("--speed", "0")]
    [InlineData("--listen", "8080")]
    [InlineData("-o", "yaml")]
    public async Task What_it_cannot_do_is_refused_before_it_begins(string flag, string value) =>
        Assert.Equal(2, (await CliRun.OfAsync(["demo", "--exit", flag, value])).Code);
}
