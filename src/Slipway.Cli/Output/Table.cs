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

    public void Write(TextWriter writer, Palette palette)
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Text.Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                var (text, tone) = row[column];
                line.Append(palette.Paint(text, tone));
                line.Append(column + 1 < row.Length ? new string(' ', widths[column] - text.Length) + Gap : "");
            }

            writer.WriteLine(line.ToString().TrimEnd());
        }
    }
}
