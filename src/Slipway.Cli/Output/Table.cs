using System.Text;

namespace Slipway.Cli.Output;

/// <summary>How a word stands out on a terminal.</summary>
internal enum Tone
{
    Plain,
    Good,
    Bad,
    Notable,
    Strong,
}

internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(string.IsNullOrEmpty(text) ? "-" : text);
}

/// <summary>Columns as kubectl sets them: left-aligned, three spaces between, nothing behind the last one.</summary>
internal sealed class Table(params string[] headings)
{
    private const string Gap = "   ";

    private readonly List<Cell[]> _rows = [[.. headings.Select(heading => (Cell)heading)]];

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <param name="headings">Without them a script has nothing to skip.</param>
    public void Write(TextWriter writer, Palette palette, bool headings = true)
    {
        var rows = _rows.Skip(headings ? 0 : 1).ToArray();
        Write(writer, palette, rows, Widths(rows));
    }

    /// <summary>A table that goes on: what was written already sets the columns, and they only ever get wider.</summary>
    /// <param name="widths">Of the columns so far; empty before the first time.</param>
    public int[] Continue(TextWriter writer, Palette palette, int[] widths, bool headings)
    {
        var rows = _rows.Skip(headings ? 0 : 1).ToArray();
        int[] wider = widths.Length == 0 ? Widths(_rows) : [.. Widths(rows).Zip(widths, Math.Max)];
        Write(writer, palette, rows, wider);
        return wider;
    }

    private int[] Widths(IReadOnlyList<Cell[]> rows) =>
        [.. Enumerable.Range(0, headings.Length).Select(column => rows.Count == 0 ? 0 : rows.Max(row => row[column].Text.Length))];

    private static void Write(TextWriter writer, Palette palette, IReadOnlyList<Cell[]> rows, int[] widths)
    {
        foreach (var row in rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                var (text, tone) = row[column];
                line.Append(palette.Paint(text, tone));
                line.Append(column + 1 < row.Length ? new string(' ', Math.Max(0, widths[column] - text.Length)) + Gap : "");
            }

            writer.WriteLine(line.ToString().TrimEnd());
        }
    }
}
