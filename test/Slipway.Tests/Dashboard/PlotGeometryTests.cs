using Slipway.Checks;
using Slipway.Checks.Expressions;
using Slipway.Dashboard.Checks;
using Slipway.Views;

namespace Slipway.Tests.Dashboard;

public sealed class PlotGeometryTests
{
    [Fact]
    public void A_check_without_numbers_has_no_plot() => Assert.Null(PlotGeometry.Of(Check(null, "exit 0", null, "NaN")));

    [Fact]
    public void Greater_values_are_higher_and_later_ones_further_right()
    {
        var plot = PlotGeometry.Of(Check(null, "0.01", "0.04", "0.02"))!;

        Assert.True(plot.Points[1].Y < plot.Points[2].Y && plot.Points[2].Y < plot.Points[0].Y);
        Assert.True(plot.Points[0].X < plot.Points[1].X && plot.Points[1].X < plot.Points[2].X);
    }

    [Theory]
    [InlineData("0.01", "0.04")]
    [InlineData("182", "260")]
    [InlineData("-5", "5")]
    [InlineData("0", "0")]
    [InlineData("7", "7")]
    [InlineData("1e-9", "1e9")]
    public void All_of_it_lies_within_the_drawing(string first, string second)
    {
        var plot = PlotGeometry.Of(Check(new("<", 3), first, second))!;

        Assert.All(plot.Points.Select(point => point.Y).Concat(plot.Limits.Select(limit => limit.Y)).Concat(plot.Ticks.Select(tick => tick.Y)), y => Assert.InRange(y, PlotGeometry.Top - 0.1, PlotGeometry.Bottom + 0.1));
        Assert.All(plot.Points, point => Assert.InRange(point.X, PlotGeometry.Left, PlotGeometry.Right));
        Assert.InRange(plot.Ticks.Length, 2, 7);
    }

    [Fact]
    public void The_axis_has_round_numbers_and_begins_at_zero_where_that_is_near() =>
        Assert.Equal(["0", "0.02", "0.04", "0.06"], PlotGeometry.Of(Check(new("<", 0.05), "0.021", "0.013"))!.Ticks.Select(tick => tick.Text));

    [Fact]
    public void A_limit_that_must_not_be_passed_is_a_ceiling_and_one_of_a_failure_is_turned()
    {
        Assert.True(PlotGeometry.Of(Check(new("<", 0.05), "0.01"))!.Limits[0].IsCeiling);
        var failing = Check(new(">", 0.05), "0.01") with { Pass = null, Fail = "result > 0.05" };
        Assert.True(PlotGeometry.Of(failing)!.Limits[0].IsCeiling);
        Assert.True(PlotGeometry.Of(failing with { Limits = [new("<", 2)] })!.Limits[0].IsFloor);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0512, "0.0512")]
    [InlineData(250, "250")]
    [InlineData(1234567, "1.23E6")]
    public void Values_are_written_shortly(double value, string text) => Assert.Equal(text, PlotGeometry.Text(value));

    private static CheckView Check(Limit? limit, params string?[] values) => new("errors", 1, "Pending", 1, 0, 0)
    {
        Pass = "result < 1",
        Limits = limit is null ? null : [limit],
        Recent = [.. values.Select((value, index) => new Measurement(MeasuredAs.Pass, Rows.Noon.AddMinutes(index), value))],
    };
}
