namespace Slipway.Schedules;

/// <summary>
/// A schedule by the clocks of a time zone. Where the clock leaps over a point, the point is the instant of the leap: a window that begins
/// in the hour that a spring day does not have begins when that hour would have ended. Where the clock shows a point twice, both are.
/// </summary>
public static class ZonedSchedule
{
    // Time zones change their offset twice a year, and now and then more often.
    private const int MostChanges = 100;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The first point after <paramref name="after"/>; null: none for years.</summary>
    public static DateTimeOffset? Next(this CronSchedule schedule, DateTimeOffset after, TimeZoneInfo zone)
    {
        var from = after.UtcDateTime;
        for (var change = 0; change < MostChanges; change++)
        {
            // As if the offset stayed what it is; if it changes on the way, the search goes on from there.
            var offset = zone.GetUtcOffset(from);
            if (schedule.NextOnClock(from + offset) is not { } clock)
            {
                return null;
            }

            var at = DateTime.SpecifyKind(clock - offset, DateTimeKind.Utc);
            if (Change(zone, from, at) is not { } changed)
            {
                return new DateTimeOffset(at);
            }

            var (before, then) = (changed + offset, changed + zone.GetUtcOffset(changed));
            if (schedule.Matches(then) || schedule.NextOnClock(before - Second) < then)
            {
                return new DateTimeOffset(changed);
            }

            from = changed;
        }

        return null;
    }

    /// <summary>The first instant after <paramref name="from"/>, up to <paramref name="to"/>, from which on another offset holds.</summary>
    private static DateTime? Change(TimeZoneInfo zone, DateTime from, DateTime to)
    {
        var offset = zone.GetUtcOffset(from);
        for (var low = Whole(from); low < to;)
        {
            var high = low.AddDays(1) < to ? low.AddDays(1) : to;
            if (zone.GetUtcOffset(high) == offset)
            {
                low = high;
                continue;
            }

            while (high - low > Second)
            {
                var middle = Whole(low + ((high - low) / 2));
                (low, high) = zone.GetUtcOffset(middle) == offset ? (middle, high) : (low, middle);
            }

            return high;
        }

        return null;
    }

    private static DateTime Whole(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
