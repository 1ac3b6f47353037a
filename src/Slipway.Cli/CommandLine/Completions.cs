using System.CommandLine;
using System.CommandLine.Completions;
using Slipway.Cli.Cluster;
using Slipway.Kube;

namespace Slipway.Cli.CommandLine;

/// <summary>
/// What could come next on a command line, a candidate a line, then <c>:4</c>, "no file names": what the completions of kubectl and of our
/// shells read (kubectl, "Extend kubectl with plugins", shell completion for plugins; cobra's ShellCompDirective).
/// </summary>
internal static class Completions
{
    public const string Verb = "__complete";

    private const string NoFileNames = ":4";

    // A cluster that does not answer must not hold up who types.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="words">All behind the program's name; the last one is being typed, and may be empty.</param>
    public static async Task<int> AnswerAsync(RootCommand root, IReadOnlyList<string> words, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var typed = words.Count > 0 ? words[^1] : "";
        var parse = root.Parse([.. words.SkipLast(1)]);
        IEnumerable<string> candidates = words.Count > 1 && words[^2] is "-n" or "--namespace" or "--context" or "--cluster" or "--user" ? [] : Known(parse, typed);
        var names = await NamesAsync(parse, words, typed, surroundings, cancellationToken);
        foreach (var candidate in candidates.Concat(names).Where(text => text.StartsWith(typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal))
        {
            surroundings.Out.WriteLine(candidate);
        }

        surroundings.Out.WriteLine(NoFileNames);
        return ExitCode.Ok;
    }

    // Flags are not shown before somebody asks for one: there are many, and each verb has the same ones.
    private static IEnumerable<string> Known(ParseResult parse, string typed)
    {
        var command = parse.CommandResult.Command;
        return typed.StartsWith('-')
            ? command.Options.Where(option => !option.Hidden).Select(option => option.Name).Append("--help")
            : command.Subcommands.Where(child => !child.Hidden).Select(child => child.Name)
                .Concat(command.Arguments.Where(argument => parse.GetResult(argument)?.Tokens.Count is null or 0).SelectMany(argument => argument.GetCompletions(CompletionContext.Empty).Select(item => item.Label)));
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(ParseResult parse, IReadOnlyList<string> words, string typed, Surroundings surroundings, CancellationToken cancellationToken)
    {
        if (words.Count < 2 || typed.StartsWith('-'))
        {
            return [];
        }

        if (words[^2] is "--context" or "--cluster" or "--user")
        {
            return FromKubeconfig(words, surroundings);
        }

        var asked = words[^2] is "-n" or "--namespace" ? ResourceTypes.Namespaces : TakesDelivery(parse) ? ResourceTypes.Deliveries : null;
        if (asked is null)
        {
            return [];
        }

        try
        {
            using var connection = surroundings.Connect(new ConnectionOptions
            {
                Kubeconfig = Value(words, "--kubeconfig"),
                Context = Value(words, "--context"),
                Version = ProductVersion.Text,
                Environment = surroundings.Environment,
                Time = surroundings.Time,
                CallTimeout = Patience,
            });
            var client = new ResourceClient<string>(connection, asked, element => element.GetProperty("metadata").GetProperty("name").GetString());
            var ns = Value(words, "-n") ?? Value(words, "--namespace") ?? connection.Namespace;
            return [.. (await client.ListPageAsync(new ListScope(asked.Namespaced ? ns : null), null, ResourceClient<string>.PageSize, cancellationToken)).Items.Select(item => item.Value)];
        }
        catch (Exception e) when (e is KubeException or ConnectionException)
        {
            // Nothing can be told here, and completing the rest goes on.
            surroundings.Error.WriteLine(e.Message);
            return [];
        }
    }

    private static IReadOnlyList<string> FromKubeconfig(IReadOnlyList<string> words, Surroundings surroundings)
    {
        try
        {
            var names = KubeconfigNames.Of(new ConnectionOptions { Kubeconfig = Value(words, "--kubeconfig"), Environment = surroundings.Environment });
            return words[^2] switch { "--cluster" => names.Clusters, "--user" => names.Users, _ => names.Contexts };
        }
        catch (ConnectionException e)
        {
            surroundings.Error.WriteLine(e.Message);
            return [];
        }
    }

    private static bool TakesDelivery(ParseResult parse) =>
        parse.CommandResult.Command.Arguments.FirstOrDefault() is { Name: "name" } first
        && DeliveryArgument.IsOne(first) && parse.GetResult(first)?.Tokens.Count is null or 0;

    private static string? Value(IReadOnlyList<string> words, string flag) =>
        words.SkipLast(1).Select((word, index) => word == flag && index + 1 < words.Count - 1 ? words[index + 1] : null).OfType<string>().LastOrDefault();
}
