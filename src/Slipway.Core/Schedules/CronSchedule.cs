using System.Diagnostics.CodeAnalysis;
using Slipway.Images;

namespace Slipway.Schedules;

/// <summary>
/// Points on the wall clock, as cron says them: minute, hour, day of the month, month, day of the week; where there are six fields, the
/// first is the second. Where both days are restricted, either is enough.
/// </summary>
/// <remarks>crontab(5), with the names, <c>?</c> and macros of github.com/robfig/cron, whose dialect a Kubernetes CronJob has.</remarks>
public sealed class CronSchedule
{
    // From one 29 February to the next it is eight years at most; what does not come by then never comes.
    private const int MostYears = 9;

    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly CronField _second;
    private readonly CronField _minute;
    private readonly CronField _hour;
    private readonly CronField _day;
    private readonly CronField _month;
    private readonly CronField _weekday;

    private CronSchedule(string text, ReadOnlySpan<CronField> fields)
    {
        Text = text;
        (_second, _minute, _hour, _day, _month, _weekday) = (fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <param name="problem">What is wrong and what would be right, in a sentence without a subject.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CronSchedule? schedule, [NotNullWhen(false)] out string? problem)
    {
        (schedule, problem) = (null, null);
        var fields = Macro((text ?? "").Trim()).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is [var first, ..] && (first.StartsWith("TZ=", StringComparison.Ordinal) || first.StartsWith("CRON_TZ=", StringComparison.Ordinal)))
        {
            problem = "a time zone does not belong into the schedule; write it into timeZone";
            return false;
        }

        if (fields.Length is not (5 or 6))
        {
            problem = fields is [['@', ..]]
                ? $"{UntrustedText.Quote(fields[0])} is not known; write @hourly, @daily, @weekly, @monthly or @yearly"
                : $"{UntrustedText.Quote(text ?? "")} has {fields.Length} fields, and five are needed: minute, hour, day of month, month, day of week; write for example '0 9 * * MON-FRI'";
            return false;
        }

        if (!TryFields(fields.Length == 5 ? ["0", .. fields] : fields, out var read, out problem))
        {
            return false;
        }

        schedule = new CronSchedule(text!.Trim(), read);
        if (schedule.NextOnClock(new DateTime(2000, 1, 1)) is null)
        {
            (schedule, problem) = (null, $"{UntrustedText.Quote(text)} names a day that no year has");
            return false;
        }

        return true;
    }

    /// <summary>Whether a clock that shows this stands on one of the points.</summary>
    public bool Matches(DateTime clock) => IsDay(clock) && _hour.Has(clock.Hour) && _minute.Has(clock.Minute) && _second.Has(clock.Second);

    /// <summary>The first point that a clock shows which goes on from <paramref name="clock"/>, without that one; null: none for years.</summary>
    public DateTime? NextOnClock(DateTime clock)
    {
        var at = new DateTime(clock.Ticks - (clock.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        for (var last = at.Year + MostYears; at.Year <= last;)
        {
            if (!_month.Has(at.Month))
            {
                at = new DateTime(at.Year, at.Month, 1).AddMonths(1);
            }
            else if (!IsDay(at))
            {
                at = at.Date.AddDays(1);
            }
            else if (!_hour.Has(at.Hour))
            {
                at = at.Date.AddHours(at.Hour + 1);
            }
            else if (!_minute.Has(at.Minute))
            {
                at = at.AddSeconds(60 - at.Second);
            }
            else if (!_second.Has(at.Second))
            {
                at = at.AddSeconds(1);
            }
            else
            {
                return at;
            }
        }

        return null;
    }

    private bool IsDay(DateTime at)
    {
        var (day, weekday) = (_day.Has(at.Day), _weekday.Has((int)at.DayOfWeek));
        return _month.Has(at.Month) && (_day.Any || _weekday.Any ? day && weekday : day || weekday);
    }

    private static bool TryFields(string[] texts, [NotNullWhen(true)] out CronField[]? fields, [NotNullWhen(false)] out string? problem)
    {
        var read = new CronField[6];
        fields = null;
        if (!CronField.TryRead(texts[0], "second", 0, 59, [], out read[0], out problem) || !CronField.TryRead(texts[1], "minute", 0, 59, [], out read[1], out problem)
            || !CronField.TryRead(texts[2], "hour", 0, 23, [], out read[2], out problem) || !CronField.TryRead(texts[3], "day of the month", 1, 31, [], out read[3], out problem)
            || !CronField.TryRead(texts[4], "month", 1, 12, Months, out read[4], out problem) || !CronField.TryRead(Sunday(texts[5]), "day of the week", 0, 6, Weekdays, out read[5], out problem))
        {
            return false;
        }

        (fields, problem) = (read, null);
        return true;
    }

    // To crontab(5) Sunday is 0 and 7. As the end of a range 7 would come before the range's beginning.
    private static string Sunday(string weekdays) => string.Join(',', weekdays.Split(',').Select(part => part == "7" ? "0" : part.EndsWith("-7", StringComparison.Ordinal) ? $"{part[..^1]}6,0" : part));

    private static string Macro(string text) => text switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => text,
    };
}
