using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Which fields differ between two values of an object.</summary>
/// <param name="Set">Those that the new value has and that were absent or other before.</param>
/// <param name="Removed">Those that only the old value has.</param>
internal sealed record FieldChanges(FieldSet Set, FieldSet Removed)
{
    private static readonly string Metadata = FieldPaths.Field("metadata");

    /// <summary>Compares two objects in the fields that a writer can have.</summary>
    public static FieldChanges Between(TypeSchema type, JsonObject before, JsonObject after, Writer writer)
    {
        var changes = new FieldChanges(new(), new());
        changes.CompareFields(type, [.. OwnedFields.Of(before, writer)], [.. OwnedFields.Of(after, writer)], []);
        changes.CompareFields(BuiltInTypes.ObjectMeta, [.. OwnedFields.OfMetadata(before, writer)], [.. OwnedFields.OfMetadata(after, writer)], [Metadata]);
        return changes;
    }

    /// <summary>All fields of an object that a writer can have: what an apply of it claims.</summary>
    public static FieldSet Of(TypeSchema type, JsonObject value, Writer writer)
    {
        var set = new FieldSet();
        InsertFields(set, type, OwnedFields.Of(value, writer), [], withContainers: false);
        InsertFields(set, BuiltInTypes.ObjectMeta, OwnedFields.OfMetadata(value, writer), [Metadata], withContainers: false);
        return set;
    }

    private void Compare(TypeSchema type, JsonNode? before, JsonNode? after, List<string> path)
    {
        if (before is null && after is null)
        {
            return;
        }
        if (after is null)
        {
            Insert(Removed, type, before, path, withContainers: true);
        }
        else if (before is null)
        {
            Insert(Set, type, after, path, withContainers: true);
        }
        else if (JsonTree.Equal(before, after))
        {
            return;
        }
        else if (before is JsonObject was && after is JsonObject now && !FieldPaths.IsWhole(type, now))
        {
            CompareFields(type, was, now, path);
        }
        else if (before is JsonArray wasItems && after is JsonArray nowItems && !FieldPaths.IsWhole(type, nowItems))
        {
            CompareItems(type, wasItems, nowItems, path);
        }
        else
        {
            Set.Insert(path);
        }
    }

    // Of an object there are few: a search through them is faster than any table.
    private void CompareFields(TypeSchema type, (string Name, JsonNode? Value)[] before, (string Name, JsonNode? Value)[] after, List<string> path)
    {
        foreach (var (name, value) in after)
        {
            var was = Array.Find(before, field => field.Name == name).Value;
            Within(path, FieldPaths.Field(name), () => Compare(type.Field(name) ?? TypeSchema.Anything, was, value, path));
        }
        foreach (var (name, value) in before)
        {
            if (value is not null && !Array.Exists(after, field => field.Name == name))
            {
                Within(path, FieldPaths.Field(name), () => Compare(type.Field(name) ?? TypeSchema.Anything, value, null, path));
            }
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
                InsertFields(set, type, fields.Select(field => (field.Key, field.Value)), path, withContainers);
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

    private static void InsertFields(FieldSet set, TypeSchema type, IEnumerable<(string Name, JsonNode? Value)> fields, List<string> path, bool withContainers)
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
