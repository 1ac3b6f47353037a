namespace Slipway.Cli.Output;

/// <summary>Colours where they are wanted: on a terminal, and not under NO_COLOR (no-color.org).</summary>
internal sealed class Palette(bool colours)
{
    public static readonly Palette None = new(false);

    public string Paint(string text, Tone tone) => colours && Code(tone) is { } code ? $"\e[{code}m{text}\e[0m" : text;

    // Select Graphic Rendition, ECMA-48 section 8.3.117.
    private static string? Code(Tone tone) => tone switch
    {
        Tone.Good => "32",
        Tone.Bad => "31",
        Tone.Notable => "33",
        Tone.Strong => "1",
        _ => null,
    };
}
