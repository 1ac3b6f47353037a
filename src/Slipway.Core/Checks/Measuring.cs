using System.Collections.Immutable;

namespace Slipway.Checks;

/// <summary>A measurement that is wished for. It is made beside the passes, and its result is observed by a later one.</summary>
/// <param name="Step">Index of the step, or one of <see cref="Steps"/>.</param>
public sealed record MeasureWish(CheckPlan Plan, int Step, int Ordinal, DateTimeOffset Due, MeasureContext Context);

/// <summary>Steps that no plan has.</summary>
public static class Steps
{
    /// <summary>The new version is on its way to every pod, or has arrived there.</summary>
    public const int Promotion = 1000;

    /// <summary>The version before runs again.</summary>
    public const int Rollback = 1001;
}

/// <summary>What a measurement may speak of: the versions, and the pods of both sides.</summary>
/// <param name="Side">Name of the workload that runs the new version beside the stable one; null where there is none.</param>
public sealed record MeasureContext(
    string Namespace, string Delivery, string Uid, string Release, string Workload, string? Side, string? Tag, string Digest, string? PreviousTag, string? PreviousDigest)
{
    /// <summary>When traffic reached the new version for this step: nothing older says anything of it.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Of the workload.</summary>
    public string Kind { get; init; } = "Deployment";

    /// <summary>Names of the pods that run the new version; empty: all that the name of their workload lets expect.</summary>
    public ImmutableArray<string> CandidatePods { get; init; } = [];

    /// <summary>As of the new version, of the version before.</summary>
    public ImmutableArray<string> StablePods { get; init; } = [];
}

/// <summary>A measurement that was made, by its name: what attempt, step, check and ordinal.</summary>
public sealed record Measured(string Release, int Step, string Check, int Ordinal, Measurement Measurement);

/// <summary>What all checks of one moment came to, for the Release.</summary>
public sealed record CheckResult(string Name, int Step, string Verdict, int Passed, int Failed, int Inconclusive)
{
    /// <summary>It had no say.</summary>
    public bool DryRun { get; init; }

    /// <summary>What had to hold then, whatever the spec says by now; null where there was no such expression, as is <see cref="Fail"/>.</summary>
    public string? Pass { get; init; }

    /// <summary>What must not have held.</summary>
    public string? Fail { get; init; }

    /// <summary>The last measurements, oldest first.</summary>
    public IReadOnlyList<Measurement>? Recent { get; init; }

    /// <summary>The end of a job's log; null for other checks.</summary>
    public string? Log { get; init; }
}
