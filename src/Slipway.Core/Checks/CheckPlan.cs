using System.Text.Json.Serialization;

namespace Slipway.Checks;

/// <summary>When in a rollout a check is made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckMoment>))]
public enum CheckMoment
{
    /// <summary>While the new version has traffic: in every step that names no checks of its own.</summary>
    During,

    /// <summary>Once the new version's pods run, before the first request goes to them.</summary>
    Before,

    /// <summary>When every pod runs the new version, before the attempt has passed; and again after a rollback.</summary>
    After,
}

/// <summary>One check as it was when the rollout started: an edit of the spec counts from the next one.</summary>
public sealed record CheckPlan
{
    public required string Name { get; init; }

    public CheckMoment When { get; init; }

    /// <summary>Measured and shown, and without any say in the verdict (I15).</summary>
    public bool DryRun { get; init; }

    /// <summary>Time between two measurements.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Measurements to make; null: as many as the step has time for, and at least one.</summary>
    public int? Count { get; init; }

    /// <summary>So many may fail; one more, and the check has failed.</summary>
    public int FailureLimit { get; init; }

    /// <summary>So many may be inconclusive; one more, and the check is.</summary>
    public int InconclusiveLimit { get; init; }

    /// <summary>So many in a row may find nothing or nobody; one more, and there is no data.</summary>
    public int ErrorLimit { get; init; } = 4;
}
