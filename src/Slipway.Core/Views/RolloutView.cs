using Slipway.Checks;
using Slipway.Checks.Expressions;

namespace Slipway.Views;

/// <summary>What is under way, as it is now.</summary>
/// <param name="Strategy">Rolling, Canary or BlueGreen.</param>
/// <param name="Message">What it does at present, in a sentence.</param>
public sealed record RolloutView(string Phase, long Release, string Strategy, string Message)
{
    public VersionView? From { get; init; }

    public VersionView? To { get; init; }

    /// <summary>NewImage, Adopted or Rollback.</summary>
    public string Cause { get; init; } = "";

    public string? By { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it has failed unless it gets further.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>None for a rolling update.</summary>
    public IReadOnlyList<StepView>? Steps { get; init; }

    /// <summary>The workload that serves, and what runs beside it.</summary>
    public SideView? Stable { get; init; }

    public SideView? Beside { get; init; }

    /// <summary>Null where requests are not divided.</summary>
    public TrafficView? Traffic { get; init; }

    /// <summary>Those of the present step, and what those before have measured.</summary>
    public IReadOnlyList<CheckView>? Checks { get; init; }

    /// <summary>What happened so far, the oldest first.</summary>
    public IReadOnlyList<Api.Transition>? Transitions { get; init; }
}

/// <summary>One step of a plan.</summary>
/// <param name="Standing">Done, Current or Ahead.</param>
/// <param name="Weight">Share of the requests, in percent.</param>
public sealed record StepView(int Number, string Standing, int Weight)
{
    /// <summary>Least time in effect, such as 10m; null: none.</summary>
    public TimeSpan? Hold { get; init; }

    public bool Approval { get; init; }

    /// <summary>Preparing, Shifting or Holding; null where it is not the current one.</summary>
    public string? Stage { get; init; }

    /// <summary>Since when its share is in effect.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When its hold, or its time box, is over.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>It is a time box: the share is taken back then.</summary>
    public bool Boxed { get; init; }
}

/// <summary>A workload that runs one of the two versions, with its pods.</summary>
/// <param name="Desired">Pods that are wanted.</param>
/// <param name="Updated">Pods of the present template.</param>
public sealed record SideView(string Kind, string Name, string? Version, int Desired, int Total, int Updated, int Ready, int Available)
{
    /// <summary>In the workload's own words; null: it complains of nothing.</summary>
    public string? Problem { get; init; }
}

/// <summary>How requests are divided.</summary>
/// <param name="Router">Pods, Partition, Selector, HttpRoute, Ingress or TraefikService.</param>
/// <param name="Weight">Share that the new version is to have, in percent.</param>
/// <param name="InEffectSince">Null while that was not seen.</param>
public sealed record TrafficView(string Router, string? Route, int Weight, DateTimeOffset? InEffectSince);

/// <summary>A check, and what it has measured in one step.</summary>
/// <param name="Step">From 1; 0: the promotion, or no step.</param>
/// <param name="Verdict">Passed, Pending, NoData, Inconclusive or Failed.</param>
public sealed record CheckView(string Name, int Step, string Verdict, int Passed, int Failed, int Inconclusive)
{
    /// <summary>It has no say.</summary>
    public bool DryRun { get; init; }

    /// <summary>The expressions that say that a value is good, and that it is bad.</summary>
    public string? Pass { get; init; }

    public string? Fail { get; init; }

    /// <summary>Numbers to which the expressions compare what is measured: lines in a plot of it.</summary>
    public IReadOnlyList<Limit>? Limits { get; init; }

    public int? Count { get; init; }

    /// <summary>So many may fail; -1: any number.</summary>
    public int? FailureLimit { get; init; }

    public TimeSpan? Interval { get; init; }

    /// <summary>When the next measurement is due.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The last ones, the oldest first; bounded.</summary>
    public IReadOnlyList<Measurement>? Recent { get; init; }

    /// <summary>The end of a job's log.</summary>
    public string? Log { get; init; }
}
