using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>
/// Reading objects of the API by path. A field that is absent, null or of another type is the same thing: nothing.
/// </summary>
public static class JsonFields
{
    public static JsonNode? Field(this JsonObject source, params ReadOnlySpan<string> path)
    {
        JsonNode? node = source;
        foreach (var name in path)
        {
            if (node is not JsonObject fields || !fields.TryGetPropertyValue(name, out node))
            {
                return null;
            }
        }
        return node;
    }

    /// <returns>The text at the path, or the empty one.</returns>
    public static string Text(this JsonObject source, params ReadOnlySpan<string> path) => AsText(source.Field(path)) ?? "";

    public static long? Number(this JsonObject source, params ReadOnlySpan<string> path) => AsNumber(source.Field(path));

    public static bool Flag(this JsonObject source, params ReadOnlySpan<string> path) =>
        source.Field(path) is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static JsonObject? Section(this JsonObject source, params ReadOnlySpan<string> path) => source.Field(path) as JsonObject;

    /// <returns>The objects of the list at the path; none when there is no list.</returns>
    public static IEnumerable<JsonObject> Objects(this JsonObject source, params ReadOnlySpan<string> path) =>
        (source.Field(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The object at the path, made when it is not there. Only for objects that are one's own.</summary>
    public static JsonObject Ensure(this JsonObject target, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (target[name] is not JsonObject next)
            {
                target[name] = next = [];
            }
            target = next;
        }
        return target;
    }

    public static string? AsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? AsNumber(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }
        return value.TryGetValue<long>(out var whole) ? whole
            : value.TryGetValue<int>(out var small) ? small
            : value.TryGetValue<double>(out var real) ? (long)real
            : null;
    }

    public static string Name(this JsonObject source) => source.Text("metadata", "name");

    public static string Namespace(this JsonObject source) => source.Text("metadata", "namespace");

    public static string Uid(this JsonObject source) => source.Text("metadata", "uid");

    public static string Kind(this JsonObject source) => source.Text("kind");

    public static string ResourceVersion(this JsonObject source) => source.Text("metadata", "resourceVersion");

    public static long Generation(this JsonObject source) => source.Number("metadata", "generation") ?? 0;

    public static bool IsBeingDeleted(this JsonObject source) => source.Text("metadata", "deletionTimestamp").Length > 0;

    public static IEnumerable<string> Finalizers(this JsonObject source) =>
        (source.Field("metadata", "finalizers") as JsonArray)?.Select(AsText).OfType<string>() ?? [];

    public static string? Label(this JsonObject source, string name) => AsText(source.Field("metadata", "labels", name));

    public static string? Annotation(this JsonObject source, string name) => AsText(source.Field("metadata", "annotations", name));
}
