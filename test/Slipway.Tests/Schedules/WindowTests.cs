using System.Globalization;
using Slipway.Schedules;

namespace Slipway.Tests.Schedules;

public sealed class WindowTests
{
    private static Window Of(string cron, double hours, string zone = "Europe/Paris") => new(
        "spec.windows[0]",
        CronSchedule.TryParse(cron, out var schedule, out var problem) ? schedule : throw new ArgumentException(problem),
        TimeSpan.FromHours(hours),
        TimeZoneInfo.FindSystemTimeZoneById(zone));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static readonly Window OfficeHours = Of("0 9 * * MON-FRI", 8);

    [Theory]
    [InlineData("2026-03-06T08:59:59+01:00", null)]
    [InlineData("2026-03-06T09:00:00+01:00", "2026-03-06T17:00:00+01:00")]
    [InlineData("2026-03-06T16:59:59+01:00", "2026-03-06T17:00:00+01:00")]
    [InlineData("2026-03-06T17:00:00+01:00", null)]
    [InlineData("2026-03-07T12:00:00+01:00", null)]
    public void It_has_its_first_instant_and_not_its_last(string now, string? until) => Assert.Equal(until is null ? null : At(until), OfficeHours.Until(At(now)));

    [Theory]
    [InlineData("2026-03-29T00:00:00+01:00", "2026-03-29T09:00:00+02:00")]
    [InlineData("2026-10-25T00:00:00+02:00", "2026-10-25T07:00:00+01:00")]
    public void Eight_hours_are_eight_hours_when_the_clocks_change_meanwhile(string begin, string end)
    {
        var night = Of("0 0 * * SUN", 8);

        Assert.Equal(At(end), night.Until(At(begin)));
        Assert.Equal(TimeSpan.FromHours(8), At(end) - At(begin));
        Assert.Null(night.Until(At(end)));
    }

    [Fact]
    public void One_that_would_begin_in_the_hour_that_is_missing_begins_when_it_would_have_ended()
    {
        var night = Of("30 2 * * *", 1);

        Assert.Null(night.Until(At("2026-03-29T01:59:59+01:00")));
        Assert.Equal(At("2026-03-29T04:00:00+02:00"), night.Until(At("2026-03-29T03:00:00+02:00")));
    }

    [Fact]
    public void One_that_begins_in_the_hour_that_comes_twice_is_there_twice()
    {
        var night = Of("0 2 * * *", 0.5);

        Assert.Equal(At("2026-10-25T02:30:00+02:00"), night.Until(At("2026-10-25T02:10:00+02:00")));
        Assert.Null(night.Until(At("2026-10-25T02:30:00+02:00")));
        Assert.Equal(At("2026-10-25T02:30:00+01:00"), night.Until(At("2026-10-25T02:10:00+01:00")));
    }

    [Fact]
    public void One_that_lasts_over_its_own_second_beginning_is_one_stretch() =>
        Assert.Equal(At("2026-10-25T04:00:00+01:00"), Of("0 2 * * *", 2).Until(At("2026-10-25T02:10:00+02:00")));

    [Fact]
    public void Stretches_without_a_gap_are_one() =>
        Assert.Equal(At("2026-03-08T00:00:00+01:00"), Of("0 */6 * * SAT", 6).Until(At("2026-03-07T01:00:00+01:00")));

    [Fact]
    public void What_never_ends_is_told_to_last_until_later_than_now()
    {
        var always = Of("* * * * *", 1);

        var until = always.Until(At("2026-03-07T01:00:00+01:00"));

        Assert.True(until > At("2026-03-07T01:30:00+01:00"));
    }

    [Fact]
    public void Without_windows_it_is_always_open() => Assert.Null(WindowSet.Always.ClosedAt(At("2026-03-07T01:00:00+01:00")));

    [Fact]
    public void Between_the_windows_that_allow_it_is_closed_until_the_next_begins()
    {
        var set = new WindowSet([OfficeHours, Of("0 22 * * SAT", 2)], []);

        Assert.Null(set.ClosedAt(At("2026-03-06T10:00:00+01:00")));
        Assert.Equal(new Closure(set.Allowing[1], null, At("2026-03-07T22:00:00+01:00")), set.ClosedAt(At("2026-03-06T18:00:00+01:00")));
        Assert.Equal(At("2026-03-09T09:00:00+01:00"), set.ClosedAt(At("2026-03-08T00:00:00+01:00"))?.Opens);
    }

    [Fact]
    public void A_window_that_denies_wins_over_one_that_allows()
    {
        var set = new WindowSet([OfficeHours], [Of("0 12 * * *", 1)]);

        Assert.Null(set.ClosedAt(At("2026-03-06T11:59:59+01:00")));
        Assert.Equal(new Closure(set.Denying[0], set.Denying[0], At("2026-03-06T13:00:00+01:00")), set.ClosedAt(At("2026-03-06T12:00:00+01:00")));
        Assert.Null(set.ClosedAt(At("2026-03-06T13:00:00+01:00")));
    }

    [Fact]
    public void It_opens_only_when_nothing_denies_any_more_and_something_allows()
    {
        var set = new WindowSet([OfficeHours], [Of("0 0 * * MON", 12)]);

        Assert.Equal(At("2026-03-09T12:00:00+01:00"), set.ClosedAt(At("2026-03-08T12:00:00+01:00"))?.Opens);
    }

    [Fact]
    public void Windows_that_only_deny_leave_the_rest_open()
    {
        var set = new WindowSet([], [Of("0 0 * * SAT", 48)]);

        Assert.NotNull(set.ClosedAt(At("2026-03-07T12:00:00+01:00")));
        Assert.Null(set.ClosedAt(At("2026-03-06T12:00:00+01:00")));
    }

    [Fact]
    public void What_denies_without_an_end_is_told_so_by_an_instant_in_the_future()
    {
        var now = At("2026-03-07T12:00:00+01:00");

        Assert.True(new WindowSet([], [Of("* * * * *", 1)]).ClosedAt(now)?.Opens > now);
    }
}
