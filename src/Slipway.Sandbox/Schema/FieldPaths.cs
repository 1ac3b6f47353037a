using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Elements of paths, and the items of lists by them.</summary>
internal static class FieldPaths
{
    public static string Field(string name) => "f:" + name;

    /// <summary>How an item of a set or a list with keys is known. Null in a list that somebody has as a whole.</summary>
    public static string? Item(TypeSchema list, JsonNode? item) => list.ListKind switch
    {
        ListKind.Set => "v:" + Text(item),
        ListKind.Map => item is JsonObject fields ? "k:" + Keys(list, fields) : null,
        _ => null,
    };

    /// <summary>The items of a list by how they are known; of those known by the same, the first.</summary>
    public static Dictionary<string, JsonNode?> Items(TypeSchema list, JsonArray items)
    {
        Dictionary<string, JsonNode?> known = new(items.Count, StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (Item(list, item) is { } element)
            {
                known.TryAdd(element, item);
            }
        }
        return known;
    }

    /// <summary>Whether somebody has the value as a whole, so that nothing within it is looked at.</summary>
    public static bool IsWhole(TypeSchema type, JsonNode? value) => value switch
    {
        JsonObject => type.Atomic || !type.IsObject,
        JsonArray => type.Shape is not TypeShape.List || type.ListKind is ListKind.Atomic,
        _ => true,
    };

    // Keys are in the order of their names, and one that is not given counts as its default.
    private static string Keys(TypeSchema list, JsonObject item)
    {
        var keys = new JsonObject();
        foreach (var key in list.Keys.Order(StringComparer.Ordinal))
        {
            var value = item.Field(key) ?? list.Element?.Field(key)?.Default;
            if (value is not null)
            {
                keys[key] = JsonTree.Copy(value);
            }
        }
        return Text(keys);
    }

    private static string Text(JsonNode? value) => System.Text.Encoding.UTF8.GetString(JsonTree.ToUtf8(value));
}
