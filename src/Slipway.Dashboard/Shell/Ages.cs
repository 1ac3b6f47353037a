using System.Globalization;

namespace Slipway.Dashboard.Shell;

/// <summary>Times as people read them, and exactly. All of them are UTC, and say so.</summary>
public static class Ages
{
    /// <summary>Two units at most below a day, then one: <c>42s</c>, <c>3m 20s</c>, <c>5h 12m</c>, <c>8d</c>.</summary>
    public static string Text(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "0s",
        { TotalSeconds: < 60 } => Of($"{(int)age.TotalSeconds}s"),
        { TotalMinutes: < 10 } => Of($"{age.Minutes}m {age.Seconds}s"),
        { TotalMinutes: < 60 } => Of($"{age.Minutes}m"),
        { TotalHours: < 10 } => Of($"{age.Hours}h {age.Minutes}m"),
        { TotalHours: < 24 } => Of($"{age.Hours}h"),
        { TotalDays: < 365 } => Of($"{age.Days}d"),
        _ => Of($"{(int)(age.TotalDays / 365)}y"),
    };

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => $"{Text(now - at)} ago";

    /// <summary>Of something that is to come, or has come already: <c>in 5m</c>, <c>2m ago</c>.</summary>
    public static string Until(DateTimeOffset at, DateTimeOffset now) => at > now ? $"in {Text(at - now)}" : Ago(at, now);

    public static string Exact(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
