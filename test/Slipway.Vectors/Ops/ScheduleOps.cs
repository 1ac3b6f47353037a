using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Deliveries;
using Slipway.Schedules;

namespace Slipway.Vectors.Ops;

/// <summary>Schedules. Peers write the time zone in front of the expression; ours has a field for it, so that it is taken off here.</summary>
internal static class ScheduleOps
{
    public static JsonObject Parse(VectorCase one) => new() { ["valid"] = CronSchedule.TryParse(Expression(one.Text("spec")).Cron, out _, out _) };

    public static JsonObject Activates(VectorCase one)
    {
        var at = At(one, "at");
        return new() { ["active"] = Schedule(one).Next(at.AddSeconds(-1), TimeZoneInfo.Utc) == at };
    }

    // Peers tell the same instant by this clock or that; what is compared is the instant.
    public static JsonObject Next(VectorCase one) => new()
    {
        ["next"] = TryNext(one.Body) is { } next ? next.ToOffset(Wanted(one)?.Offset ?? default).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) : null,
    };

    public static JsonObject GoDuration(VectorCase one) =>
        DurationText.TryParse(one.Text("input"), out var duration) ? new() { ["seconds"] = duration.TotalSeconds } : new JsonObject { ["error"] = true };

    /// <summary>Whether ours puts a point where a clock leaps over it, which robfig/cron leaves out.</summary>
    public static bool IsLeapt(JsonElement one)
    {
        var (cron, zone) = Expression(one.GetProperty("spec").GetString()!);
        return zone is not null && TryNext(one) is { } next && CronSchedule.TryParse(cron, out var schedule, out _) && !schedule.Matches(TimeZoneInfo.ConvertTime(next, zone).DateTime);
    }

    private static DateTimeOffset? TryNext(JsonElement one)
    {
        var (cron, zone) = Expression(one.GetProperty("spec").GetString()!);
        var after = DateTimeOffset.Parse(one.GetProperty("after").GetString()!, CultureInfo.InvariantCulture);
        var named = one.GetProperty("zone").GetString()!;
        zone ??= named.StartsWith("offset", StringComparison.Ordinal) ? TimeZoneInfo.CreateCustomTimeZone("there", after.Offset, null, null) : TimeZoneInfo.FindSystemTimeZoneById(named);
        return CronSchedule.TryParse(cron, out var schedule, out _) ? schedule.Next(after, zone) : null;
    }

    private static DateTimeOffset? Wanted(VectorCase one) =>
        one.Expect.TryGetProperty("next", out var next) && next.GetString() is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    private static DateTimeOffset At(VectorCase one, string name) => DateTimeOffset.Parse(one.Text(name), CultureInfo.InvariantCulture);

    private static CronSchedule Schedule(VectorCase one) => CronSchedule.TryParse(one.Text("spec"), out var schedule, out var problem) ? schedule : throw new ArgumentException(problem);

    private static (string Cron, TimeZoneInfo? Zone) Expression(string spec) => spec.Split(' ', 2) is [var first, var rest] && first.Contains("TZ=", StringComparison.Ordinal)
        ? (rest, TimeZoneInfo.FindSystemTimeZoneById(first.Split('=')[1]))
        : (spec, null);
}
