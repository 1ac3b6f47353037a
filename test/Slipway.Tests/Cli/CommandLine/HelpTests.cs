using System.CommandLine;
using Slipway.Cli.CommandLine;

namespace Slipway.Tests.Cli.CommandLine;

public sealed class HelpTests
{
    public static TheoryData<string> Commands =>
        ["", "get", "describe", "why", "watch", "history", "diff", "events", "logs", "approve", "reject", "promote", "abort", "rollback", "suspend", "resume", "retry", "check", "freeze", "freeze list", "unfreeze", "doctor", "policy", "policy test", "tags", "tags list", "tags get", "tags add", "tags move", "tags remove", "convert", "completion", "demo", "sandbox", "install", "crds", "run"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_is_as_reviewed(string command)
    {
        var run = await CliRun.OfAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, run.Code);
        Golden.Match($"help{(command.Length == 0 ? "" : "-")}{command.Replace(' ', '-')}.txt", run.Out);
    }

    [Fact]
    public void Every_verb_has_its_help_under_review() =>
        Assert.Equal(Commands.Select(row => row.Data).Order(StringComparer.Ordinal), Paths(Root()).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_verb_teaches_by_example() =>
        Assert.All(Leaves(Root()), command => Assert.Contains("slipway ", Assert.IsType<Verb>(command).Lesson, StringComparison.Ordinal));

    [Theory]
    [InlineData]
    [InlineData("policy")]
    public async Task Without_a_verb_it_says_what_there_is(params string[] args)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal(0, run.Code);
        Assert.Equal((await CliRun.OfAsync([.. args, "--help"])).Out, run.Out);
    }

    [Fact]
    public async Task The_exit_codes_are_documented()
    {
        var help = (await CliRun.OfAsync(["--help"])).Out;

        Assert.All([ExitCode.Ok, ExitCode.Failed, ExitCode.Usage, ExitCode.Unreachable, ExitCode.NotFound, ExitCode.TimedOut, ExitCode.RolledBack, ExitCode.RegistryRefused, ExitCode.Interrupted], code =>
            Assert.Contains($"\n  {code} ", help, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_fits_on_a_terminal(string command)
    {
        var run = await CliRun.OfAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.All(run.Out.Split('\n'), line => Assert.True(line.Length <= 112, line));
    }

    [Fact]
    public async Task The_version_is_told() => Assert.StartsWith("0.1.0", (await CliRun.OfAsync(["--version"])).Out, StringComparison.Ordinal);

    private static RootCommand Root() => SlipwayCommand.Create(new Surroundings { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null });

    private static IEnumerable<string> Paths(Command command, string path = "") =>
        [path, .. command.Subcommands.SelectMany(child => Paths(child, $"{path} {child.Name}".Trim()))];

    private static IEnumerable<Command> Leaves(Command command) => command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
