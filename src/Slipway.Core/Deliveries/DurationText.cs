using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Deliveries;

/// <summary>Durations as Kubernetes users write them: <c>90s</c>, <c>1h30m</c>, <c>1.5h</c>, <c>250ms</c>, <c>0</c>. Never negative, at most a year.</summary>
/// <remarks>The grammar of Go's time.ParseDuration without its sign and its units below a millisecond.</remarks>
public static class DurationText
{
    /// <summary>As a JSON-schema pattern, so that the API server refuses what <see cref="TryParse"/> does.</summary>
    public const string Pattern = @"^(0|([0-9]+(\.[0-9]+)?(ms|s|m|h))+)$";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // Longest unit names first: "ms" would be read as minutes otherwise.
    private static readonly (string Name, TimeSpan Value)[] Units =
        [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1))];

    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0")
        {
            return true;
        }

        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !TryNumber(rest[..digits], out var number) || !TryUnit(rest = rest[digits..], out var unit, out var length)
                || number > (decimal)(Longest - duration).Ticks / unit.Ticks)
            {
                return false;
            }

            // Nothing finer than a millisecond is stored, so nothing finer is promised.
            duration += TimeSpan.FromMilliseconds((long)Math.Round(number * unit.Ticks / TimeSpan.TicksPerMillisecond));
            rest = rest[length..];
        }

        return !string.IsNullOrEmpty(text);
    }

    public static string Write(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0s",
        _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => Whole(duration.TotalHours, "h"),
        _ when duration.Ticks % TimeSpan.TicksPerMinute == 0 => Whole(duration.TotalMinutes, "m"),
        _ when duration.Ticks % TimeSpan.TicksPerSecond == 0 => Whole(duration.TotalSeconds, "s"),
        _ => Whole(Math.Round(duration.TotalMilliseconds), "ms"),
    };

    private static string Whole(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count:0}{unit}");

    // One digit at least on either side of the point; twelve digits are far more than a year of milliseconds.
    private static bool TryNumber(ReadOnlySpan<char> text, out decimal number)
    {
        number = 0;
        return text.Length <= 24 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryUnit(ReadOnlySpan<char> text, out TimeSpan unit, out int length)
    {
        foreach (var (name, value) in Units)
        {
            if (text.StartsWith(name, StringComparison.Ordinal))
            {
                (unit, length) = (value, name.Length);
                return true;
            }
        }

        (unit, length) = (default, 0);
        return false;
    }
}
