using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>What no update can change, and when the generation grows (rest.BeforeUpdate of the API server).</summary>
internal static class ObjectUpdate
{
    // Deletion is written by DELETE alone, creation by POST alone.
    private static readonly string[] Kept = ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        "generation", "generateName"];

    /// <param name="isStatus">Written through the status subresource, where nothing moves the generation.</param>
    public static void Prepare(ResourceDefinition? definition, JsonObject current, JsonObject next, bool isStatus)
    {
        next["apiVersion"] = definition?.ApiVersion ?? current.Text("apiVersion");
        next["kind"] = current.Kind();
        var metadata = next.Ensure("metadata");
        var was = current.Ensure("metadata");
        foreach (var field in Kept)
        {
            if (was[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
            else
            {
                metadata.Remove(field);
            }
        }
        metadata["resourceVersion"] = current.ResourceVersion();
        if (definition is not null && !isStatus && MovesOn(definition.Generation, current, next))
        {
            metadata["generation"] = current.Generation() + 1;
        }
    }

    private static bool MovesOn(GenerationRule rule, JsonObject current, JsonObject next) => rule switch
    {
        GenerationRule.None => false,
        GenerationRule.Spec => !JsonTree.Same(current.Field("spec"), next.Field("spec")),
        GenerationRule.SpecAndAnnotations => !JsonTree.Same(current.Field("spec"), next.Field("spec"))
            || !JsonTree.Same(current.Field("metadata", "annotations"), next.Field("metadata", "annotations")),
        GenerationRule.AllButMetadata => !JsonTree.EqualBut(current, next, "metadata"),
        GenerationRule.AllButMetadataAndStatus => !JsonTree.EqualBut(current, next, "metadata", "status"),
        _ => throw new System.Diagnostics.UnreachableException($"unknown rule {rule}"),
    };
}
