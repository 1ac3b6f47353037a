using System.Globalization;
using System.Runtime.InteropServices;

namespace Slipway.Bench;

/// <summary>One row: a name, and what measures it.</summary>
internal sealed record Benchmark(string What, Func<Figure> Run);

/// <param name="Value">With its unit.</param>
/// <param name="Budget">As docs and issues promise it; empty where nothing was promised.</param>
/// <param name="Kept">Whether the budget is kept; null where there is none.</param>
/// <param name="Growth">The same for more of it.</param>
internal sealed record Figure(string Value, string Budget, bool? Kept, string Growth);

internal static class Report
{
    public static void Write(TextWriter output, string how, IReadOnlyList<(string What, Figure Figure)> rows)
    {
        output.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores; {how}");
        output.WriteLine();
        string[] headings = ["what", "figure", "budget", "kept", "how it grows"];
        var lines = rows.Select(row => new[] { row.What, row.Figure.Value, row.Figure.Budget, Kept(row.Figure.Kept), row.Figure.Growth }).Prepend(headings).ToArray();
        var widths = Enumerable.Range(0, headings.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    public static string Duration(double seconds) => seconds switch
    {
        >= 1 => Text(seconds, "s"),
        >= 1e-3 => Text(seconds * 1e3, "ms"),
        >= 1e-6 => Text(seconds * 1e6, "µs"),
        _ => Text(seconds * 1e9, "ns"),
    };

    public static string Rate(double perSecond, string what) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0} {what}/s");

    public static string Bytes(double bytes) => bytes switch
    {
        >= 1024 * 1024 => Text(bytes / 1024 / 1024, "MiB"),
        >= 1024 => Text(bytes / 1024, "KiB"),
        _ => Text(bytes, "B"),
    };

    private static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(value >= 100 ? $"{value:0}" : $"{value:0.0}")} {unit}");

    private static string Kept(bool? kept) => kept switch
    {
        true => "yes",
        false => "NO",
        null => "",
    };
}
