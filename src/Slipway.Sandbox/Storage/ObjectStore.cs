using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>Bounds of the memory that the past takes.</summary>
/// <param name="HistoryPerResource">Changes that a watch can start from; one that starts earlier is told 410.</param>
/// <param name="SnapshotsPerResource">Lists that can be read on page by page at the same time; older ones are told 410.</param>
public sealed record StoreLimits(int HistoryPerResource = 4096, int SnapshotsPerResource = 64);

/// <summary>
/// The objects of the cluster, as etcd and the storage layer of the API server keep them: one counter of versions for all,
/// writes that fail when the object moved, and a bounded memory of changes that watches read from.
/// </summary>
/// <remarks>
/// What is handed out is shared and must not be changed. What is handed in is copied. Errors are <see cref="StatusException"/>s.
/// Admission (defaults, validation, managed fields) is the API's affair, not the store's: controllers within the process write
/// here and are trusted.
/// </remarks>
public sealed class ObjectStore(ResourceTable resources, TimeProvider time, int seed = 1, StoreLimits? limits = null)
{
    // A writer loses a race only because another one won it, so more than this is a change that never ends.
    private const int Attempts = 1000;

    private const int EventsPerRead = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<GroupResource, ObjectCollection> _collections = [];
    private readonly StoreLimits _limits = limits ?? new();
    private readonly SeededNames _names = new(seed);
    private readonly OwnerIndex _owners = new();
    private long _version = 1;

    /// <summary>
    /// Called on the writer's thread after each change, outside all locks. It must be quick and must not throw; to act, it
    /// should take note of the key and let another thread read what is there.
    /// </summary>
    public event Action<WatchEvent>? Committed;

    public ResourceTable Resources { get; } = resources;

    public TimeProvider Time { get; } = time;

    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>The object, or null. It is shared: copy before changing.</summary>
    public JsonObject? Find(ObjectKey key) => FindStored(key)?.Value;

    public JsonObject? Find(GroupResource resource, string ns, string name) => Find(new ObjectKey(resource, ns, name));

    public StoredObject? FindStored(ObjectKey key)
    {
        lock (_gate)
        {
            return Collection(key.Resource).Find(key);
        }
    }

    /// <param name="ns">Null for all namespaces, and for objects of the cluster.</param>
    public Listing List(GroupResource resource, string? ns = null)
    {
        lock (_gate)
        {
            return new(_version, ObjectsOf(Collection(resource).Contents, ns));
        }
    }

    /// <summary>Stores a new object; gives it a name (from <c>generateName</c>), uid, creation time, generation and version.</summary>
    /// <exception cref="StatusException">AlreadyExists; NotFound or Forbidden when its namespace is not there or is ending.</exception>
    public JsonObject Create(GroupResource resource, JsonObject value) => CreateStored(resource, JsonTree.Copy(value)).Value;

    /// <summary>
    /// Changes an object, as often as it takes when others change it at the same time.
    /// </summary>
    /// <param name="change">Gets a copy that is its own; returns the new value, or null to leave the object as it is.</param>
    /// <returns>The object as it is now; null when there is none, or when this was the write that let a deleted one go.</returns>
    public JsonObject? Update(ObjectKey key, Func<JsonObject, JsonObject?> change) => Change(key, change, isStatus: false);

    /// <summary>
    /// As <see cref="Update"/>, as if through the status subresource: the generation
    /// stays, also when the annotations of a Deployment change (its controller writes the revision so).
    /// </summary>
    public JsonObject? UpdateStatus(ObjectKey key, Func<JsonObject, JsonObject?> change) => Change(key, change, isStatus: true);

