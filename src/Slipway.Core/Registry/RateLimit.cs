using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Registry;

/// <summary>
/// What registries say of their limits. <c>RateLimit-Limit: 100;w=21600</c> and <c>RateLimit-Remaining</c> are Docker Hub's ("Docker Hub
/// usage and limits"), <c>retry-after: 1.15ms, allowed: 44000/minute</c> in the error text is GHCR's, Retry-After is RFC 9110 §10.2.3.
/// </summary>
/// <param name="Allowed">Requests per window; 0 where nothing was said.</param>
/// <param name="Window">Zero where nothing was said.</param>
public readonly partial record struct RateLimit(long Allowed, TimeSpan Window)
{
    /// <summary>Of a <c>RateLimit-Limit</c> or <c>RateLimit-Remaining</c> header: a number, and the window in seconds.</summary>
    public static RateLimit FromHeader(string? header)
    {
        var parts = (header ?? "").Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var allowed) || allowed == 0)
        {
            return default;
        }

        var window = parts.Where(part => part.StartsWith("w=", StringComparison.Ordinal)).Select(part => Seconds(part[2..])).FirstOrDefault();
        return new RateLimit(allowed, window ?? TimeSpan.Zero);
    }

    /// <summary>How long to wait; null where the header says nothing that is to come. At most a day is believed.</summary>
    public static TimeSpan? RetryAfter(string? header, DateTimeOffset now)
    {
        var text = (header ?? "").Trim();
        var wait = Seconds(text)
            ?? (DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date - now : null);
        return wait > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(wait.Value.Ticks, TimeSpan.TicksPerDay)) : null;
    }

    /// <summary>How long to wait by an error body's words; null where it says nothing. Its quota is not read: a budget is kept by headers.</summary>
    public static TimeSpan? FromText(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4096)]);
        return MillisecondsIn(text) is > 0 and var wait ? TimeSpan.FromTicks((long)Math.Min(wait * TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerDay)) : null;
    }

    /// <summary>The quota that an error text names: <c>allowed: 44000/minute</c>; default where it names none in a unit that is known.</summary>
    public static RateLimit QuotaIn(string text) =>
        Quota.Match(text) is { Success: true } quota && long.TryParse(quota.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var allowed)
            ? new RateLimit(allowed, quota.Groups["unit"].Value[0] switch { 's' => TimeSpan.FromSeconds(1), 'm' => TimeSpan.FromMinutes(1), _ => TimeSpan.FromHours(1) })
            : default;

    /// <summary>The wait that an error text names, in milliseconds, as exactly as it is written; 0 where it names none.</summary>
    public static double MillisecondsIn(string text) => Wait.Match(text) is { Success: true } wait ? Milliseconds(wait.Groups["n"].Value, wait.Groups["unit"].Value) : 0;

    private static TimeSpan? Seconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private static double Milliseconds(string number, string unit) =>
        (double)(decimal.Parse(number, CultureInfo.InvariantCulture) * unit switch
        {
            "ns" => 0.000_001m,
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 0.001m, // µs, in either of the two letters that look like mu, or "us".
        });

    [GeneratedRegex(@"retry-after: *(?<n>[0-9]{1,9}(\.[0-9]{1,9})?)(?<unit>ns|us|µs|μs|ms|s|m|h)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Wait { get; }

    [GeneratedRegex(@"allowed: *(?<n>[0-9]{1,12})/(?<unit>s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hrs|hour|hours)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Quota { get; }
}
