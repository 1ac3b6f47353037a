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
        Assert.Equal(
            """
            1.5.0
              1.5.0 is the highest of 2 tags in >=1.4; 2 others do not match

            TAG         VERDICT
            1.5.0       best
            1.4.0       2
            1.5.0-rc1   outside of the range
            latest      not what this policy orders

            """.ReplaceLineEndings("\n"),
            run.Out);
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
    public async Task A_calendar_orders_by_its_layout()
    {
        var run = await CliRun.OfAsync(["policy", "test", "--calver", "YYYY.0M.MICRO", "--current", "2026.01.9"], "2026.01.9\n2026.01.10\n2026.1.11\n");

        Assert.StartsWith("2026.01.10\n  2026.01.10 is the newest of 2 versions written as YYYY.0M.MICRO; 1 other does not match\n  newer than 2026.01.9: it would be deployed\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_build_is_told_from_the_times_on_the_lines()
    {
        const string Lines = "a\t2026-01-01T12:00:00Z\nb\t2026-01-03T12:00:00.123456789Z\nc\t2026-01-02T14:00:00+02:00\nold\t1970-01-01T00:00:00Z\nsilent\n";

        var run = await CliRun.OfAsync(["policy", "test", "--newest", "--current", "c"], Lines);

        Assert.Equal(
            """
            b
              b is the newest of 3 builds, of 2026-01-03 12:00:00Z; 2 tell no time of their build and were passed over
              newer than c: it would be deployed

            TAG      VERDICT                       BUILT
            b        best                          2026-01-03 12:00:00Z
            c        2                             2026-01-02 12:00:00Z
            a        3                             2026-01-01 12:00:00Z
            old      not what this policy orders   -
            silent   not what this policy orders   -

            """.ReplaceLineEndings("\n"),
            run.Out);
    }

    [Fact]
    public async Task Ten_of_each_are_shown_and_the_others_counted()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 30).Select(at => $"1.{at}.0").Concat(Enumerable.Range(0, 25).Select(at => $"dev-{at}")));

        var run = await CliRun.OfAsync(["policy", "test", "--semver", ">=1"], lines);

        Assert.Contains("1.20.0   10\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("1.19.0", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("and 35 more: 30 eligible, 25 unread in all\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_machine_each_reason_stands_by_its_tag()
    {
        var run = await CliRun.OfAsync(["policy", "test", "--semver", ">=1", "--filter", "^1", "--exclude", "-rc", "-o", "json"], "1.0.0\n1.1.0-rc1\n2.0.0\n1.0.0.sig\n1x\n");

        var answer = JsonNode.Parse(run.Out)!;
        Assert.Equal("[\"1.0.0\"]", answer["top"]!.ToJsonString());
        Assert.Equal(
            ["1.1.0-rc1: excluded", "2.0.0: does not match the filter", "1.0.0.sig: a signature or the like", "1x: not what this policy orders"],
            answer["passedOver"]!.AsArray().Select(tag => $"{tag!["tag"]}: {tag["because"]}"));
        Assert.Equal("""{"eligible":1,"artifact":1,"unmatched":1,"excluded":1,"unread":1}""", answer["counts"]!.ToJsonString());
    }

    [Fact]
    public async Task What_is_no_tag_cannot_write_to_the_terminal()
    {
        var run = await CliRun.OfAsync(["policy", "test", "--semver", ""], "1.0.0\n\u001b[31mred\n");

        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains("no tag", run.Out, StringComparison.Ordinal);
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
            top:
            - '1.5.0'
            - '1.4.0'
            passedOver:
            - tag: 1.5.0-rc1
              because: outside of the range
            - tag: latest
              because: not what this policy orders
            counts:
              eligible: 2
              unread: 1
              outside: 1

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