    /// <summary>Deletes an object, or marks it as to be deleted when finalizers, dependents or a kubelet must act first.</summary>
    /// <exception cref="StatusException">NotFound; Conflict when a precondition does not hold.</exception>
    public Deletion Delete(ObjectKey key, DeleteOptions? options = null)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var current = FindStored(key) ?? throw ApiStatus.NotFound(key.Resource, key.Name).Thrown();
            var marked = DeletionRules.Mark(current, options ?? new(), Resources.Stored(key.Resource), Time.GetUtcNow());
            if (marked is null)
            {
                if (TryCommit(WatchEventType.Deleted, current, JsonTree.Copy(current.Value), out var gone))
                {
                    return new(gone, Gone: true);
                }
            }
            else if (JsonTree.Equal(marked, current.Value))
            {
                return new(current, Gone: false);
            }
            else if (TryCommit(WatchEventType.Modified, current, marked, out var stays))
            {
                return new(stays, Gone: false);
            }
        }
        throw ApiStatus.Modified(key.Resource, key.Name).Thrown();
    }

    /// <summary>
    /// What happens to the objects of a resource after a version, in order, until cancelled. Without a version it starts with
    /// all objects that are there, as added.
    /// </summary>
    /// <exception cref="StatusException">Expired, when what happened after the version is no longer known.</exception>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        GroupResource resource, string? ns = null, long? from = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (from is null)
        {
            var listing = List(resource, ns);
            from = listing.Version;
            foreach (var stored in listing.Objects)
            {
                yield return new(WatchEventType.Added, stored, null);
            }
        }
        var watch = new Watch(this, resource, ns, from.Value);
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var change in await watch.ReadAsync(cancellationToken))
            {
                yield return change;
            }
        }
    }

    /// <summary>Forgets the past, as etcd does every five minutes: watches and pages from before now are told 410.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            foreach (var collection in _collections.Values)
            {
                collection.Compact(_version);
            }
        }
    }

    /// <param name="dryRun">Does all but keep the object.</param>
    internal StoredObject CreateStored(GroupResource resource, JsonObject value, bool dryRun = false)
    {
        var definition = Resources.Stored(resource) ?? throw ApiStatus.NotFound(resource, value.Name()).Thrown();
        WatchEvent created;
        TaskCompletionSource? signal;
        lock (_gate)
        {
            NewObject.Prepare(definition, value, _names, Time.GetUtcNow());
            var key = definition.Key(value.Namespace(), value.Name());
            RequireNamespace(definition, key);
            if (Collection(resource).Find(key) is not null)
            {
                throw ApiStatus.AlreadyExists(resource, key.Name).Thrown();
            }
            if (dryRun)
            {
                return new(key, value, _version);
            }
            (created, signal) = Commit(WatchEventType.Added, key, value, null);
        }
        Announce(created, signal);
        return created.Stored;
    }

    /// <summary>Puts a value in the place of exactly the version that it was made from.</summary>
    /// <param name="replaced">Null when the object was marked as deleted and this write let it go.</param>
    /// <returns>False when the object is no longer that version; nothing is written then.</returns>
    internal bool TryReplace(StoredObject current, JsonObject value, bool isStatus, out StoredObject? replaced)
    {
        replaced = current;
        var definition = Resources.Stored(current.Key.Resource);
        ObjectUpdate.Prepare(definition, current.Value, value, isStatus);
        if (JsonTree.Equal(value, current.Value))
        {
            return ReferenceEquals(FindStored(current.Key), current);
        }
        var letGo = DeletionRules.MayGo(value);
        var written = TryCommit(letGo ? WatchEventType.Deleted : WatchEventType.Modified, current, value, out var stored);
        replaced = letGo ? null : stored;
        return written;
    }

    /// <returns>Null when the past since then is forgotten.</returns>
    internal List<WatchEvent>? Since(GroupResource resource, string? ns, ref long version, out Task changed)
    {
        lock (_gate)
        {
            var collection = Collection(resource);
            var events = collection.Since(version, ns, EventsPerRead, out version);
            changed = events is { Count: 0 } ? collection.Changed() : Task.CompletedTask;
            return events;
        }
    }

    /// <summary>A list that keeps its moment for later pages.</summary>
    internal Listing ListKept(GroupResource resource, string? ns)
    {
        lock (_gate)
        {
            Collection(resource).KeepSnapshot(_version);
            return new(_version, ObjectsOf(Collection(resource).Contents, ns));
        }
    }

    /// <returns>Null when the moment is not kept.</returns>
    internal Listing? ListAt(GroupResource resource, string? ns, long version)
    {
        lock (_gate)
        {
            var contents = version == _version ? Collection(resource).Contents : Collection(resource).FindSnapshot(version);
            return contents is null ? null : new(version, ObjectsOf(contents, ns));
        }
    }

    internal T WithOwners<T>(Func<OwnerIndex, T> read)
    {
        lock (_gate)
        {
            return read(_owners);
        }
    }

    internal ImmutableArray<ObjectKey> KeysIn(string ns)
    {
        lock (_gate)
        {
            return [.. _collections.Values.SelectMany(collection => ObjectsOf(collection.Contents, ns)).Select(stored => stored.Key)];
        }
    }

    internal string NewUid()
    {
        lock (_gate)
        {
            return _names.Uid();
        }
    }

    private static ImmutableArray<StoredObject> ObjectsOf(
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> contents, string? ns) =>
        ns is null ? [.. contents.Values.SelectMany(objects => objects.Values)] : contents.TryGetValue(ns, out var inNamespace) ? [.. inNamespace.Values] : [];

    private JsonObject? Change(ObjectKey key, Func<JsonObject, JsonObject?> change, bool isStatus)
    {
        // Whoever loses a race steps aside a little longer each time, or a slow writer among quick ones might never win.
        var aside = new SpinWait();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (FindStored(key) is not { } current)
            {
                return null;
            }
            if (change(JsonTree.Copy(current.Value)) is not { } next)
            {
                return current.Value;
            }
            if (TryReplace(current, JsonTree.Copy(next), isStatus, out var replaced))
            {
                return replaced?.Value;
            }
            aside.SpinOnce();
        }
        throw ApiStatus.Modified(key.Resource, key.Name).Thrown();
    }

    private bool TryCommit(WatchEventType type, StoredObject current, JsonObject value, out StoredObject stored)
    {
        WatchEvent change;
        TaskCompletionSource? signal;
        lock (_gate)
        {
            if (!ReferenceEquals(Collection(current.Key.Resource).Find(current.Key), current))
            {
                stored = current;
                return false;
            }
            (change, signal) = Commit(type, current.Key, value, current);
        }
        stored = change.Stored;
        Announce(change, signal);
        return true;
    }

    private (WatchEvent, TaskCompletionSource?) Commit(WatchEventType type, ObjectKey key, JsonObject value, StoredObject? previous)
    {
        _version++;
        value.Ensure("metadata")["resourceVersion"] = _version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var change = new WatchEvent(type, new StoredObject(key, value, _version), previous);
        var collection = Collection(key.Resource);
        collection.Apply(change);
        _owners.Track(change);
        return (change, collection.TakeSignal());
    }

    private void Announce(WatchEvent change, TaskCompletionSource? signal)
    {
        signal?.TrySetResult();
        Committed?.Invoke(change);
    }

    private void RequireNamespace(ResourceDefinition definition, ObjectKey key)
    {
        if (!definition.Namespaced)
        {
            return;
        }
        var ns = Collection(Known.Namespaces).Find(new(Known.Namespaces, "", key.Namespace))
            ?? throw ApiStatus.NotFound(Known.Namespaces, key.Namespace).Thrown();
        if (ns.Value.IsBeingDeleted())
        {
            var why = $"unable to create new content in namespace {key.Namespace} because it is being terminated";
            throw (ApiStatus.Forbidden(definition.Resource, key.Name, why) with
            {
                Causes = [new("NamespaceTerminating", $"namespace {key.Namespace} is being terminated", "metadata.namespace")],
            }).Thrown();
        }
    }

    private ObjectCollection Collection(GroupResource resource)
    {
        if (!_collections.TryGetValue(resource, out var collection))
        {
            _collections[resource] = collection = new(_limits.HistoryPerResource, _limits.SnapshotsPerResource, _version);
        }
        return collection;
    }
}
