using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Policies;

namespace Slipway.Cli.Policies;

/// <summary>A tag as a line of input names it; what else the line tells of it, a digest or when its image was built, stands behind it.</summary>
internal sealed record TagLine(string Tag, string? Digest)
{
    /// <summary>Null where the line tells no time, or one that says nothing about a build.</summary>
    public DateTimeOffset? Built { get; init; }
}

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

            lines.Add(words is [_, var word, ..] && TryReadTime(word, out var time)
                ? new TagLine(words[0], null) { Built = BuildTime.Told(time) }
                : new TagLine(words[0], words.Length > 1 ? words[1] : null));
        }

        return lines;
    }

    private static bool TryReadTime(string word, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) && word.Contains('T', StringComparison.OrdinalIgnoreCase);
}
