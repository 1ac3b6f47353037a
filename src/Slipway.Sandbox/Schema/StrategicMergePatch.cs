using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// Strategic merge patch ("Strategic Merge Patch" of the API machinery's design): JSON merge patch that also merges lists, by
/// the key that the type names, with directives for what cannot be said otherwise.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string ElementOrder = "$setElementOrder/";
    private const string DeleteFromList = "$deleteFromPrimitiveList/";

    /// <summary>Changes the target in place.</summary>
    /// <exception cref="StatusException">BadRequest, for directives that are not known and items without their key.</exception>
    public static void Apply(TypeSchema type, JsonObject target, JsonObject patch)
    {
        if (DirectiveOf(patch) is ("replace" or "delete") and var directive)
        {
            target.Clear();
            if (directive == "delete")
            {
                return;
            }
        }
        Retain(target, patch);
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(DeleteFromList, StringComparison.Ordinal))
            {
                DeleteItems(target, name[DeleteFromList.Length..], value as JsonArray ?? []);
            }
            else if (name[0] != '$')
            {
                ApplyField(type.Field(name) ?? TypeSchema.Anything, target, name, value, patch[ElementOrder + name] as JsonArray);
            }
        }
        // An order may come without a change of the items.
        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(ElementOrder, StringComparison.Ordinal) && target[name[ElementOrder.Length..]] is JsonArray items)
            {
                Reorder(type.Field(name[ElementOrder.Length..])?.StrategicKey, items, value as JsonArray ?? []);
            }
        }
    }

    private static void ApplyField(TypeSchema type, JsonObject target, string name, JsonNode? value, JsonArray? order)
    {
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject fields when DirectiveOf(fields) == "delete":
                target.Remove(name);
                break;
            case JsonObject fields:
                Apply(type, target.Ensure(name), fields);
                break;
            case JsonArray items when type.StrategicKey is { } key:
                target[name] = MergeItems(type, key, target[name] as JsonArray ?? [], items, order);
                break;
            case JsonArray items when type is { Shape: TypeShape.List, ListKind: ListKind.Set }:
                target[name] = Union(target[name] as JsonArray ?? [], items);
                break;
            default:
                target[name] = JsonTree.Copy(value);
                break;
        }
    }

    private static JsonArray MergeItems(TypeSchema type, string key, JsonArray live, JsonArray patch, JsonArray? order)
    {
        var replaces = patch.Any(item => item is JsonObject fields && fields.Text(Directive) == "replace");
        List<JsonObject> merged = replaces ? [] : [.. live.OfType<JsonObject>().Select(JsonTree.Copy)];
        foreach (var item in patch)
        {
            var change = item as JsonObject ?? throw ApiStatus.BadRequest($"an item of a list that is merged by its {key} must be an object").Thrown();
            if (DirectiveOf(change) == "replace")
            {
                continue;
            }
            var known = change[key] ?? throw ApiStatus.BadRequest($"map: {change.ToJsonString()} does not contain declared merge key: {key}").Thrown();
            var there = merged.Find(fields => JsonTree.Equal(fields[key], known));
            if (DirectiveOf(change) == "delete")
            {
                merged.RemoveAll(fields => JsonTree.Equal(fields[key], known));
            }
            else if (there is not null)
            {
                Apply(type.Element!, there, change);
            }
            else
            {
                var added = new JsonObject();
                Apply(type.Element!, added, change);
                merged.Add(added);
            }
        }
        var result = new JsonArray([.. merged]);
        Reorder(key, result, order ?? patch);
        return result;
    }

    // Items that only the server has stay where they were.
    private static void Reorder(string? key, JsonArray items, JsonArray wanted)
    {
        string Known(JsonNode? item) => (key is null ? item : (item as JsonObject)?[key])?.ToJsonString() ?? "";

        var byKey = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            byKey.TryAdd(Known(item), item);
        }
        var order = ApplyMerge.Order([.. byKey.Keys], [.. wanted.Select(Known).Where(byKey.ContainsKey).Distinct()]);
        items.Clear();
        foreach (var element in order)
        {
            items.Add(byKey[element]);
        }
    }

    private static JsonArray Union(JsonArray live, JsonArray added)
    {
        var union = (JsonArray)JsonTree.Copy((JsonNode)live)!;
        foreach (var item in added)
        {
            if (!union.Any(there => JsonTree.Equal(there, item)))
            {
                union.Add(JsonTree.Copy(item));
            }
        }
        return union;
    }

    private static void DeleteItems(JsonObject target, string name, JsonArray deleted)
    {
        if (target[name] is JsonArray items)
        {
            target[name] = new JsonArray([.. items.Where(item => !deleted.Any(gone => JsonTree.Equal(gone, item))).Select(JsonTree.Copy)]);
        }
    }

    private static void Retain(JsonObject target, JsonObject patch)
    {
        if (patch[RetainKeys] is JsonArray kept)
        {
            var names = kept.Select(JsonFields.AsText).ToHashSet();
            foreach (var name in target.Select(field => field.Key).Where(name => !names.Contains(name)).ToArray())
            {
                target.Remove(name);
            }
        }
    }

    private static string DirectiveOf(JsonObject patch) => patch.Text(Directive) switch
    {
        "" => "",
        ("merge" or "replace" or "delete") and var known => known,
        var other => throw ApiStatus.BadRequest($"Unknown patch type: {other}").Thrown(),
    };
}
