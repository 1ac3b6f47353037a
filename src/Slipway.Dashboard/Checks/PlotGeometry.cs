using System.Collections.Immutable;
using System.Globalization;
using Slipway.Checks;
using Slipway.Checks.Expressions;
using Slipway.Views;

namespace Slipway.Dashboard.Checks;

/// <summary>A measurement in the plot.</summary>
public sealed record PlotPoint(double X, double Y, double Value, Measurement Measurement);

/// <summary>A limit in the plot, and on which side of it values are bad.</summary>
public sealed record PlotLimit(double Y, double Value, string Sign)
{
    /// <summary>Where good values lie: the expression is one that passes.</summary>
    public bool IsCeiling => Sign is "<" or "<=";

    public bool IsFloor => Sign is ">" or ">=";
}

/// <summary>A mark of the axis of values.</summary>
public sealed record PlotTick(double Y, string Text);

/// <summary>Where everything of a check's plot is, in units of the drawing. Measurements without a number have no place in it.</summary>
public sealed record PlotGeometry(ImmutableArray<PlotPoint> Points, ImmutableArray<PlotLimit> Limits, ImmutableArray<PlotTick> Ticks)
{
    public const double Width = 420;
    public const double Height = 132;
    public const double Left = 46;
    public const double Right = 408;
    public const double Top = 10;
    public const double Bottom = 112;

    private const int Steps = 4;

    /// <summary>Null: nothing of it is a number.</summary>
    public static PlotGeometry? Of(CheckView check)
    {
        var measured = (check.Recent ?? []).Select(one => (Value: Number(one.Value), Measurement: one)).Where(one => one.Value is not null).ToArray();
        if (measured.Length == 0)
        {
            return null;
        }

        var limits = (check.Limits ?? []).Where(limit => double.IsFinite(limit.Value)).ToArray();
        var values = measured.Select(one => one.Value!.Value).Concat(limits.Select(limit => limit.Value)).ToArray();
        var (low, high, step) = Range(values.Min(), values.Max());
        double Y(double value) => Math.Round(Bottom - ((value - low) / (high - low) * (Bottom - Top)), 2);
        var (first, last) = (measured[0].Measurement.At, measured[^1].Measurement.At);
        double X(DateTimeOffset at) => Math.Round(last > first ? Left + 8 + ((at - first) / (last - first) * (Right - Left - 16)) : (Left + Right) / 2, 2);
        return new(
            [.. measured.Select(one => new PlotPoint(X(one.Measurement.At), Y(one.Value!.Value), one.Value.Value, one.Measurement))],
            [.. limits.Select(limit => new PlotLimit(Y(limit.Value), limit.Value, Sign(check, limit)))],
            [.. Enumerable.Range(0, (int)Math.Round((high - low) / step) + 1).Select(index => low + (index * step)).Select(value => new PlotTick(Y(value), Text(value)))]);
    }

    /// <summary>Of the line through the points.</summary>
    public string Path => string.Join(' ', Points.Select((point, index) => string.Create(CultureInfo.InvariantCulture, $"{(index == 0 ? 'M' : 'L')}{point.X} {point.Y}")));

    /// <summary>Short, and exact enough to compare by eye.</summary>
    public static string Text(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e6 or < 1e-4 => value.ToString("0.##E0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    // Without pass, the limits are those of fail: what it says is bad there is good on the other side.
    private static string Sign(CheckView check, Limit limit) => !string.IsNullOrEmpty(check.Pass) || string.IsNullOrEmpty(check.Fail) ? limit.Sign : limit.Sign switch
    {
        "<" or "<=" => ">",
        ">" or ">=" => "<",
        var sign => sign,
    };

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    // Round numbers: 1, 2 or 5 times a power of ten; from zero where zero is not far.
    private static (double Low, double High, double Step) Range(double least, double most)
    {
        var low = least > 0 && least < most * 0.8 ? 0 : least;
        var span = most > low ? most - low : Math.Max(Math.Abs(most), 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(span / Steps)));
        var step = power * ((span / Steps / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        var floor = Math.Floor(low / step) * step;
        var ceiling = Math.Ceiling(most / step) * step;
        return (floor, ceiling > floor ? ceiling : floor + step, step);
    }
}
