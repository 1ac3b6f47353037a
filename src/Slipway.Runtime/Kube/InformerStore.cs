namespace Slipway.Kube;

/// <summary>One change of a cache; an absent side is null.</summary>
public readonly record struct Change<T>(ObjectKey Key, T? Old, T? New)
    where T : class;

/// <summary>
/// The objects that an informer knows, by key and by indexes, and the rule which of two versions of one object is kept.
///
/// The rule is about our own writes: what a write returned goes into the cache at once, and the watch, which runs behind, must not put
/// the past back. The order of versions (<see cref="ResourceVersion"/>) is used for that alone, and only until the watch has passed the write.
/// It is not used to hold off old versions in general: after a restore of etcd versions start lower, and a cache that keeps the highest
/// would never see the cluster again. Nor is a full list that started after the write compared: the server promises that it is newer.
/// Where versions have no order, the newest word of the server is taken, whatever it is: better stale for a moment than stuck.
/// </summary>
internal sealed class InformerStore<T>(IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> indexers)
    where T : class
{
    public const string NamespaceIndex = "namespace";

    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, ResourceItem<T>> _items = [];
    private readonly Dictionary<ObjectKey, string> _unreadable = [];
    private readonly Dictionary<ObjectKey, Write> _writes = [];
    private readonly Dictionary<(string Index, string Value), HashSet<ObjectKey>> _indexes = [];

    // How far the watch is, and how many full lists were started.
    private string _seen = "";
    private long _lists;

    /// <summary>A write of ours that the watch may not have passed yet.</summary>
    private readonly record struct Write(string ResourceVersion, long Lists);

    public ResourceItem<T>? Find(ObjectKey key)
    {
        lock (_gate)
        {
            return _items.GetValueOrDefault(key);
        }
    }

    public List<T> All()
    {
        lock (_gate)
        {
            return [.. _items.Values.Select(item => item.Value)];
        }
    }

    public List<T> ByIndex(string index, string value)
    {
        lock (_gate)
        {
            return _indexes.TryGetValue((index, value), out var keys) ? [.. keys.Select(key => _items[key].Value)] : [];
        }
    }

    public Dictionary<ObjectKey, string> Unreadable()
    {
        lock (_gate)
        {
            return new Dictionary<ObjectKey, string>(_unreadable);
        }
    }

    public void ListStarts()
    {
        lock (_gate)
        {
            _lists++;
        }
    }

    /// <summary>What a full list found is all there is, but for what we wrote while it was under way.</summary>
    public List<Change<T>> Replace(IReadOnlyList<ResourceItem<T>> found, IReadOnlyList<UnreadableObject> unreadable, string version)
    {
        lock (_gate)
        {
            Prune(version);
            _seen = version;
            _unreadable.Clear();
            var gone = _items.Keys.ToHashSet();
            List<Change<T>> changes = [];
            foreach (var item in found)
            {
                gone.Remove(item.Key);
                if (!_writes.ContainsKey(item.Key))
                {
                    Put(item, changes);
                }
            }

            foreach (var item in unreadable)
            {
                // The last that could be read stays: to act as if the object were deleted would be worse.
                gone.Remove(item.Key);
                _unreadable[item.Key] = item.Why;
            }

            foreach (var key in gone.Where(key => !_writes.ContainsKey(key)))
            {
                Remove(key, changes);
            }

            return changes;
        }
    }

    public List<Change<T>> Apply(WatchEvent<T> happened)
    {
        lock (_gate)
        {
            List<Change<T>> changes = [];
            switch (happened)
            {
                case WatchEvent<T>.Applied { Item: var item } when IsPast(item.Key, item.ResourceVersion):
                    Put(item, changes);
                    break;

                case WatchEvent<T>.Deleted { Key: var key } when IsPast(key, happened.ResourceVersion):
                    Remove(key, changes);
                    break;

                case WatchEvent<T>.Unreadable { What: var item }:
                    _unreadable[item.Key] = item.Why;
                    break;
            }

            _seen = happened.ResourceVersion is { Length: > 0 } version ? version : _seen;
            return changes;
        }
    }

    /// <summary>What the server answered to a write of ours.</summary>
    public List<Change<T>> Wrote(ResourceItem<T> item)
    {
        lock (_gate)
        {
            List<Change<T>> changes = [];

            // The watch may be faster than the answer. Then the cache is as new, or newer, or knows that the object is gone.
            var passed = ResourceVersion.Compare(item.ResourceVersion, _seen) <= 0;
            if (!passed && !ResourceVersion.IsOlder(item.ResourceVersion, _items.GetValueOrDefault(item.Key)?.ResourceVersion))
            {
                Put(item, changes);
                _writes[item.Key] = new Write(item.ResourceVersion, _lists);
            }

            return changes;
        }
    }

    // Whether the watch has passed our write to the key with this version, so that what it tells is not the past.
    private bool IsPast(ObjectKey key, string version)
    {
        if (_writes.TryGetValue(key, out var write) && ResourceVersion.IsOlder(version, write.ResourceVersion))
        {
            return false;
        }

        _writes.Remove(key);
        return true;
    }

    // Forgets the writes that a full list must have seen: it was started after them, or says itself that it is newer.
    private void Prune(string version)
    {
        foreach (var (key, write) in _writes.ToArray())
        {
            var during = write.Lists == _lists;
            if (!during || ResourceVersion.Compare(write.ResourceVersion, version) <= 0)
            {
                _writes.Remove(key);
            }
        }
    }

    private void Put(ResourceItem<T> item, List<Change<T>> changes)
    {
        var old = _items.GetValueOrDefault(item.Key);
        _unreadable.Remove(item.Key);
        if (old is not null && old.ResourceVersion == item.ResourceVersion && old.Uid == item.Uid)
        {
            return;
        }

        Unindex(old);
        _items[item.Key] = item;
        Index(item);
        changes.Add(new Change<T>(item.Key, old?.Value, item.Value));
    }

    private void Remove(ObjectKey key, List<Change<T>> changes)
    {
        _unreadable.Remove(key);
        if (_items.Remove(key, out var old))
        {
            Unindex(old);
            changes.Add(new Change<T>(key, old.Value, null));
        }
    }

    private void Index(ResourceItem<T> item)
    {
        foreach (var entry in Entries(item))
        {
            if (!_indexes.TryGetValue(entry, out var keys))
            {
                _indexes[entry] = keys = [];
            }

            keys.Add(item.Key);
        }
    }

    private void Unindex(ResourceItem<T>? item)
    {
        foreach (var entry in item is null ? [] : Entries(item))
        {
            if (_indexes.TryGetValue(entry, out var keys) && keys.Remove(item!.Key) && keys.Count == 0)
            {
                _indexes.Remove(entry);
            }
        }
    }

    private IEnumerable<(string Index, string Value)> Entries(ResourceItem<T> item) =>
        indexers.SelectMany(indexer => indexer.Value(item.Value).Distinct().Select(value => (indexer.Key, value))).Prepend((NamespaceIndex, item.Key.Namespace));
}
