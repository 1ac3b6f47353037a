using System.Globalization;

namespace Slipway.Telemetry.Exposition;

/// <summary>The two forms in which Prometheus reads metrics.</summary>
public enum ExpositionFormat
{
    /// <summary>text/plain; version=0.0.4.</summary>
    Text,

    /// <summary>application/openmetrics-text; version=1.0.0.</summary>
    OpenMetrics,
}

/// <summary>Which form is asked for (RFC 9110, 12.5.1), as far as there are two.</summary>
public static class ExpositionFormats
{
    public static string ContentType(this ExpositionFormat format) =>
        format == ExpositionFormat.OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The text form, unless OpenMetrics 1.0 is wanted at least as much. Whoever asks for nothing that there is gets the text form, too.</summary>
    public static ExpositionFormat Choose(string? accept)
    {
        var (text, open) = (0.0, 0.0);
        foreach (var range in (accept ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            switch (parts.FirstOrDefault()?.ToLowerInvariant())
            {
                case "application/openmetrics-text" when Parameter(parts, "version") is null or "1.0.0":
                    open = Math.Max(open, Quality(parts));
                    break;
                case "text/plain" when Parameter(parts, "version") is null or "0.0.4":
                    text = Math.Max(text, Quality(parts));
                    break;
            }
        }

        return open > 0 && open >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
    }

    private static double Quality(string[] parts) =>
        Parameter(parts, "q") is not { } q ? 1 : double.TryParse(q, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) ? Math.Clamp(quality, 0, 1) : 0;

    private static string? Parameter(string[] parts, string name) =>
        parts.Skip(1).FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim('"');
}
