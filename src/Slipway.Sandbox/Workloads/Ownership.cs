using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Which objects belong to a controller (controllerRef and adoption of Kubernetes' controllers).</summary>
internal static class Ownership
{
    /// <summary>
    /// The objects of that kind that the owner controls. On the way it adopts what its selector matches and nobody controls, and lets go what
    /// its selector matches no more. What another controls is never its own, however well its labels fit.
    /// </summary>
    public static ImmutableArray<JsonObject> Owned(this ObjectStore store, JsonObject owner, GroupResource resource)
    {
        if (!owner.IsBeingDeleted())
        {
            Adopt(store, owner, resource);
        }

        return
        [
            .. store.WithOwners(owners => owners.DependentsOf(owner.Uid()))
                .Where(key => key.Resource == resource)
                .Select(store.Find)
                .OfType<JsonObject>()
                .Where(value => value.IsControlledBy(owner.Uid()) && (Fits(owner, value) || owner.IsBeingDeleted() || !Release(store, owner, value.KeyIn(resource))))
                .OrderBy(value => value.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
                .ThenBy(value => value.Name(), StringComparer.Ordinal),
        ];
    }

    /// <summary>Whose affair a change is: the controller's, the former one's, and of an orphan everybody's whose selector matches.</summary>
    public static IEnumerable<ObjectKey> OwnersOf(this ObjectStore store, WatchEvent change, string kind, GroupResource owners)
    {
        var now = change.Value.ControllerOf(kind, owners);
        var before = change.Previous?.Value.ControllerOf(kind, owners) ?? [];
        var mayAdopt = change.Type is not WatchEventType.Deleted && change.Value.Controller() is null && !change.Value.IsBeingDeleted()
            ? store.List(owners, change.Key.Namespace).Objects.Where(owner => Fits(owner.Value, change.Value)).Select(owner => owner.Key)
            : [];
        return now.Union(before).Union(mayAdopt);
    }

    public static JsonObject ReferenceTo(JsonObject owner) => new()
    {
        ["apiVersion"] = owner.Text("apiVersion"),
        ["kind"] = owner.Kind(),
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    private static bool Fits(JsonObject owner, JsonObject value) =>
        LabelSelectors.Matches(owner.Section("spec", "selector"), value)
        && (owner.Kind() != "StatefulSet" || value.Kind() != "Pod" || value.Name()[..Math.Max(0, value.Name().LastIndexOf('-'))] == owner.Name());

    private static void Adopt(ObjectStore store, JsonObject owner, GroupResource resource)
    {
        foreach (var key in store.WithOwners(owners => owners.Orphans(resource, owner.Namespace())))
        {
            store.Update(key, value =>
            {
                if (value.Controller() is not null || value.IsBeingDeleted() || !Fits(owner, value))
                {
                    return null;
                }

                var metadata = value.Ensure("metadata");
                if (metadata["ownerReferences"] is not JsonArray references)
                {
                    metadata["ownerReferences"] = references = [];
                }

                references.Add((JsonNode)ReferenceTo(owner));
                return value;
            });
        }
    }

    /// <returns>Whether it is the owner's no more.</returns>
    private static bool Release(ObjectStore store, JsonObject owner, ObjectKey key) => store.Update(key, value =>
    {
        if (Fits(owner, value) || value.Field("metadata", "ownerReferences") is not JsonArray references)
        {
            return null;
        }

        references.RemoveAll(reference => reference is JsonObject one && one.Text("uid") == owner.Uid());
        if (references.Count == 0)
        {
            value.Ensure("metadata").Remove("ownerReferences");
        }

        return value;
    })?.IsControlledBy(owner.Uid()) is not true;
}
