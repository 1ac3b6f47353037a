using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>
/// Deletes what lost its last owner, and carries out foreground and orphaning deletion ("Garbage Collection" of the Kubernetes
/// documentation). Level-triggered: it looks at an object as it is, whatever made it a suspect.
/// </summary>
internal sealed class GarbageCollector(ObjectStore store)
{
    public void Examine(ObjectKey key)
    {
        if (store.Find(key) is not { } value)
        {
            return;
        }
        var finalizers = value.IsBeingDeleted() ? value.Finalizers().ToArray() : [];
        if (finalizers.Contains(DeletionRules.OrphanFinalizer))
        {
            Orphan(key, value.Uid());
        }
        else if (finalizers.Contains(DeletionRules.ForegroundFinalizer))
        {
            DeleteDependentsFirst(key, value.Uid());
        }
        if (!value.IsBeingDeleted())
        {
            DeleteWithoutOwner(key, value);
        }
    }

    private void Orphan(ObjectKey owner, string uid)
    {
        foreach (var dependent in Dependents(uid))
        {
            store.Update(dependent, value => WithoutOwners(value, reference => reference.Text("uid") == uid));
        }
        RemoveFinalizer(owner, DeletionRules.OrphanFinalizer);
    }

    private void DeleteDependentsFirst(ObjectKey owner, string uid)
    {
        var blocked = false;
        foreach (var dependent in Dependents(uid))
        {
            if (store.Find(dependent) is not { } value)
            {
                continue;
            }
            blocked |= value.Objects("metadata", "ownerReferences").Any(reference => reference.Text("uid") == uid && reference.Flag("blockOwnerDeletion"));
            if (!value.IsBeingDeleted() && !HasOtherOwner(dependent, value))
            {
                var policy = Dependents(value.Uid()).Length > 0 ? Propagation.Foreground : Propagation.Background;
                TryDelete(dependent, value.Uid(), policy);
            }
        }
        // What blocked may be gone by now; then its deletion has made this owner a suspect again.
        if (!blocked)
        {
            RemoveFinalizer(owner, DeletionRules.ForegroundFinalizer);
        }
    }

    private void DeleteWithoutOwner(ObjectKey key, JsonObject value)
    {
        var references = value.Objects("metadata", "ownerReferences").ToArray();
        var dangling = references.Where(reference => Owner(key, reference.Text("uid")) is null).ToArray();
        if (dangling.Length == 0)
        {
            return;
        }
        if (HasOtherOwner(key, value))
        {
            store.Update(key, current => WithoutOwners(current, reference => Owner(key, reference.Text("uid")) is null));
        }
        else
        {
            TryDelete(key, value.Uid(), null);
        }
    }

    // An owner that waits for its dependents to go does not keep them.
    private bool HasOtherOwner(ObjectKey key, JsonObject value) => value.Objects("metadata", "ownerReferences")
        .Any(reference => Owner(key, reference.Text("uid")) is { } owner
            && !(owner.IsBeingDeleted() && owner.Finalizers().Contains(DeletionRules.ForegroundFinalizer)));

    private JsonObject? Owner(ObjectKey dependent, string uid) =>
        store.WithOwners(owners => owners.Find(uid)) is { } key
        && (key.Namespace.Length == 0 || key.Namespace == dependent.Namespace)
            ? store.Find(key)
            : null;

    private ObjectKey[] Dependents(string uid) => store.WithOwners(owners => owners.DependentsOf(uid));

    private void TryDelete(ObjectKey key, string uid, Propagation? policy)
    {
        try
        {
            store.Delete(key, new() { Uid = uid, Propagation = policy ?? Propagation.Background });
        }
        catch (StatusException e) when (e.Status.Code is 404 or 409)
        {
            // It is gone already, or another object has its name now; either way there is nothing left to collect.
        }
    }

    private void RemoveFinalizer(ObjectKey key, string finalizer) => store.Update(key, value =>
    {
        var kept = value.Finalizers().Where(name => name != finalizer).Select(name => (JsonNode)JsonValue.Create(name)).ToArray();
        if (kept.Length == 0)
        {
            value.Ensure("metadata").Remove("finalizers");
        }
        else
        {
            value.Ensure("metadata")["finalizers"] = new JsonArray(kept);
        }
        return value;
    });

    private static JsonObject WithoutOwners(JsonObject value, Func<JsonObject, bool> dropped)
    {
        var kept = value.Objects("metadata", "ownerReferences").Where(reference => !dropped(reference))
            .Select(reference => (JsonNode)JsonTree.Copy(reference)).ToArray();
        if (kept.Length == 0)
        {
            value.Ensure("metadata").Remove("ownerReferences");
        }
        else
        {
            value.Ensure("metadata")["ownerReferences"] = new JsonArray(kept);
        }
        return value;
    }
}
