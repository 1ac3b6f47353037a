using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Cli.CommandLine;

namespace Slipway.Tests.Cli.CommandLine;

/// <summary>The examples that helps end with, as command lines.</summary>
internal static class HelpExamples
{
    public static IEnumerable<string> Of(Verb verb) =>
        verb.Lesson.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains("slipway ", StringComparison.Ordinal)).SelectMany(Commands);

    public static IEnumerable<Verb> Verbs(Command command) => [.. command is Verb verb ? [verb] : Array.Empty<Verb>(), .. command.Subcommands.SelectMany(Verbs)];

    // Of a line of shell, those of its commands that are ours.
    private static IEnumerable<string> Commands(string line)
    {
        var quote = '\0';
        var command = new StringBuilder();
        List<string> commands = [];
        foreach (var letter in line + "\n")
        {
            quote = quote == '\0' && letter is '\'' or '"' ? letter : letter == quote ? '\0' : quote;
            if (quote == '\0' && letter is '|' or '&' or ';' or '>' or '#' or '(' or ')' or '\n')
            {
                commands.Add(command.ToString().Trim());
                command.Clear();
            }
            else
            {
                command.Append(letter);
            }
        }

        return commands.Where(text => text.StartsWith("slipway ", StringComparison.Ordinal));
    }

    public static string[] Words(string command)
    {
        // Nobody wants to read a whole digest in an example.
        command = Regex.Replace(command, "sha256:[0-9a-f]+[.]{3}[0-9a-f]*", Samples.Digest120);
        List<string> words = [];
        var (word, quote, started) = (new StringBuilder(), '\0', false);
        foreach (var letter in command + " ")
        {
            if (quote == '\0' && letter is '\'' or '"')
            {
                (quote, started) = (letter, true);
            }
            else if (letter == quote && quote != '\0')
            {
                quote = '\0';
            }
            else if (letter == ' ' && quote == '\0')
            {
                if (started)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                started = false;
            }
            else
            {
                word.Append(letter);
                started = true;
            }
        }

        return [.. words];
    }
}
