using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Which fields differ between two values of an object.</summary>
/// <param name="Set">Those that the new value has and that were absent or other before.</param>
/// <param name="Removed">Those that only the old value has.</param>
internal sealed record FieldChanges(FieldSet Set, FieldSet Removed)
{
    public static FieldChanges Between(TypeSchema type, JsonObject before, JsonObject after)
    {
        var changes = new FieldChanges(new(), new());
        changes.CompareFields(type, before, after, []);
        return changes;
    }

    /// <summary>All fields that a value has: what an apply of it claims.</summary>
    public static FieldSet Of(TypeSchema type, JsonObject value)
    {
        var set = new FieldSet();
        InsertFields(set, type, value, [], withContainers: false);
        return set;
    }

    private void Compare(TypeSchema type, JsonNode? before, JsonNode? after, List<string> path)
    {
        if (after is null)
        {
            Insert(Removed, type, before, path, withContainers: true);
        }
        else if (before is null)
        {
            Insert(Set, type, after, path, withContainers: true);
        }
        else if (before is JsonObject was && after is JsonObject now && !FieldPaths.IsWhole(type, now))
        {
            CompareFields(type, was, now, path);
        }
        else if (before is JsonArray wasItems && after is JsonArray nowItems && !FieldPaths.IsWhole(type, nowItems))
        {
            CompareItems(type, wasItems, nowItems, path);
        }
        else if (!JsonTree.Equal(before, after))
        {
            Set.Insert(path);
        }
    }

    private void CompareFields(TypeSchema type, JsonObject before, JsonObject after, List<string> path)
    {
        foreach (var (name, value) in after)
        {
            Within(path, FieldPaths.Field(name), () => Compare(type.Field(name) ?? TypeSchema.Anything, before.Field(name), value, path));
        }
        foreach (var (name, value) in before)
        {
            if (value is not null && !after.ContainsKey(name))
            {
                Within(path, FieldPaths.Field(name), () => Compare(type.Field(name) ?? TypeSchema.Anything, value, null, path));
            }
        }
    }

    private void CompareItems(TypeSchema type, JsonArray before, JsonArray after, List<string> path)
    {
        var (was, now) = (FieldPaths.Items(type, before), FieldPaths.Items(type, after));
        foreach (var (element, item) in now)
        {
            Within(path, element, () => Compare(type.Element!, was.GetValueOrDefault(element), item, path));
        }
        foreach (var (element, item) in was)
        {
            if (!now.ContainsKey(element))
            {
                Within(path, element, () => Compare(type.Element!, item, null, path));
            }
        }
    }

    // Containers that came or went with their fields count too, unless Go has them as structs, which are always there.
    private static void Insert(FieldSet set, TypeSchema type, JsonNode? value, List<string> path, bool withContainers)
    {
        switch (value)
        {
            case null:
                break;
            case JsonObject { Count: > 0 } fields when !FieldPaths.IsWhole(type, fields):
                if (withContainers && type.Shape is not TypeShape.Struct)
                {
                    set.Insert(path);
                }
                InsertFields(set, type, fields, path, withContainers);
                break;
            case JsonArray { Count: > 0 } items when !FieldPaths.IsWhole(type, items):
                foreach (var (element, item) in FieldPaths.Items(type, items))
                {
                    Within(path, element, () =>
                    {
                        set.Insert(path);
                        Insert(set, type.Element!, item, path, withContainers);
                    });
                }
                break;
            default:
                set.Insert(path);
                break;
        }
    }

    private static void InsertFields(FieldSet set, TypeSchema type, JsonObject fields, List<string> path, bool withContainers)
    {
        foreach (var (name, value) in fields)
        {
            Within(path, FieldPaths.Field(name), () => Insert(set, type.Field(name) ?? TypeSchema.Anything, value, path, withContainers));
        }
    }

    private static void Within(List<string> path, string element, Action act)
    {
        path.Add(element);
        act();
        path.RemoveAt(path.Count - 1);
    }
}
