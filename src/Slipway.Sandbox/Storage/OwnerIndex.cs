using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>Who owns whom, by uid, and which objects the garbage collector should look at. Called under the lock of the store.</summary>
internal sealed class OwnerIndex
{
    private readonly Dictionary<string, ObjectKey> _byUid = [];
    private readonly Dictionary<string, HashSet<ObjectKey>> _dependents = [];
    private readonly HashSet<ObjectKey> _suspects = [];
    private readonly Dictionary<(GroupResource, string), HashSet<ObjectKey>> _adoptable = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ObjectKey? Find(string uid) => _byUid.TryGetValue(uid, out var key) ? key : null;

    public ObjectKey[] DependentsOf(string uid) => _dependents.TryGetValue(uid, out var keys) ? [.. keys] : [];

    /// <summary>What is there of a kind that controllers adopt, and that none of them has.</summary>
    public ObjectKey[] Orphans(GroupResource resource, string ns) => _adoptable.TryGetValue((resource, ns), out var keys) ? [.. keys] : [];

    public static IEnumerable<string> OwnersOf(JsonObject value) =>
        value.Objects("metadata", "ownerReferences").Select(reference => reference.Text("uid"));

    /// <summary>Takes note of a change. What may have to be collected because of it becomes a suspect.</summary>
    public void Track(WatchEvent change)
    {
        var key = change.Key;
        TrackOrphan(change);
        var before = change.Previous is { } previous ? OwnersOf(previous.Value).ToArray() : [];
        var after = change.Type is WatchEventType.Deleted ? [] : OwnersOf(change.Value).ToArray();
        foreach (var owner in before.Except(after))
        {
            Remove(owner, key);
        }
        foreach (var owner in after.Except(before))
        {
            Add(owner, key);
            Suspect(key);
        }
        if (change.Type is WatchEventType.Deleted)
        {
            TrackDeletion(change, before);
        }
        else
        {
            _byUid[change.Value.Uid()] = key;
            if (change.Value.IsBeingDeleted())
            {
                Suspect(key);
            }
        }
    }

    public void Suspect(ObjectKey key)
    {
        if (_suspects.Add(key))
        {
            _arrived.TrySetResult();
        }
    }

    public Task Arrived() => _arrived.Task;

    public ObjectKey[] TakeSuspects()
    {
        ObjectKey[] taken = [.. _suspects];
        _suspects.Clear();
        if (_arrived.Task.IsCompleted)
        {
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return taken;
    }

    private void TrackOrphan(WatchEvent change)
    {
        var key = change.Key;
        if (key.Resource != Known.Pods && key.Resource != Known.ReplicaSets && key.Resource != Known.ControllerRevisions)
        {
            return;
        }
        if (change.Type is WatchEventType.Deleted || change.Value.Objects("metadata", "ownerReferences").Any(reference => reference.Flag("controller")))
        {
            if (_adoptable.TryGetValue((key.Resource, key.Namespace), out var known) && known.Remove(key) && known.Count == 0)
            {
                _adoptable.Remove((key.Resource, key.Namespace));
            }
        }
        else
        {
            if (!_adoptable.TryGetValue((key.Resource, key.Namespace), out var keys))
            {
                _adoptable[(key.Resource, key.Namespace)] = keys = [];
            }
            keys.Add(key);
        }
    }

    private void TrackDeletion(WatchEvent change, string[] owners)
    {
        var uid = change.Value.Uid();
        _byUid.Remove(uid);
        foreach (var dependent in DependentsOf(uid))
        {
            Suspect(dependent);
        }
        // An owner that is deleted in the foreground waits for its last dependent.
        foreach (var owner in owners)
        {
            if (Find(owner) is { } key)
            {
                Suspect(key);
            }
        }
    }

    private void Add(string owner, ObjectKey dependent)
    {
        if (!_dependents.TryGetValue(owner, out var keys))
        {
            _dependents[owner] = keys = [];
        }
        keys.Add(dependent);
    }

    private void Remove(string owner, ObjectKey dependent)
    {
        if (_dependents.TryGetValue(owner, out var keys) && keys.Remove(dependent) && keys.Count == 0)
        {
            _dependents.Remove(owner);
        }
    }
}
