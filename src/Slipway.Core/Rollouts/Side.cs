using System.Text.Json.Serialization;

namespace Slipway.Rollouts;

/// <summary>
/// What runs the new version beside the stable workload, as it is meant to be now. Stored in the states in which there is one; what is
/// written to the cluster follows from it.
/// </summary>
/// <param name="Stable">Name of the workload beside which it runs, and of which it is made.</param>
/// <param name="Replicas">Pods that it is to have. Never lowered before its requests were taken away (I2); in place,
/// where they are the workload's own, as many as have the new version.</param>
/// <param name="Of">Replicas of the stable workload for which that was reckoned.</param>
public sealed record Side(string Stable, int Replicas, int Of)
{
    /// <summary>Pods that may take requests where the pods are the weight, and at the switch; 0: none.</summary>
    public int Open { get; init; }

    /// <summary>Share that the router is to give it, in percent.</summary>
    public int Weight { get; init; }

    /// <summary>Index of the step whose matches and mirror hold; null: none do.</summary>
    public int? Rules { get; init; }

    /// <summary>Since when the present share was first seen in effect; null while it was not.</summary>
    public DateTimeOffset? InEffectSince { get; init; }

    /// <summary>Whether anything may still reach it by what is meant.</summary>
    [JsonIgnore]
    public bool IsExposed => Open > 0 || Weight > 0 || Rules is not null;

    public Side Close() => this with { Open = 0, Weight = 0, Rules = null, InEffectSince = null };
}

/// <summary>What is seen of the side.</summary>
/// <param name="Digest">What its template runs; null where that cannot be told.</param>
/// <param name="Prepared">Pods of it whose containers are ready, and long enough so.</param>
/// <param name="Serving">Pods of it that take requests where requests come.</param>
public sealed record SideSnapshot(string Stable, string? Digest, int Replicas, int Prepared, int Serving, Workloads.Health Health)
{
    /// <summary>Pods whose gate is open; where there is no gate, all.</summary>
    public int Open { get; init; }

    /// <summary>Whether it is being deleted, or its pods are the last of it.</summary>
    public bool Going { get; init; }
}

/// <summary>What is seen of the router.</summary>
/// <param name="Weight">What is written there, in percent; what was never written is 0.</param>
/// <param name="InEffect">Whether who serves it has acknowledged that.</param>
/// <param name="Problem">Why it cannot be written or acknowledged; null where nothing is wrong.</param>
public sealed record TrafficSnapshot(int Weight, bool InEffect, string? Problem = null)
{
    /// <summary>Whether anything of ours is still there: backends, matches, another selector.</summary>
    public bool Touched { get; init; }

    /// <summary>Index of the step whose matches and mirror are written; null: none.</summary>
    public int? Rules { get; init; }
}

/// <summary>The side that must be there.</summary>
/// <param name="Release">Number of the attempt's Release.</param>
public sealed record SideWish(Workloads.WorkloadKey Stable, string? Tag, string Digest, long Release, int Replicas, int Open, TrafficPlan Traffic);

/// <summary>How requests must be divided.</summary>
/// <param name="Weight">Of the side, in percent.</param>
/// <param name="Rules">Step whose matches and mirror hold; null: none.</param>
/// <param name="Restore">Whether all that is ours goes from the route, and the Service gets its selector back for good.</param>
public sealed record TrafficWish(Workloads.WorkloadKey Stable, TrafficPlan Traffic, int Weight, PlanStep? Rules, int? RulesStep, bool Restore = false);
