using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>
/// What a DELETE does to an object (rest.BeforeDelete and the finalizers of the API server's generic store).
/// </summary>
internal static class DeletionRules
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    // Of pods that say nothing (terminationGracePeriodSeconds).
    private const long DefaultGracePeriodSeconds = 30;

    /// <returns>The object marked as to be deleted; null when nothing holds it.</returns>
    public static JsonObject? Mark(StoredObject current, DeleteOptions options, ResourceDefinition? definition, DateTimeOffset now)
    {
        RequirePreconditions(current, options);
        var value = JsonTree.Copy(current.Value);
        SetPropagation(value, options.Propagation ?? (definition is { OrphansByDefault: true } ? Propagation.Orphan : Propagation.Background),
            options.Propagation is null);
        var grace = GracePeriodSeconds(current, options);
        if (grace == 0 && !HasFinalizers(value))
        {
            return null;
        }
        var metadata = value.Ensure("metadata");
        if (!value.IsBeingDeleted())
        {
            metadata["deletionTimestamp"] = NewObject.Instant(now.AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
            if (value.Generation() is > 0 and var generation)
            {
                metadata["generation"] = generation + 1;
            }
        }
        else if (grace < (value.Number("metadata", "deletionGracePeriodSeconds") ?? 0))
        {
            metadata["deletionTimestamp"] = NewObject.Instant(now.AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
        }
        if (current.Key.Resource == Known.Namespaces)
        {
            value.Ensure("status")["phase"] = "Terminating";
        }
        return value;
    }

    /// <summary>Whether a marked object has nothing left that holds it.</summary>
    public static bool MayGo(JsonObject value) =>
        value.IsBeingDeleted() && !HasFinalizers(value) && (value.Number("metadata", "deletionGracePeriodSeconds") ?? 0) == 0;

    private static bool HasFinalizers(JsonObject value) =>
        value.Finalizers().Any() || (value.Kind() == "Namespace" && value.Field("spec", "finalizers") is JsonArray { Count: > 0 });

    private static void RequirePreconditions(StoredObject current, DeleteOptions options)
    {
        var (wanted, found, what) =
            options.Uid.Length > 0 && options.Uid != current.Value.Uid() ? (options.Uid, current.Value.Uid(), "UID")
            : options.ResourceVersion.Length > 0 && options.ResourceVersion != current.Value.ResourceVersion()
                ? (options.ResourceVersion, current.Value.ResourceVersion(), "ResourceVersion")
            : ("", "", "");
        if (what.Length > 0)
        {
            var why = $"the {what} in the precondition ({wanted}) does not match the {what} in record ({found}). "
                + "The object might have been deleted and then recreated";
            throw ApiStatus.Conflict(current.Key.Resource, current.Key.Name, why).Thrown();
        }
    }

    // Finalizers of propagation that are there already stand, unless the request names another policy.
    private static void SetPropagation(JsonObject value, Propagation policy, bool byDefault)
    {
        var finalizers = value.Finalizers().ToList();
        var chosen = finalizers.Contains(OrphanFinalizer) || finalizers.Contains(ForegroundFinalizer);
        if (byDefault && chosen)
        {
            return;
        }
        var before = finalizers.Count;
        finalizers.RemoveAll(name => name is OrphanFinalizer or ForegroundFinalizer);
        if (policy is Propagation.Foreground)
        {
            finalizers.Add(ForegroundFinalizer);
        }
        else if (policy is Propagation.Orphan)
        {
            finalizers.Add(OrphanFinalizer);
        }
        if (finalizers.Count > 0)
        {
            value.Ensure("metadata")["finalizers"] = new JsonArray([.. finalizers.Select(name => JsonValue.Create(name))]);
        }
        else if (before > 0)
        {
            value.Ensure("metadata").Remove("finalizers");
        }
    }

    // A pod on a node ends when its kubelet says that its containers have; all else ends at once.
    private static long GracePeriodSeconds(StoredObject current, DeleteOptions options)
    {
        if (current.Key.Resource != Known.Pods || current.Value.Text("spec", "nodeName").Length == 0
            || current.Value.Text("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }
        var asked = options.GracePeriodSeconds ?? current.Value.Number("spec", "terminationGracePeriodSeconds") ?? DefaultGracePeriodSeconds;
        return Math.Max(0, asked);
    }
}
