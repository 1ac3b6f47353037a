using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>Gives new namespaces their service account, and empties those that are deleted before they go.</summary>
internal sealed class NamespaceLifecycle(ObjectStore store)
{
    public void Examine(string ns)
    {
        if (store.Find(Known.Namespaces, "", ns) is not { } value)
        {
            return;
        }
        if (value.IsBeingDeleted())
        {
            Empty(ns);
        }
        else if (store.Find(Known.ServiceAccounts, ns, "default") is null)
        {
            TryCreate(Known.ServiceAccounts, new() { ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = ns } });
        }
    }

    private void Empty(string ns)
    {
        foreach (var key in store.KeysIn(ns))
        {
            try
            {
                store.Delete(key);
            }
            catch (StatusException e) when (e.Status.Code == 404)
            {
                // Another deletion was faster.
            }
        }
        if (store.KeysIn(ns).IsEmpty)
        {
            store.Update(new(Known.Namespaces, "", ns), value =>
            {
                value.Ensure("spec").Remove("finalizers");
                return value;
            });
        }
    }

    private void TryCreate(GroupResource resource, JsonObject value)
    {
        try
        {
            store.Create(resource, value);
        }
        catch (StatusException e) when (e.Status.Reason is "AlreadyExists" or "NotFound" or "Forbidden")
        {
            // Somebody else made it, or the namespace is on its way out.
        }
    }
}
