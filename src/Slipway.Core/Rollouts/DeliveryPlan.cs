using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Workloads;

namespace Slipway.Rollouts;

/// <summary>What one pass decided: a status to persist or, where that one is what is stored already, a world to bring about.</summary>
/// <param name="Status">The whole status that should be stored.</param>
/// <param name="World">The world that the stored status describes. To be applied only when <paramref name="Status"/> is stored.</param>
/// <param name="Wake">When to look again if nothing changes; null: only on a change.</param>
/// <param name="Announcements">What to tell people once the status is stored.</param>
public sealed record DeliveryPlan(DeliveryStatus Status, World World, DateTimeOffset? Wake, ImmutableArray<Announcement> Announcements);

/// <summary>The whole world that should hold, never a change to it: applying it twice is applying it once.</summary>
/// <param name="Release">The Release that must exist, with its result where there is one.</param>
/// <param name="Images">The image that each of these targets must run; a target that is not here is left alone.</param>
/// <param name="Prune">Releases that have had their time.</param>
public sealed record World(Release? Release, ImmutableArray<TargetWish> Images, ImmutableArray<ReleaseRecord> Prune)
{
    public static readonly World Untouched = new(null, [], []);

    /// <summary>
    /// Pods to delete so that their StatefulSet goes on: in order, it waits for a broken pod of the template before to become ready,
    /// which it never will.
    /// </summary>
    /// <remarks>Kubernetes documentation, StatefulSets, "Forced rollback".</remarks>
    public ImmutableArray<StuckPod> Unstick { get; init; } = [];

    /// <summary>What must run beside the stable workload; null: see <see cref="NoSide"/>.</summary>
    public SideWish? Side { get; init; }

    /// <summary>Whether nothing may run beside it. Neither this nor <see cref="Side"/>: what is there is neither made, sized nor removed.</summary>
    public bool NoSide { get; init; }

    /// <summary>How requests are to be divided; null: that is left alone. Without a <see cref="Side"/> nothing beside the workload takes any.</summary>
    public TrafficWish? Traffic { get; init; }

    /// <summary>StatefulSets that are given back to their owners: the ordinal that Slipway wrote there goes, and nothing else is touched.</summary>
    public ImmutableArray<WorkloadKey> Unpartition { get; init; } = [];

    public ImmutableArray<MeasureWish> Measure { get; init; } = [];

    /// <summary>Whether the Delivery must outlive its deletion, until nothing of it is left beside the workload; null: as it is.</summary>
    public bool? Finalizer { get; init; }

    /// <summary>The running version as others read it; null while it may change, and where nobody asked for it.</summary>
    public PublishWish? Publish { get; init; }
}

/// <param name="Release">Number of the Release by which the image came.</param>
public sealed record TargetWish(WorkloadKey Target, string? Tag, string Digest, long Release)
{
    /// <summary>StatefulSet: pods below this ordinal keep the template before; null: its owner's own word.</summary>
    public int? Partition { get; init; }
}

/// <summary>A Kubernetes Event on the Delivery. <see cref="Warning"/> says its type.</summary>
public sealed record Announcement(bool Warning, string Reason, string Message);
