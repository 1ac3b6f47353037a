using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>What a Deployment sees of one of its ReplicaSets.</summary>
/// <param name="Wanted">Of its spec.</param>
/// <param name="Existing">Of its status, as are the next two.</param>
/// <param name="SizedFor">The replicas of the Deployment when it was last scaled; null when that is not known.</param>
internal sealed record ReplicaSetView(string Name, long Revision, int Wanted, int Existing, int Ready, int Available, bool IsNew, int? SizedFor)
{
    /// <summary>Pods that have not ended, those that are ending among them: Recreate waits for the last one.</summary>
    public int Lingering { get; init; }

    public const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    public const string DesiredAnnotation = "deployment.kubernetes.io/desired-replicas";
    public const string MaxAnnotation = "deployment.kubernetes.io/max-replicas";

    public static ReplicaSetView Of(JsonObject set, string hash) => new(
        set.Name(),
        RevisionOf(set),
        set.Replicas(),
        set.Count("replicas"),
        set.Count("readyReplicas"),
        set.Count("availableReplicas"),
        set.Label(PodTemplate.HashLabel) == hash,
        Number(set.Annotation(DesiredAnnotation)) is { } sized ? (int)sized : null);

    public static long RevisionOf(JsonObject value) => Number(value.Annotation(RevisionAnnotation)) ?? 0;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A Deployment and its ReplicaSets, oldest first, at one moment.</summary>
internal sealed record RolloutView(int Replicas, Fencepost Fence, bool Recreates, ImmutableArray<ReplicaSetView> Sets)
{
    public ReplicaSetView? New => Sets.FirstOrDefault(set => set.IsNew);

    public IEnumerable<ReplicaSetView> Old => Sets.Where(set => !set.IsNew);

    public int WantedInAll => Sets.Sum(set => set.Wanted);

    public int AvailableInAll => Sets.Sum(set => set.Available);

    /// <summary>At most so many pods, old and new.</summary>
    public int MaxTotal => Replicas + Fence.MaxSurge;

    /// <summary>At least so many of them available.</summary>
    public int MinAvailable => Replicas - Fence.MaxUnavailable;

    public RolloutView Scaled(ImmutableDictionary<string, int> sizes) => this with
    {
        Sets = [.. Sets.Select(set => sizes.TryGetValue(set.Name, out var size) ? set with { Wanted = size } : set)],
    };
}
