namespace Slipway.Sandbox.Storage;

/// <summary>
/// The controllers without which the store itself would be wrong: garbage collection and the life of namespaces. They run
/// behind the writers, as they do in a cluster.
/// </summary>
public sealed class Housekeeping
{
    // Owners of owners of owners; more than this is a cycle, which is left for the next change.
    private const int MaxRounds = 1000;

    private readonly ObjectStore _store;
    private readonly GarbageCollector _garbage;
    private readonly NamespaceLifecycle _namespaces;

    public Housekeeping(ObjectStore store)
    {
        (_store, _garbage, _namespaces) = (store, new(store), new(store));
        store.Committed += TakeNote;
        foreach (var ns in store.List(Known.Namespaces).Objects)
        {
            Suspect(ns.Key);
        }
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _store.WithOwners(owners => owners.Arrived()).WaitAsync(cancellationToken);
            Settle();
        }
    }

    /// <summary>Does all that there is to do now, on the caller's thread.</summary>
    public void Settle()
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var suspects = _store.WithOwners(owners => owners.TakeSuspects());
            if (suspects.Length == 0)
            {
                return;
            }
            foreach (var key in suspects)
            {
                Examine(key);
            }
        }
    }

    private void Examine(ObjectKey key)
    {
        _garbage.Examine(key);
        if (key.Resource == Known.Namespaces)
        {
            _namespaces.Examine(key.Name);
        }
    }

    private void TakeNote(WatchEvent change)
    {
        if (change.Key.Resource == Known.Namespaces && change.Type is not WatchEventType.Deleted)
        {
            Suspect(change.Key);
        }
        else if (change.Type is WatchEventType.Deleted && change.Key.Namespace.Length > 0)
        {
            // Perhaps this was the last thing that a namespace waited for.
            Suspect(new(Known.Namespaces, "", change.Key.Namespace));
        }
    }

    private void Suspect(ObjectKey key) => _store.WithOwners(owners =>
    {
        owners.Suspect(key);
        return true;
    });
}
