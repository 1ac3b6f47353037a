using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>The two halves of a server-side apply: laying a configuration over an object, and taking away what it no longer has.</summary>
internal static class ApplyMerge
{
    /// <returns>The object with every field of the configuration as the configuration has it.</returns>
    public static JsonObject Merge(TypeSchema type, JsonObject live, JsonObject applied)
    {
        var merged = JsonTree.Copy(live);
        foreach (var (name, value) in applied)
        {
            if (value is not null)
            {
                merged[name] = MergeValue(type.Field(name) ?? TypeSchema.Anything, live.Field(name), value);
            }
        }
        return merged;
    }

    /// <summary>Removes from an object what is in <paramref name="dropped"/> and in nobody's set.</summary>
    public static void Prune(TypeSchema type, JsonObject value, FieldSet dropped, FieldSet owned)
    {
        foreach (var (element, fields) in dropped.Children)
        {
            if (!element.StartsWith("f:", StringComparison.Ordinal) || value.Field(element[2..]) is not { } child)
            {
                continue;
            }
            var name = element[2..];
            var keptBy = owned.Child(element);
            if (fields.IsMember && keptBy is null)
            {
                value.Remove(name);
            }
            else if (PruneValue(type.Field(name) ?? TypeSchema.Anything, child, fields, keptBy ?? new()) && keptBy is not { IsMember: true })
            {
                value.Remove(name);
            }
        }
    }

    /// <summary>
    /// The items of two lists in one order: that of the second, with the items that only the first has where they were.
    /// </summary>
    public static List<string> Order(IReadOnlyList<string> live, IReadOnlyCollection<string> wanted)
    {
        var place = live.Select((element, index) => (element, index)).ToDictionary(item => item.element, item => item.index);
        var inWanted = new HashSet<string>(wanted);
        List<string> order = [];
        var next = 0;
        foreach (var element in wanted)
        {
            for (; place.TryGetValue(element, out var index) && next < index; next++)
            {
                AddRest(live[next]);
            }
            order.Add(element);
        }
        for (; next < live.Count; next++)
        {
            AddRest(live[next]);
        }
        return order;

        void AddRest(string element)
        {
            if (!inWanted.Contains(element))
            {
                order.Add(element);
            }
        }
    }

    private static JsonNode? MergeValue(TypeSchema type, JsonNode? live, JsonNode applied) => (live, applied) switch
    {
        (JsonObject fields, JsonObject wanted) when !FieldPaths.IsWhole(type, wanted) => Merge(type, fields, wanted),
        (JsonArray items, JsonArray wanted) when !FieldPaths.IsWhole(type, wanted) => MergeItems(type, items, wanted),
        _ => JsonTree.Copy(applied),
    };

    private static JsonArray MergeItems(TypeSchema type, JsonArray live, JsonArray applied)
    {
        var (there, wanted) = (FieldPaths.Items(type, live), FieldPaths.Items(type, applied));
        var merged = new JsonArray();
        foreach (var element in Order([.. there.Keys], wanted.Keys))
        {
            merged.Add(wanted.TryGetValue(element, out var item) && item is not null
                ? MergeValue(type.Element!, there.GetValueOrDefault(element), item)
                : JsonTree.Copy(there.GetValueOrDefault(element)));
        }
        return merged;
    }

    // True when nothing is left of a container that had something.
    private static bool PruneValue(TypeSchema type, JsonNode value, FieldSet dropped, FieldSet owned)
    {
        if (value is JsonObject { Count: > 0 } fields && !FieldPaths.IsWhole(type, value))
        {
            Prune(type, fields, dropped, owned);
            return fields.Count == 0;
        }
        if (value is not JsonArray { Count: > 0 } items || FieldPaths.IsWhole(type, value))
        {
            return false;
        }
        foreach (var (element, item) in FieldPaths.Items(type, items))
        {
            if (dropped.Child(element) is not { } droppedItem || item is null)
            {
                continue;
            }
            if (droppedItem.IsMember && owned.Child(element) is null)
            {
                items.Remove(item);
            }
            else
            {
                PruneValue(type.Element!, item, droppedItem, owned.Child(element) ?? new());
            }
        }
        return items.Count == 0;
    }
}
