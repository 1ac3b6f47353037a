using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Slipway.Cli.Verbs;
using Slipway.Configuration;
using Slipway.Kube;

namespace Slipway.Cli.CommandLine;

/// <summary>The command line: its verbs, and the one place where what went wrong becomes a message and an exit code.</summary>
internal static class SlipwayCommand
{
    // A pod is given 30 s by default; what is not done by then is done by the next controller.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(25);

    public static RootCommand Create(Surroundings surroundings)
    {
        var root = new RootCommand("Continuous delivery that lives in the cluster: push an image; Slipway sees it, proves it, ships it, and remembers.");
        Command[] verbs =
        [
            GetVerb.Create(surroundings),
            DescribeVerb.Create(surroundings),
            WhyVerb.Create(surroundings),
            WatchVerb.Create(surroundings),
            HistoryVerb.Create(surroundings),
            DiffVerb.Create(surroundings),
            EventsVerb.Create(surroundings),
            LogsVerb.Create(surroundings),
            ApproveVerb.Approve(surroundings),
            ApproveVerb.Reject(surroundings),
            .. ActionVerbs.All(surroundings),
            FreezeVerb.Freeze(surroundings),
            FreezeVerb.Unfreeze(surroundings),
            DoctorVerb.Create(surroundings),
            PolicyVerb.Create(surroundings),
            TagsVerb.Create(surroundings),
            ConvertVerb.Create(surroundings),
            CompletionVerb.Create(surroundings),
            DemoVerb.Create(surroundings),
            SandboxVerb.Create(surroundings),
            InstallVerb.Create(surroundings),
            CrdsVerb.Create(surroundings),
            RunVerb.Create(surroundings),
        ];
        foreach (var verb in verbs)
        {
            root.Add(verb);
        }

        root.HelpName = surroundings.Program.Text;
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            var list = (HelpAction)help.Action!;
            list.MaxWidth = surroundings.Width;
            help.Action = new HelpWithExamples(list, surroundings.Program, asked: true);

            // Without a verb there is nothing to do but to say what there is.
            var welcome = new HelpWithExamples(list, surroundings.Program, asked: false);
            root.Action = welcome;
            foreach (var family in root.Subcommands.Where(command => command.Subcommands.Count > 0 && command.Action is null))
            {
                family.Action = welcome;
            }
        }

        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var root = Create(surroundings);
        if (surroundings.Program.IsCompletion || args is [Completions.Verb, ..])
        {
            string[] words = [.. args.Skip(surroundings.Program.IsCompletion ? 0 : 1)];
            return await Completions.AnswerAsync(root, words is ["--", .. var behind] ? behind : words, surroundings, cancellationToken);
        }

        var parse = root.Parse(args);
        var console = new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Farewell,
        };
        if (parse.Action is ParseErrorAction misunderstood)
        {
            misunderstood.ShowHelp = false;
            console.Output = surroundings.Error;
            await parse.InvokeAsync(console, cancellationToken);
            surroundings.Error.WriteLine($"'{surroundings.Program.Text}{PathOf(parse)} --help' tells what can be said.");
            return ExitCode.Usage;
        }

        try
        {
            return await parse.InvokeAsync(console, cancellationToken);
        }
        catch (VerbException e)
        {
            return Fail(surroundings, e.ExitCode, e.Message);
        }
        catch (ConfigurationException e)
        {
            return Fail(surroundings, ExitCode.Usage, e.Message);
        }
        catch (ConnectionException e)
        {
            return Fail(surroundings, ExitCode.Unreachable, e.Message);
        }
        catch (KubeException e)
        {
            var (code, hint) = Meaning(e);
            return Fail(surroundings, code, e.Message + hint);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static string PathOf(ParseResult parse)
    {
        var path = "";
        for (Symbol? at = parse.CommandResult.Command; at is not (null or RootCommand); at = at.Parents.FirstOrDefault())
        {
            path = $" {at.Name}{path}";
        }

        return path;
    }

    private static (int Code, string Hint) Meaning(KubeException e) => e switch
    {
        { IsNotFound: true } => (ExitCode.NotFound, ". If Slipway is not installed in this cluster: slipway install | kubectl apply -f -"),
        { IsForbidden: true } => (ExitCode.Unreachable, ". 'slipway doctor' tells which rights are missing; --context and --as name another user"),
        { Reason: KubeException.Unreachable } => (ExitCode.Unreachable, ""),
        { Reason: KubeException.TimedOut } => (ExitCode.Unreachable, ""),
        _ => (ExitCode.Failed, ""),
    };

    private static int Fail(Surroundings surroundings, int code, string message)
    {
        surroundings.Error.WriteLine($"slipway: {surroundings.Program.Said(message)}");
        return code;
    }
}
