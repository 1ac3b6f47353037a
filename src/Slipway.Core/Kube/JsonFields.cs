using System.Text.Json;

namespace Slipway.Kube;

/// <summary>
/// Reading of objects whose fields may be absent, null, empty or of another type than promised: the first three are the same thing
/// (rule 16), and the last is treated so too, where a field is only a hint. Projections of workloads and secrets use these.
/// </summary>
public static class JsonFields
{
    /// <summary>Null when absent or null.</summary>
    public static JsonElement? Property(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Null when absent, null, empty or not a string.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Property(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    public static long? Number(this JsonElement element, string name) =>
        element.Property(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Empty when absent or not an array.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element, string name) =>
        element.Property(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];
}
