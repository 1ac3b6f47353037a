using Slipway.Schedules;

namespace Slipway.Tests.Schedules;

public sealed class CronScheduleTests
{
    private static CronSchedule Read(string text) => CronSchedule.TryParse(text, out var schedule, out var problem) ? schedule : throw new ArgumentException(problem);

    private static string? Refused(string? text) => CronSchedule.TryParse(text, out _, out var problem) ? null : problem;

    [Theory]
    [InlineData("0 9 * * MON-FRI", "2026-03-06 09:00", "2026-03-09 09:00")]
    [InlineData("0 9 * * mon-fri", "2026-03-06 08:59", "2026-03-06 09:00")]
    [InlineData("*/20 * * * *", "2026-03-06 08:40", "2026-03-06 09:00")]
    [InlineData("5/20 * * * *", "2026-03-06 08:26", "2026-03-06 08:45")]
    [InlineData("0 0 1,15 * *", "2026-03-02 00:00", "2026-03-15 00:00")]
    [InlineData("0 0 31 * *", "2026-03-31 00:00", "2026-05-31 00:00")]
    [InlineData("0 0 29 FEB ?", "2026-03-01 00:00", "2028-02-29 00:00")]
    [InlineData("59 23 31 12 *", "2026-12-31 23:58", "2026-12-31 23:59")]
    [InlineData("0 0 * * 7", "2026-03-06 00:00", "2026-03-08 00:00")]
    [InlineData("0 0 * * 6-7", "2026-03-07 00:00", "2026-03-08 00:00")]
    [InlineData("0 0 * * SAT,SUN", "2026-03-08 00:00", "2026-03-14 00:00")]
    [InlineData("@daily", "2026-03-06 00:00", "2026-03-07 00:00")]
    [InlineData("@yearly", "2026-03-06 00:00", "2027-01-01 00:00")]
    [InlineData("@hourly", "2026-03-06 23:30", "2026-03-07 00:00")]
    public void The_next_point_is_the_first_one_behind(string text, string clock, string next) =>
        Assert.Equal(DateTime.Parse(next, null), Read(text).NextOnClock(DateTime.Parse(clock, null)));

    [Fact]
    public void Where_both_days_are_restricted_either_is_enough()
    {
        var schedule = Read("0 0 13 * FRI");

        Assert.Equal(new DateTime(2026, 3, 6), schedule.NextOnClock(new DateTime(2026, 3, 1)));
        Assert.Equal(new DateTime(2026, 4, 10), schedule.NextOnClock(new DateTime(2026, 4, 3)));
        Assert.Equal(new DateTime(2026, 4, 13), schedule.NextOnClock(new DateTime(2026, 4, 10)));
    }

    [Fact]
    public void Where_one_day_is_free_the_other_decides() => Assert.Equal(new DateTime(2026, 4, 13), Read("0 0 13 * *").NextOnClock(new DateTime(2026, 4, 10)));

    [Fact]
    public void With_six_fields_the_first_is_the_second() =>
        Assert.Equal(new DateTime(2026, 3, 6, 9, 0, 30), Read("30 0 9 * * *").NextOnClock(new DateTime(2026, 3, 6, 9, 0, 0)));

    [Fact]
    public void A_fraction_of_a_second_is_past_the_point() =>
        Assert.Equal(new DateTime(2026, 3, 7, 9, 0, 0), Read("0 9 * * *").NextOnClock(new DateTime(2026, 3, 6, 9, 0, 0, 500)));

    [Theory]
    [InlineData("0 0 30 2 *", "names a day that no year has")]
    [InlineData("0 9 * *", "has 4 fields, and five are needed")]
    [InlineData("", "has 0 fields")]
    [InlineData(null, "has 0 fields")]
    [InlineData("60 0 * * *", "'60' is no minute: write numbers from 0 to 59")]
    [InlineData("0 24 * * *", "'24' is no hour")]
    [InlineData("0 0 0 * *", "'0' is no day of the month")]
    [InlineData("0 0 * 13 *", "'13' is no month: write numbers from 1 to 12 or JAN to DEC")]
    [InlineData("0 0 * * XYZ", "'XYZ' is no day of the week: write numbers from 0 to 6 or SUN to SAT")]
    [InlineData("15/0 * * * *", "'15/0' is no minute")]
    [InlineData("5-3 * * * *", "'5-3' is no minute")]
    [InlineData("1-2-3 * * * *", "'1-2-3' is no minute")]
    [InlineData("1,,2 * * * *", "'' is no minute")]
    [InlineData("-1 * * * *", "'-1' is no minute")]
    [InlineData("*/2/3 * * * *", "'*/2/3' is no minute")]
    [InlineData("@reboot", "'@reboot' is not known; write @hourly")]
    [InlineData("TZ=Europe/Paris 0 9 * * *", "write it into timeZone")]
    [InlineData("CRON_TZ=Europe/Paris 0 9 * * *", "write it into timeZone")]
    public void What_cannot_be_read_is_refused_with_what_would_be_right(string? text, string problem) => Assert.Contains(problem, Refused(text), StringComparison.Ordinal);

    [Fact]
    public void Each_point_that_is_found_is_one_and_none_between_is_left_out()
    {
        foreach (var text in new[] { "*/7 3-5 * * *", "0 0 */5 * MON", "13 1,13 1-7 */2 ?", "30 2 * 3,10 SUN" })
        {
            var (schedule, at) = (Read(text), new DateTime(2026, 2, 20));
            for (var minute = at; minute < at.AddDays(40); minute = minute.AddMinutes(1))
            {
                var next = schedule.NextOnClock(minute.AddSeconds(-1));
                Assert.Equal(schedule.Matches(minute), next == minute);
            }
        }
    }
}
