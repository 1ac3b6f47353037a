using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <summary>Durations as kubectl's users know them: two units at most, and fewer the longer it is (k8s.io/apimachinery duration).</summary>
internal static class HumanDuration
{
    public const string Unknown = "<unknown>";

    public static string Of(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        var (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => $"{seconds}s",
            < 600 => seconds % 60 == 0 ? $"{minutes}m" : $"{minutes}m{seconds % 60}s",
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => minutes % 60 == 0 ? $"{hours}h" : $"{hours}h{minutes % 60}m",
            < 48 * 3600 => $"{hours}h",
            < 8 * 86400 => hours % 24 == 0 ? $"{days}d" : $"{days}d{hours % 24}h",
            < 2 * 365 * 86400 => $"{days}d",
            < 8 * 365 * 86400L => days % 365 == 0 ? $"{days / 365}y" : $"{days / 365}y{days % 365}d",
            _ => $"{days / 365}y",
        };
    }

    /// <summary>How long ago an instant of the API was.</summary>
    public static string Since(JsonNode? instant, DateTimeOffset now, string never = Unknown) => Parse(instant) is { } time ? Of(now - time) : never;

    public static DateTimeOffset? Parse(JsonNode? instant) =>
        DateTimeOffset.TryParse(JsonFields.AsText(instant), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
