using System.Collections.Immutable;

namespace Slipway.Workloads;

/// <summary>What is kept of an object of a custom kind, beside what every workload has.</summary>
/// <param name="Fields">By the path's text: what the Deliveries that name this kind look at.</param>
/// <param name="Annotated">Whether it has any annotation: a first one needs the map around it.</param>
public sealed record CustomState(ImmutableDictionary<string, FieldReading> Fields, ReportedStatus Status, bool Annotated);

/// <summary>What an object's own controller says of it, in the fields that most of them use.</summary>
public sealed record ReportedStatus
{
    public static readonly ReportedStatus None = new();

    public long Generation { get; init; }

    /// <summary>Null where the kind has none. Argo Rollouts writes it as a text.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Argo Rollouts: Healthy, Progressing, Paused, Degraded.</summary>
    public string? Phase { get; init; }

    public string? Message { get; init; }

    /// <summary>Argo CD: status.health.status and status.sync.status.</summary>
    public string? Health { get; init; }

    public string? Sync { get; init; }

    public ImmutableArray<ReportedCondition> Conditions { get; init; } = [];
}

/// <param name="Status">True, False or Unknown.</param>
public sealed record ReportedCondition(string Type, string Status, string Reason, string Message, long? ObservedGeneration = null);
