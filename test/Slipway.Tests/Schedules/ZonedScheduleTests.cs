using System.Globalization;
using CsCheck;
using Slipway.Schedules;

namespace Slipway.Tests.Schedules;

public sealed class ZonedScheduleTests
{
    private static CronSchedule Read(string text) => CronSchedule.TryParse(text, out var schedule, out var problem) ? schedule : throw new ArgumentException(problem);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    // 2026: Paris leaps on 29 March at 02:00 and goes back on 25 October at 03:00; New York on 8 March and 1 November at 02:00; on Lord Howe
    // half an hour is leapt over on 4 October at 02:00, and comes twice on 5 April at 02:00.
    [Theory]
    [InlineData("Europe/Paris", "30 2 * * *", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("Europe/Paris", "0 2 * * *", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("Europe/Paris", "0 3 * * *", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00")]
    [InlineData("Europe/Paris", "30 1 * * *", "2026-03-28T12:00:00+01:00", "2026-03-29T01:30:00+01:00")]
    [InlineData("Europe/Paris", "30 2 * * *", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00")]
    [InlineData("America/New_York", "30 2 * * *", "2026-03-07T12:00:00-05:00", "2026-03-08T03:00:00-04:00")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00")]
    [InlineData("Australia/Lord_Howe", "0 2 * * *", "2026-10-03T12:00:00+10:30", "2026-10-04T02:30:00+11:00")]
    [InlineData("Australia/Lord_Howe", "45 2 * * *", "2026-10-03T12:00:00+10:30", "2026-10-04T02:45:00+11:00")]
    public void In_spring_a_point_that_the_clock_leaps_over_is_the_instant_of_the_leap(string zone, string cron, string after, string next) =>
        Assert.Equal(At(next), Read(cron).Next(At(after), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Theory]
    [InlineData("Europe/Paris", "30 2 * * *", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00")]
    [InlineData("Europe/Paris", "30 2 * * *", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")]
    [InlineData("Europe/Paris", "30 2 * * *", "2026-10-25T02:45:00+02:00", "2026-10-25T02:30:00+01:00")]
    [InlineData("Europe/Paris", "30 2 * * *", "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00")]
    [InlineData("Europe/Paris", "0 2 * * *", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00")]
    [InlineData("Europe/Paris", "0 3 * * *", "2026-10-25T00:00:00+02:00", "2026-10-25T03:00:00+01:00")]
    [InlineData("America/New_York", "30 1 * * *", "2026-11-01T01:45:00-04:00", "2026-11-01T01:30:00-05:00")]
    [InlineData("America/New_York", "0 2 * * *", "2026-11-01T00:00:00-04:00", "2026-11-01T02:00:00-05:00")]
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30")]
    [InlineData("Australia/Lord_Howe", "15 1 * * *", "2026-04-05T01:15:00+11:00", "2026-04-06T01:15:00+10:30")]
    public void In_autumn_a_point_that_the_clock_shows_twice_is_two(string zone, string cron, string after, string next) =>
        Assert.Equal(At(next), Read(cron).Next(At(after), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact]
    public void A_point_that_is_years_away_is_found_over_all_the_changes_between() =>
        Assert.Equal(At("2028-02-29T09:00:00+01:00"), Read("0 9 29 2 *").Next(At("2026-03-01T00:00:00Z"), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")));

    // What a clock on the wall shows, minute by minute, is the oracle: a point is where it shows one, or where it leaps over one.
    [Fact]
    public void Whatever_the_schedule_the_points_are_those_that_the_clock_on_the_wall_shows_or_leaps_over()
    {
        var zones = new[] { "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia" };
        var begins = new[] { "2026-03-07T00:00:00Z", "2026-03-28T00:00:00Z", "2026-04-04T00:00:00Z", "2026-10-03T00:00:00Z", "2026-10-24T00:00:00Z", "2026-10-31T00:00:00Z", "2018-11-03T00:00:00Z", "2026-02-14T00:00:00Z", "2026-03-21T00:00:00Z" };
        Gen.Select(Gen.Int[0, 59], Gen.Int[0, 23], Gen.Int[0, 3], Gen.Int[0, zones.Length - 1], Gen.Int[0, begins.Length - 1]).Sample(
            (minute, hour, form, zone, begin) =>
            {
                var text = form switch { 0 => $"{minute} {hour} * * *", 1 => $"*/15 {hour} * * *", 2 => $"{minute} * * * *", _ => $"{minute} 1-3 * * SUN" };
                var (schedule, place, from) = (Read(text), TimeZoneInfo.FindSystemTimeZoneById(zones[zone]), At(begins[begin]));
                for (DateTimeOffset at = from, end = from.AddDays(2); at < end;)
                {
                    var expected = Walk(schedule, place, at);
                    Assert.Equal(expected, schedule.Next(at, place));
                    at = expected;
                }
            },
            iter: 300,
            threads: 1);

        static DateTimeOffset Walk(CronSchedule schedule, TimeZoneInfo place, DateTimeOffset after)
        {
            for (var at = after.AddMinutes(1); ; at = at.AddMinutes(1))
            {
                var (before, now) = (TimeZoneInfo.ConvertTime(at.AddMinutes(-1), place).DateTime, TimeZoneInfo.ConvertTime(at, place).DateTime);
                for (var shown = now > before ? before.AddMinutes(1) : now; shown <= now; shown = shown.AddMinutes(1))
                {
                    if (schedule.Matches(shown))
                    {
                        return at;
                    }
                }
            }
        }
    }
}
