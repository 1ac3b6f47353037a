using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Kube;

namespace Slipway.Tests.Cli;

/// <summary>What a command line came to.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Runs the whole command line, from its words to its exit code, in this process.</summary>
    public static async Task<CliRun> OfAsync(
        string[] args, string stdin = "", Func<ConnectionOptions, ClusterConnection>? connect = null, TimeProvider? time = null, bool colours = false,
        Func<string, string?>? environment = null, string called = "slipway")
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var surroundings = new Surroundings
        {
            Out = output,
            Error = error,
            In = new StringReader(stdin),
            Palette = new Palette(colours),
            Program = ProgramName.Of(called),
            Time = time ?? new StoppedClock(Noon),
            Environment = environment ?? (_ => null),
            Connect = connect ?? (_ => throw new ConnectionException("this test has no cluster")),
        };
        var code = await SlipwayCommand.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
        return new CliRun(code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}

/// <summary>It shows one instant; its timers are the system's, so that a wait that goes wrong ends.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
