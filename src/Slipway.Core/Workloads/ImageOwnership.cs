using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>Who wrote the images of a workload, read from <c>metadata.managedFields</c>.</summary>
/// <remarks>
/// Kubernetes documentation, "Server-Side Apply", Field management; the field sets are in the FieldsV1 form (API reference,
/// ManagedFieldsEntry): <c>f:NAME</c> is a field and <c>k:{"name":"web"}</c> the item of a list with that key. What is not in that
/// form owns nothing.
/// </remarks>
public static class ImageOwnership
{
    /// <summary>
    /// The last writer of the container's image; null when no entry has it. Several managers own a field when they applied the
    /// same value: the one that did so last is named, and Slipway where the times (whole seconds) are equal.
    /// </summary>
    public static FieldOwner? OwnerOf(JsonElement managedFields, WorkloadKind kind, string container, bool init) =>
        LastWriter(managedFields, entry => Container(entry, kind, container, init) is { } fields && Child(fields, "f:image") is not null);

    /// <summary>Whether Slipway has applied a field that lies in no list, whoever else lists it too.</summary>
    public static bool IsApplied(JsonElement managedFields, params IReadOnlyList<string> path) =>
        Entries(managedFields).Any(entry => Text(entry, "manager") == ApiNames.FieldManager && Text(entry, "operation") == "Apply"
            && path.Aggregate(Child(entry, "fieldsV1"), (fields, name) => Child(fields, $"f:{name}")) is not null);

    /// <summary>Of the entries that own a field, the manager of the last one.</summary>
    internal static FieldOwner? LastWriter(JsonElement managedFields, Func<JsonElement, bool> owns) =>
        Entries(managedFields)
            .Where(owns)
            .OrderByDescending(entry => Text(entry, "time"), StringComparer.Ordinal)
            .ThenByDescending(entry => Text(entry, "manager") == ApiNames.FieldManager)
            .Select(entry => new FieldOwner(Text(entry, "manager"), Text(entry, "operation")))
            .FirstOrDefault();

    /// <summary>
    /// Whether Slipway alone still lists the container. Server-side apply keeps an item of a list as long as any manager owns it:
    /// a container that was taken out of the manifest stays in the template until we let go of it too.
    /// </summary>
    public static bool IsAbandoned(JsonElement managedFields, WorkloadKind kind, string container, bool init)
    {
        var managers = Entries(managedFields)
            .Where(entry => Container(entry, kind, container, init) is not null)
            .Select(entry => Text(entry, "manager"))
            .ToImmutableArray();
        return managers.Length > 0 && managers.All(manager => manager == ApiNames.FieldManager);
    }

    private static JsonElement.ArrayEnumerator Entries(JsonElement managedFields) =>
        managedFields.ValueKind == JsonValueKind.Array ? managedFields.EnumerateArray() : default;

    private static JsonElement? Container(JsonElement entry, WorkloadKind kind, string container, bool init)
    {
        var fields = Child(entry, "fieldsV1");
        foreach (var name in kind.PodSpecPath)
        {
            fields = Child(fields, $"f:{name}");
        }

        // Names of containers are DNS labels, so the key needs no escapes.
        return Child(Child(fields, init ? "f:initContainers" : "f:containers"), $$"""k:{"name":"{{container}}"}""");
    }

    private static JsonElement? Child(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var child) ? child : null;

    private static string Text(JsonElement entry, string name) =>
        Child(entry, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
