using System.Collections.Immutable;
using Slipway.Explanations;

namespace Slipway.Cli.Output;

/// <summary>Paragraphs for people: titles to the left, a sentence a line.</summary>
internal static class ParagraphText
{
    private const int TitleWidth = 11;

    public static void Write(TextWriter writer, Palette palette, string subject, ImmutableArray<Paragraph> paragraphs)
    {
        writer.WriteLine(palette.Paint(subject, Tone.Strong));
        foreach (var (title, sentences) in paragraphs)
        {
            for (var line = 0; line < sentences.Length; line++)
            {
                var head = (line == 0 ? title : "").PadRight(TitleWidth);
                writer.WriteLine($"  {palette.Paint(head, Tone.Strong)} {Words.Readable(sentences[line])}".TrimEnd());
            }
        }
    }
}
