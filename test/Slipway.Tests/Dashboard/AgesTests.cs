using Slipway.Dashboard.Live;
using Slipway.Dashboard.Releases;
using Slipway.Dashboard.Shell;
using Slipway.Views;

namespace Slipway.Tests.Dashboard;

public sealed class AgesTests
{
    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(42, "42s")]
    [InlineData(200, "3m 20s")]
    [InlineData(660, "11m")]
    [InlineData(18720, "5h 12m")]
    [InlineData(80000, "22h")]
    [InlineData(700000, "8d")]
    [InlineData(80000000, "2y")]
    public void Ages_are_short(int seconds, string text) => Assert.Equal(text, Ages.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_to_come_and_what_has_come_are_told_apart()
    {
        Assert.Equal("in 5m 0s", Ages.Until(Rows.Noon.AddMinutes(5), Rows.Noon));
        Assert.Equal("30s ago", Ages.Until(Rows.Noon.AddSeconds(-30), Rows.Noon));
        Assert.Equal("2026-03-01 12:00:00 UTC", Ages.Exact(Rows.Noon.ToOffset(TimeSpan.FromHours(2))));
    }

    [Fact]
    public void Pauses_grow_and_have_an_end()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(500), Backoff.After(1));
        Assert.Equal(TimeSpan.FromSeconds(1), Backoff.After(2));
        Assert.Equal(TimeSpan.FromSeconds(10), Backoff.After(1000));
    }

    [Fact]
    public void A_comparison_marks_what_differs_and_has_the_checks_of_both()
    {
        var before = new ReleaseView(new(1, "1.0.0", "sha256:100", "Succeeded", Rows.Noon), "prod", "shop", "registry.example/shop", "NewImage") { Checks = [new("errors", 1, "Passed", 5, 0, 0)] };
        var after = before with { Row = before.Row with { Number = 2, Tag = "1.1.0", Outcome = "RolledBack" }, By = "ada", Checks = [new("errors", 1, "Passed", 5, 0, 0), new("errors", 2, "Failed", 1, 2, 0), new("smoke", 1, "Passed", 1, 0, 0)] };

        var lines = ReleaseDiff.Of(before, after);

        Assert.Equal(["Version", "Who", "Outcome", "Check errors", "Check smoke"], lines.Where(line => line.Differs).Select(line => line.What));
        Assert.Equal(("–", "Passed, 1 passed, 0 failed"), (lines[^1].Before, lines[^1].After));
        Assert.StartsWith("Failed", lines.Single(line => line.What == "Check errors").After, StringComparison.Ordinal);
    }
}
