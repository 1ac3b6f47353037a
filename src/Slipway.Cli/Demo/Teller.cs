using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Explanations;

namespace Slipway.Cli.Demo;

/// <summary>One line of the story.</summary>
/// <param name="Type">For machines.</param>
/// <param name="Who">For people: who did or said it; empty for a headline.</param>
internal sealed record Line(string Type, string Who, string Text, JsonObject Facts, Tone Tone = Tone.Plain);

/// <summary>Tells the story to people or, line by line as JSON, to machines.</summary>
internal sealed class Teller(Surroundings surroundings, bool json)
{
    private const int WhoWidth = 9;

    private readonly long _began = surroundings.Time.GetTimestamp();

    public bool IsJson => json;

    public void Tell(Line line)
    {
        var elapsed = surroundings.Time.GetElapsedTime(_began).TotalSeconds;
        if (json)
        {
            var facts = new JsonObject { ["type"] = line.Type, ["elapsed"] = Math.Round(elapsed, 3) };
            foreach (var (name, value) in line.Facts)
            {
                facts[name] = value?.DeepClone();
            }

            surroundings.Out.WriteLine(JsonText.LineOf(facts));
        }
        else if (line.Who.Length == 0)
        {
            surroundings.Out.WriteLine();
            surroundings.Out.WriteLine(surroundings.Palette.Paint(line.Text, Tone.Strong));
        }
        else
        {
            var at = elapsed.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(5);
            surroundings.Out.WriteLine($"{at}s  {line.Who.PadRight(WhoWidth)}  {surroundings.Palette.Paint(Words.Readable(line.Text), line.Tone)}");
        }

        surroundings.Out.Flush();
    }

    /// <summary>The last line, for machines only.</summary>
    public void Conclude(JsonObject summary)
    {
        if (json)
        {
            surroundings.Out.WriteLine(JsonText.LineOf(summary));
            surroundings.Out.Flush();
        }
    }

    public void Show(Action<TextWriter, Palette> block)
    {
        if (!json)
        {
            block(surroundings.Out, surroundings.Palette);
            surroundings.Out.Flush();
        }
    }
}
