using System.Diagnostics;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>How a run of a container ended.</summary>
internal sealed record Termination(int ExitCode, string Reason, string Message, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// <summary>Where a container stands. The README draws how the states follow one another.</summary>
internal abstract record ContainerState
{
    private ContainerState() { }

    /// <summary>It waits for its turn, or for its image.</summary>
    public sealed record Waiting : ContainerState;

    /// <summary>The image could not be had. It is shown as the failure itself first, then as the pause before the next attempt.</summary>
    public sealed record PullFailed(PullFailure Failure, int Failures, DateTimeOffset At) : ContainerState;

    public sealed record Misconfigured(string Message, PulledImage Image) : ContainerState;

    public sealed record Starting(PulledImage Image, DateTimeOffset At, Run Run) : ContainerState;

    public sealed record Running(PulledImage Image, DateTimeOffset StartedAt, Run Run) : ContainerState;

    /// <summary>It ended and will be started again.</summary>
    public sealed record BackingOff(PulledImage Image, DateTimeOffset Until, TimeSpan Pause, Run Run) : ContainerState;

    /// <summary>It ended for good.</summary>
    public sealed record Ended(PulledImage Image, Run Run) : ContainerState;
}

/// <summary>What is remembered over restarts.</summary>
/// <param name="Restarts">Never falls.</param>
/// <param name="Crashes">In a row, each before a long enough run.</param>
internal sealed record Run(int Restarts = 0, int Crashes = 0, Termination? Last = null);

/// <summary>What a container is meant to do.</summary>
/// <param name="Once">It is to end: an init container, or one of a pod that is not restarted.</param>
/// <param name="RestartsOnSuccess">restartPolicy Always, and no init container.</param>
internal sealed record ContainerRole(bool Once, bool RestartsOnFailure, bool RestartsOnSuccess, string NodeArchitecture);

/// <summary>A container as a function of time. Pure: the same state and instant give the same next state.</summary>
internal static class ContainerMachine
{
    // What the kernel says of a program for another machine ends up as this code.
    private const int ExecFormatError = 255;

    /// <summary>When the state changes by itself; null when it waits for something else.</summary>
    public static DateTimeOffset? Due(ContainerState state, ContainerRole role, NodeTimings timings) => state switch
    {
        ContainerState.Starting starting => starting.At + timings.ContainerStart,
        ContainerState.BackingOff backing => backing.Until,
        ContainerState.Running running => EndOf(running, role, timings)?.At,
        _ => null,
    };

    /// <summary>The state at an instant, from the one before.</summary>
    public static ContainerState Advance(ContainerState state, ContainerRole role, NodeTimings timings, DateTimeOffset now)
    {
        while (Due(state, role, timings) is { } due && due <= now)
        {
            state = Next(state, role, timings, due);
        }

        return state;
    }

    /// <summary>How the node goes on once it has the image.</summary>
    public static ContainerState Start(PulledImage image, DateTimeOffset now) => image.Behaviour.ConfigError is { } error
        ? new ContainerState.Misconfigured(error, image)
        : new ContainerState.Starting(image, now, new Run());

    /// <summary>How long the node waits before it pulls again, or restarts, after so many failures in a row.</summary>
    public static TimeSpan Pause(int failures, NodeTimings timings)
    {
        var doubled = timings.Backoff * Math.Pow(2, Math.Min(failures - 1, 20));
        return doubled < timings.MaxBackoff ? doubled : timings.MaxBackoff;
    }

    public static bool IsReady(ContainerState.Running running, NodeTimings timings, DateTimeOffset now) =>
        ReadyAt(running, timings) is { } ready && ready <= now && !(UnreadyAt(running) <= now);

    /// <summary>When readiness changes next.</summary>
    public static DateTimeOffset? NextReadiness(ContainerState.Running running, NodeTimings timings, DateTimeOffset now)
    {
        DateTimeOffset?[] changes = [ReadyAt(running, timings), UnreadyAt(running)];
        return changes.Where(at => at > now).Min();
    }

    private static DateTimeOffset? ReadyAt(ContainerState.Running running, NodeTimings timings) =>
        running.Image.Behaviour.NeverReady ? null : running.StartedAt + (running.Image.Behaviour.ReadyAfter ?? timings.Ready);

    private static DateTimeOffset? UnreadyAt(ContainerState.Running running) => running.StartedAt + running.Image.Behaviour.UnreadyAfter;

    private static ContainerState Next(ContainerState state, ContainerRole role, NodeTimings timings, DateTimeOffset at) => state switch
    {
        ContainerState.Starting starting => new ContainerState.Running(starting.Image, at, starting.Run),
        ContainerState.BackingOff backing => new ContainerState.Starting(backing.Image, at, backing.Run with { Restarts = backing.Run.Restarts + 1 }),
        ContainerState.Running running => End(running, role, timings),
        _ => throw new UnreachableException($"{state} waits for nothing"),
    };

    private static (DateTimeOffset At, int Code, string Message)? EndOf(ContainerState.Running running, ContainerRole role, NodeTimings timings)
    {
        var behaviour = running.Image.Behaviour;
        if (running.Image.Architecture != role.NodeArchitecture)
        {
            return (running.StartedAt, ExecFormatError, "exec format error");
        }

        if (behaviour.CrashCode is { } code)
        {
            return (running.StartedAt + behaviour.CrashAfter, code, "");
        }

        var exit = behaviour.ExitAfter ?? (role.Once ? timings.Task : null);
        return exit is { } after ? (running.StartedAt + after, 0, "") : null;
    }

    private static ContainerState End(ContainerState.Running running, ContainerRole role, NodeTimings timings)
    {
        var (at, code, message) = EndOf(running, role, timings)!.Value;
        var last = new Termination(code, code == 0 ? "Completed" : "Error", message, running.StartedAt, at);
        if (!(code == 0 ? role.RestartsOnSuccess : role.RestartsOnFailure))
        {
            return new ContainerState.Ended(running.Image, running.Run with { Last = last });
        }

        // The first restart is at once; each further one waits, unless the container ran for long.
        var crashes = at - running.StartedAt >= timings.BackoffReset ? 0 : running.Run.Crashes;
        var run = running.Run with { Last = last, Crashes = crashes + 1 };
        return crashes == 0
            ? new ContainerState.Starting(running.Image, at, run with { Restarts = run.Restarts + 1 })
            : new ContainerState.BackingOff(running.Image, at + Pause(crashes, timings), Pause(crashes, timings), run);
    }
}
