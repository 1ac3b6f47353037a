using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Tests.Workloads;

/// <summary>Canonical snapshots; a test changes with <c>with</c> what it is about.</summary>
internal static class Sample
{
    public const string New = "ghcr.io/acme/shop:1.1.0";
    public const string Old = "ghcr.io/acme/shop:1.0.0";

    /// <summary>Three replicas, all of the present template, all available.</summary>
    public static readonly RolloutProgress Complete = new()
    {
        Generation = 4,
        ObservedGeneration = 4,
        Desired = 3,
        Total = 3,
        Updated = 3,
        Ready = 3,
        Available = 3,
    };

    public static WorkloadSnapshot Workload(string kind, RolloutProgress progress) => new()
    {
        Key = new(kind, "prod", "shop"),
        ApiVersion = kind == "CronJob" ? "batch/v1" : "apps/v1",
        Uid = "0c1d",
        ResourceVersion = "308",
        Containers = [new("web", New)],
        PodSelector = new() { MatchLabels = ImmutableDictionary<string, string>.Empty.Add("app", "shop") },
        Progress = progress,
    };

    public static WorkloadSnapshot Deployment(RolloutProgress progress) => Workload("Deployment", progress with { UpdateStrategy = "RollingUpdate" });

    /// <summary>A pod with one container, web.</summary>
    public static PodSnapshot Pod(string name, string image = New, bool ready = false, string? reason = null, string message = "") => new(
        "prod",
        name,
        $"uid-{name}",
        Map(("app", "shop")),
        Map(("web", image)),
        ready,
        Terminating: false,
        reason is null ? null : new(reason, message),
        ImmutableDictionary<string, string>.Empty);

    public static ImmutableDictionary<string, string> Map(params (string Key, string Value)[] entries) =>
        entries.ToImmutableDictionary(entry => entry.Key, entry => entry.Value);

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public static LabelRequirement Requirement(string key, string @operator, params string[] values) => new(key, @operator, values);
}
