using System.Collections.Immutable;

namespace Slipway.Kube;

/// <summary>What was kept of an object, with the version that it was read at.</summary>
public sealed record ResourceItem<T>(ObjectKey Key, string Uid, string ResourceVersion, T Value);

/// <summary>An object that exists but could not be projected. One such object must not hide all others.</summary>
public sealed record UnreadableObject(ObjectKey Key, string ResourceVersion, string Why);

public sealed record ListPage<T>(ImmutableArray<ResourceItem<T>> Items, ImmutableArray<UnreadableObject> Unreadable, string ResourceVersion, string? Continue);

/// <summary>What to list and watch. A null namespace is all of them.</summary>
public sealed record ListScope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null)
{
    public static ListScope All { get; } = new();
}

/// <summary>One line of a watch. ERROR lines are thrown as <see cref="KubeException"/>.</summary>
public abstract record WatchEvent<T>
{
    private WatchEvent(string resourceVersion) => ResourceVersion = resourceVersion;

    public string ResourceVersion { get; }

    /// <summary>ADDED or MODIFIED: which of the two says nothing that the cache does not know better.</summary>
    public sealed record Applied(ResourceItem<T> Item) : WatchEvent<T>(Item.ResourceVersion);

    /// <summary>Deleted, or no longer matched by the selectors.</summary>
    public sealed record Deleted(ObjectKey Key, string Version) : WatchEvent<T>(Version);

    public sealed record Unreadable(UnreadableObject What) : WatchEvent<T>(What.ResourceVersion);

    /// <summary>Nothing happened up to this version.</summary>
    public sealed record Bookmark(string Version) : WatchEvent<T>(Version);
}

/// <summary>Deletes only the object that was meant: meta/v1 DeleteOptions.</summary>
/// <param name="Propagation">Background, Foreground or Orphan; null leaves it to the server.</param>
public sealed record DeleteTerms(string? Uid = null, string? ResourceVersion = null, string? Propagation = null);
