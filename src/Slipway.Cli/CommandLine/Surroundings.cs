using Slipway.Cli.Output;
using Slipway.Controller;
using Slipway.Controller.Options;
using Slipway.Kube;

namespace Slipway.Cli.CommandLine;

/// <summary>All that a verb touches outside of itself. Tests hand in their own.</summary>
internal sealed record Surroundings
{
    public required TextWriter Out { get; init; }

    /// <summary>Errors and progress: what is piped into another program is never mixed with them.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public Palette Palette { get; init; } = Palette.None;

    /// <summary>Somebody looks at the output as it comes, and what was written can be drawn over.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>How we were called: slipway, or kubectl slipway.</summary>
    public ProgramName Program { get; init; } = ProgramName.Slipway;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Letters on a line; help is wrapped there.</summary>
    public int Width { get; init; } = 100;

    public Func<ConnectionOptions, ClusterConnection> Connect { get; init; } = ClusterConnection.Open;

    /// <summary>Environment variables by name.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Runs the controller until stopped.</summary>
    public Func<ControllerOptions, CancellationToken, Task> Run { get; init; } = ControllerHost.RunAsync;

    /// <summary>Returns when the verb is asked to end.</summary>
    public static async Task StopAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }

    public static Surroundings OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        Palette = new Palette(!Console.IsOutputRedirected && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR"))),
        Program = ProgramName.OfProcess(),
        IsTerminal = !Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("TERM") != "dumb",
        Width = Console.IsOutputRedirected ? 100 : Math.Max(60, Console.WindowWidth),
    };
}
