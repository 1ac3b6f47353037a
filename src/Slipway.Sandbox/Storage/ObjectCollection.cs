using System.Collections.Immutable;

namespace Slipway.Sandbox.Storage;

using Contents = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>>;

/// <summary>
/// The objects of one resource and what happened to them lately. Not synchronized: the store calls it under its lock.
/// </summary>
internal sealed class ObjectCollection(int historyLimit, int snapshotLimit, long version)
{
    private static readonly ImmutableSortedDictionary<string, StoredObject> NoObjects = ImmutableSortedDictionary.Create<string,
        StoredObject>(StringComparer.Ordinal);

    private readonly Queue<(long Version, Contents Contents)> _snapshots = new();
    private readonly WatchEvent[] _history = new WatchEvent[historyLimit];
    private int _first;
    private int _count;
    private TaskCompletionSource? _changed;

    public Contents Contents { get; private set; } = ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string,
        StoredObject>>(StringComparer.Ordinal);

    /// <summary>The oldest version that a watch can start from: what happened after it is all known.</summary>
    public long Floor { get; private set; } = version;

    public StoredObject? Find(ObjectKey key) => Contents.GetValueOrDefault(key.Namespace)?.GetValueOrDefault(key.Name);

    public void Apply(WatchEvent change)
    {
        var (ns, name) = (change.Key.Namespace, change.Key.Name);
        var inNamespace = Contents.GetValueOrDefault(ns, NoObjects);
        inNamespace = change.Type is WatchEventType.Deleted ? inNamespace.Remove(name) : inNamespace.SetItem(name, change.Stored);
        Contents = inNamespace.IsEmpty ? Contents.Remove(ns) : Contents.SetItem(ns, inNamespace);
        Remember(change);
    }

    /// <summary>Takes the signal that wakes those who wait; it is to be set outside the lock.</summary>
    public TaskCompletionSource? TakeSignal()
    {
        var signal = _changed;
        _changed = null;
        return signal;
    }

    public Task Changed() => (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>What happened after a version, oldest first; null when that is no longer known.</summary>
    public List<WatchEvent>? Since(long version, string? ns, int limit, out long reached)
    {
        reached = version;
        if (version < Floor)
        {
            return null;
        }
        List<WatchEvent> events = [];
        for (var i = IndexAfter(version); i < _count && events.Count < limit; i++)
        {
            var change = At(i);
            reached = change.Version;
            if (ns is null || change.Key.Namespace == ns)
            {
                events.Add(change);
            }
        }
        return events;
    }

    public void KeepSnapshot(long version)
    {
        if (_snapshots.All(kept => kept.Version != version))
        {
            _snapshots.Enqueue((version, Contents));
        }
        if (_snapshots.Count > snapshotLimit)
        {
            _snapshots.Dequeue();
        }
    }

    public Contents? FindSnapshot(long version)
    {
        foreach (var (kept, contents) in _snapshots)
        {
            if (kept == version)
            {
                return contents;
            }
        }
        return null;
    }

    public void Compact(long version)
    {
        Array.Clear(_history);
        _snapshots.Clear();
        (_first, _count, Floor) = (0, 0, version);
    }

    private void Remember(WatchEvent change)
    {
        if (_count == _history.Length)
        {
            Floor = At(0).Version;
            _first = (_first + 1) % _history.Length;
            _count--;
        }
        _history[(_first + _count) % _history.Length] = change;
        _count++;
    }

    private WatchEvent At(int index) => _history[(_first + index) % _history.Length];

    private int IndexAfter(long version)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Version <= version)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}
