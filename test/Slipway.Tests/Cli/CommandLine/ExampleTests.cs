using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Cli.CommandLine;

namespace Slipway.Tests.Cli.CommandLine;

/// <summary>An example that does not work is worse than none: each one of each help is read by the parser, and run where there is a cluster for it.</summary>
public sealed class ExampleTests
{
    // What waits for a controller, and what never ends, is for tests of its own.
    private static readonly string[] Endless = ["-w", "--watch", "--wait"];

    // They need a registry, files, a port, or a server that creates objects.
    private static readonly string[] OnlyRead = ["freeze", "unfreeze", "tags", "convert", "completion", "demo", "sandbox", "install", "crds", "run", "policy", "doctor"];

    private static RootCommand Root() => SlipwayCommand.Create(new Surroundings { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null });

    public static TheoryData<string> Examples => [.. Verbs(Root()).SelectMany(verb => verb.Lesson.Split('\n')).Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains("slipway ", StringComparison.Ordinal)).SelectMany(Commands).Distinct()];

    [Fact]
    public void There_are_examples() => Assert.InRange(Examples.Count, 60, 1000);

    [Theory]
    [MemberData(nameof(Examples))]
    public void Each_is_understood(string example)
    {
        var parse = Root().Parse(Words(example)[1..]);

        Assert.Empty(parse.Errors.Select(error => error.Message));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Each_does_what_it_says(string example)
    {
        string[] words = [.. Words(example.Replace(" --wait --timeout 10m", ""))[1..].Where(word => !Endless.Contains(word.Split('=')[0]))];
        if (words is ["freeze", "list", ..] || !OnlyRead.Contains(words[0]))
        {
            var run = await CliRun.OfAsync(words, connect: Cluster(words[0]).Connect);

            Assert.Equal((0, ""), (run.Code, run.Code == 0 ? "" : run.Error));
        }
    }

    private static FakeCluster Cluster(string verb)
    {
        var cluster = new FakeCluster()
            .With("deliveries", verb switch { "watch" => Samples.Calm(), "retry" => Samples.RolledBack(), _ => Waiting() })
            .WithHistory()
            .With("releases", Midway.FailedRelease());
        return verb == "logs" ? cluster : cluster.With("releases", Samples.Release(7, "1.0.1", Samples.Digest100, "Succeeded"));
    }

    // In a step that waits for a person, with all that the examples name.
    private static string Waiting()
    {
        var delivery = JsonNode.Parse(Midway.Stepping())!;
        delivery["status"]!["held"] = new JsonObject { ["reason"] = "AwaitingApproval", ["message"] = "it waits for a person" };
        return delivery.ToJsonString();
    }

    private static IEnumerable<Verb> Verbs(Command command) => [.. command is Verb verb ? [verb] : Array.Empty<Verb>(), .. command.Subcommands.SelectMany(Verbs)];

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

    private static string[] Words(string command)
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
