using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Which objects belong to a controller (controllerRef and adoption of Kubernetes' controllers).</summary>
internal static class Ownership
{
    /// <summary>
    /// The objects of that kind that the owner controls. An owner that has not been seen before also adopts what its selector matches and
    /// nobody controls, as after a deletion that left its dependents behind.
    /// </summary>
    public static ImmutableArray<JsonObject> Owned(this ObjectStore store, JsonObject owner, GroupResource resource)
    {
        if (owner.Int("status", "observedGeneration") is null && !owner.IsBeingDeleted())
        {
            Adopt(store, owner, resource);
        }

        return
        [
            .. store.WithOwners(owners => owners.DependentsOf(owner.Uid()))
                .Where(key => key.Resource == resource)
                .Select(store.Find)
                .OfType<JsonObject>()
                .Where(value => value.IsControlledBy(owner.Uid()))
                .OrderBy(value => value.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
                .ThenBy(value => value.Name(), StringComparer.Ordinal),
        ];
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

    private static void Adopt(ObjectStore store, JsonObject owner, GroupResource resource)
    {
        var orphans = store.List(resource, owner.Namespace()).Items
            .Where(value => value.Controller() is null && !value.IsBeingDeleted() && LabelSelectors.Matches(owner.Section("spec", "selector"), value));
        foreach (var orphan in orphans)
        {
            store.Update(orphan.KeyIn(resource), value =>
            {
                if (value.Controller() is not null)
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
}
