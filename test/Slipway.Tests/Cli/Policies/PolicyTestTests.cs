using System.Text.Json.Nodes;

namespace Slipway.Tests.Cli.Policies;

public sealed class PolicyTestTests
{
    private const string Versions = "1.4.0\n1.5.0-rc1\n1.5.0\n\n  latest  \n";

    [Fact]
    public async Task The_pick_and_its_reason_are_told()
    {
        var run = await CliRun.OfAsync(["policy", "test", "--semver", ">=1.4"], Versions);

        Assert.Equal(0, run.Code);
        Assert.Equal("1.5.0\n  1.5.0 is the highest of 2 tags in >=1.4; 2 others do not match\n", run.Out);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task No_pick_is_a_no_with_its_reason()
    {
        var run = await CliRun.OfAsync(["policy", "test", "--semver", ">=2"], Versions);

        Assert.Equal(1, run.Code);
        Assert.StartsWith("nothing is picked\n  none of 4 tags is in >=2", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.4.0", 0, "newer than 1.4.0: it would be deployed")]
    [InlineData("1.5.0", 1, "nothing would be deployed")]
    [InlineData("1.6.0", 1, "older than 1.6.0: it would be held")]
    [InlineData("latest", 0, "neither newer nor older")]
    public async Task Beside_what_runs_the_answer_is_whether_it_would_ship(string current, int code, string sentence)
    {
        var run = await CliRun.OfAsync(["policy", "test", "--semver", ">=1.4", "--current", current], Versions);

        Assert.Equal(code, run.Code);
        Assert.Contains(sentence, run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "--semver", "" }, "1.5.0")]
    [InlineData(new[] { "--semver", "~1.5-0", "--prerelease", "--exclude", "^1.5.0$" }, "1.5.0-rc1")]
    [InlineData(new[] { "--alphabetical" }, "latest")]
    [InlineData(new[] { "--alphabetical", "--order", "descending" }, "1.4.0")]
    [InlineData(new[] { "--numeric", "--filter", @"^1\.(\d)\.0$", "--extract", "$1" }, "1.5.0")]
    [InlineData(new[] { "--tag", "latest" }, "latest")]
    public async Task Every_policy_can_be_tried(string[] flags, string expected)
    {
        var run = await CliRun.OfAsync(["policy", "test", .. flags], Versions);

        Assert.Equal(expected, run.Out.Split('\n')[0]);
    }

    [Fact]
    public async Task A_moving_tag_is_named_by_a_version_on_the_same_digest()
    {
        const string Tags = "prod sha256:1f\n1.4 sha256:1f\n1.4.2 sha256:1f\n1.5.0 sha256:2a\n001.4.2-x sha256:1f\n";

        var run = await CliRun.OfAsync(["policy", "test", "--tag", "prod", "--version-pattern", @"[0-9.]+", "-o", "json"], Tags);

        Assert.Equal("1.4.2", (string?)JsonNode.Parse(run.Out)!["version"]);
    }

    [Fact]
    public async Task For_machines_it_is_an_object()
    {
        var run = await CliRun.OfAsync(["policy", "test", "--semver", ">=1.4", "--current", "1.4.0", "-o", "yaml"], Versions);

        Assert.Equal(
            """
            picked: '1.5.0'
            why: 1.5.0 is the highest of 2 tags in >=1.4; 2 others do not match
            current: '1.4.0'
            change: upgrade
            ships: true

            """,
            run.Out);
    }

    [Theory]
    [InlineData(new string[0], "no policy is given")]
    [InlineData(new[] { "--numeric", "--semver", "1" }, "exactly one policy")]
    [InlineData(new[] { "--semver", ">=1.4 <" }, "--semver: ")]
    [InlineData(new[] { "--numeric", "--filter", "(" }, "--filter: ")]
    [InlineData(new[] { "--numeric", "--extract", "$1" }, "--extract: ")]
    [InlineData(new[] { "--numeric", "--exclude", "a", "--exclude", "[" }, "--exclude: ")]
    [InlineData(new[] { "--tag", "p", "--version-pattern", "(?=x)" }, "--version-pattern: ")]
    [InlineData(new[] { "--numeric", "--order", "sideways" }, "--order: ")]
    [InlineData(new[] { "--numeric", "--prerelease" }, "--prerelease says nothing without --semver")]
    [InlineData(new[] { "--semver", "1", "--order", "Ascending" }, "--order says nothing without --numeric or --alphabetical")]
    public async Task What_is_no_policy_is_refused_by_the_name_of_its_flag(string[] flags, string expected)
    {
        var run = await CliRun.OfAsync(["policy", "test", .. flags], Versions);

        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Out);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_list_is_an_answer_too()
    {
        var run = await CliRun.OfAsync(["policy", "test", "--numeric"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("the repository has no tags", run.Out, StringComparison.Ordinal);
    }
}
