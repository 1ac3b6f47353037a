using System.Text.Json.Serialization;

namespace Slipway.Checks;

/// <summary>What one measurement says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MeasuredAs>))]
public enum MeasuredAs
{
    Pass,
    Fail,

    /// <summary>There is a value, and neither the pass nor the fail expression holds; or it is no number (NaN).</summary>
    Inconclusive,

    /// <summary>The source answered that it has nothing: an empty vector, a stale series.</summary>
    NoData,

    /// <summary>The source could not be asked.</summary>
    Error,
}

/// <summary>One measurement.</summary>
/// <param name="Value">As it is shown, such as 0.0123; null where there is none.</param>
/// <param name="Message">Why, in a sentence; null where the value says it all.</param>
public sealed record Measurement(MeasuredAs Result, DateTimeOffset At, string? Value = null, string? Message = null)
{
    /// <summary>The end of a job's log, bounded and without what looks like a credential; null for other checks.</summary>
    public string? Log { get; init; }
}

/// <summary>How far one check has come within one step: stored whole in the rollout's state.</summary>
/// <param name="Ordinal">Of the next measurement; with attempt, step and check it names it, so that none is counted twice (I29).</param>
/// <param name="Due">When the next measurement is to be made; null when none is left.</param>
public sealed record CheckProgress(string Name, int Ordinal, DateTimeOffset? Due)
{
    public int Passed { get; init; }

    public int Failed { get; init; }

    public int Inconclusive { get; init; }

    /// <summary>Without a break, up to now.</summary>
    public int ErrorsInARow { get; init; }

    public int PassedInARow { get; init; }

    /// <summary>The last ones, oldest first; bounded.</summary>
    public IReadOnlyList<Measurement>? Recent { get; init; }

    /// <summary>Of the last measurement that had one.</summary>
    public string? Log { get; init; }
}

/// <summary>What a check, or all of them together, says of a step. A later one dominates an earlier one (I15).</summary>
public enum Verdict
{
    Passed,

    /// <summary>Not enough was measured yet, and there is time.</summary>
    Pending,

    /// <summary>Nothing could be measured: never a pass.</summary>
    NoData,

    /// <summary>Measured, and no more is to be expected that would tell good from bad.</summary>
    Inconclusive,

    Failed,
}
