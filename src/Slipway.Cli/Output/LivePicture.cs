using Slipway.Cli.CommandLine;
using Slipway.Explanations;

namespace Slipway.Cli.Output;

/// <summary>Lines that change: on a terminal they are drawn over, elsewhere those that are new are written, each with its time.</summary>
internal sealed class LivePicture(Surroundings surroundings)
{
    private IReadOnlyList<string> _last = [];

    public void Show(IReadOnlyList<string> lines)
    {
        if (lines.SequenceEqual(_last))
        {
            return;
        }

        if (surroundings.IsTerminal)
        {
            Redraw(lines);
        }
        else
        {
            foreach (var line in lines.Except(_last))
            {
                surroundings.Out.WriteLine($"{Words.Instant(surroundings.Time.GetUtcNow())}  {line}");
            }
        }

        _last = lines;
    }

    // Cursor up, erase to the end of the screen: ECMA-48, CUU and ED. A line that wraps would be two, so none does.
    private void Redraw(IReadOnlyList<string> lines)
    {
        surroundings.Out.Write(_last.Count > 0 ? $"\e[{_last.Count}A\e[J" : "");
        foreach (var line in lines)
        {
            surroundings.Out.WriteLine(line.Length < surroundings.Width ? line : $"{line[..(surroundings.Width - 2)]}…");
        }
    }
}
