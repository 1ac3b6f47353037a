using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Slipway.Api;

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
    /// <summary>A <see cref="FailureLimit"/> that is none.</summary>
    public const int Unlimited = -1;

    public required string Name { get; init; }

    public CheckMoment When { get; init; }

    /// <summary>Measured and shown, and without any say in the verdict (I15).</summary>
    public bool DryRun { get; init; }

    /// <summary>Time between two measurements.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Measurements to make; null: as many as the step has time for, and at least one.</summary>
    public int? Count { get; init; }

    /// <summary>So many may fail; one more, and the check has failed. <see cref="Unlimited"/>: any number may.</summary>
    public int FailureLimit { get; init; }

    /// <summary>
    /// So many may be inconclusive; one more, and the check is. What is inconclusive is never worse than what failed: where
    /// <see cref="FailureLimit"/> is greater, so many of both together may be.
    /// </summary>
    public int InconclusiveLimit { get; init; }

    /// <summary>So many in a row may find nothing or nobody; one more, and there is no data.</summary>
    public int ErrorLimit { get; init; } = 4;

    /// <summary>So many in a row must pass, and then the check has passed; 0: that is not asked for.</summary>
    public int SuccessLimit { get; init; }

    /// <summary>Time before the first measurement.</summary>
    public TimeSpan WarmUp { get; init; }

    public CheckSource? Source { get; init; }

    /// <summary>An expression that says that a value is good, and one that says that it is bad.</summary>
    public string? Pass { get; init; }

    public string? Fail { get; init; }

    /// <summary>With its defaults filled in.</summary>
    public Compare? Compare { get; init; }

    /// <summary>What the template was given, by name.</summary>
    public ImmutableDictionary<string, CheckValueText>? Args { get; init; }
}

/// <summary>An argument of a template.</summary>
/// <param name="Type">Text, Number, Duration, Flag or Regex.</param>
public sealed record CheckValueText(string Type, string Value);
