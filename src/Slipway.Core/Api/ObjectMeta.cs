using System.Collections.Immutable;

namespace Slipway.Api;

/// <summary>The part of <c>metadata</c> that Slipway reads and writes. Absent, null and empty mean the same (rule 16).</summary>
public sealed record ObjectMeta
{
    public string Name { get; init; } = "";

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public long Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public ImmutableDictionary<string, string>? Labels { get; init; }

    public ImmutableDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }
}

/// <summary>Names the object whose deletion takes this one along.</summary>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool? Controller = null, bool? BlockOwnerDeletion = null);

/// <summary>What a list page carries beside its items.</summary>
public sealed record ListMeta(string? ResourceVersion = null, string? Continue = null, long? RemainingItemCount = null);

/// <summary>A condition in the sense of the Kubernetes API conventions; <see cref="Status"/> is True, False or Unknown.</summary>
public sealed record Condition(string Type, string Status, string Reason, string Message, DateTimeOffset LastTransitionTime, long ObservedGeneration = 0);
