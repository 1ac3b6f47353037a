using System.Text.Json.Serialization;
using Slipway.Api;
using Slipway.Checks;

namespace Slipway.Rollouts;

/// <summary>Which of the three ways a rollout goes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StrategyKind>))]
public enum StrategyKind
{
    Rolling,
    Canary,
    BlueGreen,
}

/// <summary>What divides the requests between the two sides.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RouterKind>))]
public enum RouterKind
{
    /// <summary>The Service spreads requests over the pods of both sides, so the pods are the weight.</summary>
    Pods,

    /// <summary>A StatefulSet's own partition: the pods from an ordinal on run the new version, and there is no second workload.</summary>
    Partition,

    /// <summary>The Service's selector: all or nothing.</summary>
    Selector,

    HttpRoute,
    Ingress,
    TraefikService,
}

/// <summary>How one attempt is to go, as the spec said when it started. It is stored with the attempt: an edit counts from the next one.</summary>
public sealed record RolloutPlan
{
    public StrategyKind Strategy { get; init; }

    /// <summary>What happens beside the stable side before it is touched; none for a rolling update.</summary>
    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    public IReadOnlyList<CheckPlan> Checks { get; init; } = [];

    public TrafficPlan Traffic { get; init; } = new();

    /// <summary>Time that the promoted version must stay healthy while the side still serves.</summary>
    public TimeSpan Bake { get; init; }

    /// <summary>One pod may be more than twice the weight that was asked for.</summary>
    public bool AllowCoarse { get; init; }

    /// <summary>Where checks cannot tell good from bad, a person is waited for; otherwise the step's deadline ends the rollout.</summary>
    public bool WaitsForEvidence { get; init; }

    /// <summary>The checks that are made in this step.</summary>
    public IReadOnlyList<CheckPlan> ChecksOf(PlanStep step) =>
        [.. Checks.Where(check => step.Checks is { } named ? named.Contains(check.Name) : check.When == (step.Weight == 0 ? CheckMoment.Before : CheckMoment.During))];

    /// <summary>The checks of the promotion. Where there are no steps, there is no other time for those that are made before it.</summary>
    public IReadOnlyList<CheckPlan> ChecksOfPromotion() =>
        [.. Checks.Where(check => check.When == CheckMoment.After || Steps.Count == 0)];

    /// <summary>What is measured when the version before runs again: all that can be measured of a version that serves.</summary>
    public IReadOnlyList<CheckPlan> ChecksOfRollback() => [.. Checks.Where(check => check.When != CheckMoment.Before)];
}

/// <param name="Weight">Share of the requests that the new version is to have, in percent.</param>
public sealed record PlanStep(int Weight)
{
    /// <summary>Least time between the weight's coming into effect and the end of the step.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>By name; null: by their moment.</summary>
    public IReadOnlyList<string>? Checks { get; init; }

    /// <summary>A person must say yes before the step is over.</summary>
    public bool Approval { get; init; }

    /// <summary>After so long without an answer the rollout is ended; null: never.</summary>
    public TimeSpan? ApprovalExpires { get; init; }

    /// <summary>Time box: so long after the weight was intended it is taken back.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>What follows the time box.</summary>
    public BoxEnd Then { get; init; }

    public IReadOnlyList<RequestMatch>? Match { get; init; }

    public bool Mirror { get; init; }

    /// <summary>Whether any request can reach the new version in this step.</summary>
    [JsonIgnore]
    public bool Exposes => Weight > 0 || Mirror || Match is { Count: > 0 };
}

/// <summary>What follows a time box.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BoxEnd>))]
public enum BoxEnd
{
    /// <summary>The exposure was all that was wanted. That is no failure.</summary>
    Revert,

    /// <summary>The next step, or the promotion.</summary>
    Promote,

    /// <summary>The traffic is taken back, and then a person decides.</summary>
    Ask,
}

/// <summary>Which objects divide the requests.</summary>
public sealed record TrafficPlan
{
    public RouterKind Router { get; init; }

    /// <summary>The Service of the stable pods; null: the only one whose selector matches them.</summary>
    public string? Service { get; init; }

    /// <summary>Blue/green: the Service on the new version before the switch; null: none.</summary>
    public string? Preview { get; init; }

    /// <summary>Name of the HTTPRoute, Ingress or TraefikService.</summary>
    public string? Route { get; init; }

    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);
}
