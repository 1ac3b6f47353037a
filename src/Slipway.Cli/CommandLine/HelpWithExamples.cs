using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Slipway.Cli.CommandLine;

/// <summary>The library's help, then examples: nobody learns a tool from a list of flags.</summary>
/// <param name="asked">By --help, which is heard among mistakes; otherwise mistakes come first.</param>
internal sealed class HelpWithExamples(HelpAction list, ProgramName program, bool asked) : SynchronousCommandLineAction
{
    private const string Welcome =
        $"""
        Start here:
          slipway demo                          a cluster and a registry in one process, and a rollout before your eyes
          slipway install | kubectl apply -f -  run it in your cluster
          slipway why NAME                      what is seen, what is chosen, what holds it

        {ExitCode.Meaning}
        """;

    public override bool ClearsParseErrors => asked;

    public override int Invoke(ParseResult parseResult)
    {
        var code = list.Invoke(parseResult);
        var lesson = parseResult.CommandResult.Command switch
        {
            RootCommand => Welcome,
            Verb verb => verb.Lesson,
            _ => null,
        };
        if (lesson is not null)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(program.Said(lesson));
        }

        return code;
    }
}
