using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Policies;

/// <summary>A tag as a line of input names it; the digest is told where more than the tag stands on the line.</summary>
internal sealed record TagLine(string Tag, string? Digest);

internal static class TagLines
{
    // Ten times what the largest repositories have. A list that never ends must not take the machine with it.
    private const int Most = 1_000_000;

    public static IReadOnlyList<TagLine> Read(TextReader input)
    {
        List<TagLine> lines = [];
        while (input.ReadLine() is { } line)
        {
            var words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (lines.Count == Most)
            {
                throw new VerbException(ExitCode.Usage, $"stdin has more than {Most} tags; a repository with so many cannot be listed by Slipway either");
            }

            lines.Add(new TagLine(words[0], words.Length > 1 ? words[1] : null));
        }

        return lines;
    }
}
