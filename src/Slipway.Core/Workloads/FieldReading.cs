using System.Text.Json;

namespace Slipway.Workloads;

/// <summary>What stands at a path of one object.</summary>
/// <param name="Text">Null when the field is absent, or cannot be read.</param>
/// <param name="Place">The path as a JSON pointer (RFC 6901) into this very version of the object: places in lists are counted out.</param>
/// <param name="Owner">Who wrote it last.</param>
/// <param name="Problem">Why nothing can be read or written there, as the rest of a sentence about the object; null when all is well.</param>
public sealed record FieldReading(string? Text, string Place, FieldOwner? Owner = null, string? Problem = null)
{
    /// <summary>
    /// What the object's own controller says that it compared last, where it says so (Argo CD: <c>status.sync.comparedTo</c>); null where it does not.
    /// </summary>
    public string? Compared { get; init; }
}

/// <summary>Follows a path into an object, and into the records of who owns its fields.</summary>
public static class FieldLookup
{
    // As many names of fields or items as a sentence can take.
    private const int Named = 8;

    public static FieldReading Read(JsonElement root, FieldPath path)
    {
        var (found, pointer, problem) = Follow(root, path);
        var text = found is { ValueKind: JsonValueKind.String } leaf && leaf.GetString() is { Length: > 0 } written ? written : null;
        var owner = found is null ? null : ImageOwnership.LastWriter(Managed(root), entry => Owns(entry, root, path));
        return new(text, pointer, owner, problem) { Compared = Compared(root, path) };
    }

    private static (JsonElement? Found, string Place, string? Problem) Follow(JsonElement root, FieldPath path)
    {
        var (here, pointer) = (root, "");
        for (var place = 0; place < path.Steps.Length; place++)
        {
            var (next, name, problem) = Step(here, path.Steps[place]);
            pointer += $"/{name}";
            if (next is null)
            {
                // An image that is not there yet can be written; where its surroundings are missing too, the path is more likely wrong.
                var last = place == path.Steps.Length - 1 && path.Steps[place] is PathStep.Field && here.ValueKind == JsonValueKind.Object;
                return (null, pointer, last ? null : place == 0 ? problem : $"{problem} in {path.Beginning(place)}");
            }

            here = next.Value;
        }

        return here.ValueKind switch
        {
            JsonValueKind.String => (here, pointer, null),
            JsonValueKind.Number => (null, pointer, $"has the number {here} at {path}; put quotes around it where it is written"),
            _ => (null, pointer, $"has {Kind(here)} at {path}, and not a text"),
        };
    }

    /// <summary>What one step leads to; null with the reason where it leads nowhere. A null is as good as nothing (rule 16).</summary>
    private static (JsonElement? Next, string Name, string? Problem) Step(JsonElement here, PathStep step)
    {
        switch (step)
        {
            case PathStep.Field { Name: var name }:
                return here.ValueKind != JsonValueKind.Object ? (null, Escaped(name), $"has {Kind(here)} and no field {name}")
                    : here.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? (child, Escaped(name), null)
                    : (null, Escaped(name), $"has no {name}{Listed(here.EnumerateObject().Select(field => field.Name))}");

            case PathStep.Index { At: var at }:
                return here.ValueKind != JsonValueKind.Array ? (null, $"{at}", $"has {Kind(here)} and no list")
                    : at < here.GetArrayLength() ? (here[at], $"{at}", null)
                    : (null, $"{at}", $"has only {here.GetArrayLength()} items and no item {at}");

            case PathStep.Item { Key: var key, Value: var value }:
                if (here.ValueKind != JsonValueKind.Array)
                {
                    return (null, "-", $"has {Kind(here)} and no list");
                }

                var matches = here.EnumerateArray().Index().Where(item => Text(item.Item, key) == value).Take(2).ToArray();
                return matches switch
                {
                    [var only] => (only.Item, $"{only.Index}", null),
                    [] => (null, "-", $"has no item with {key}={value}{Listed(here.EnumerateArray().Select(item => Text(item, key)).OfType<string>())}"),
                    _ => (null, "-", $"has several items with {key}={value}"),
                };

            default:
                throw new System.Diagnostics.UnreachableException($"{step}");
        }
    }

    /// <summary>Whether an entry of managedFields has the field, or all of a list or object in which it is (an atomic one has no fields of its own).</summary>
    private static bool Owns(JsonElement entry, JsonElement root, FieldPath path)
    {
        if (!entry.TryGetProperty("fieldsV1", out var fields))
        {
            return false;
        }

        var here = root;
        foreach (var step in path.Steps)
        {
            var next = Step(here, step).Next!.Value;
            if (Child(fields, step, next) is not { } child)
            {
                return false;
            }

            if (child.ValueKind == JsonValueKind.Object && !child.EnumerateObject().Any())
            {
                return true;
            }

            (fields, here) = (child, next);
        }

        return true;
    }

    private static JsonElement? Child(JsonElement fields, PathStep step, JsonElement item)
    {
        if (fields.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (step is PathStep.Field { Name: var name })
        {
            return fields.TryGetProperty($"f:{name}", out var field) ? field : null;
        }

        // k: an item by its keys; v: a value of a set; i: a place in a list.
        foreach (var child in fields.EnumerateObject())
        {
            if ((child.Name.StartsWith("k:", StringComparison.Ordinal) && HasKeys(item, child.Name.AsSpan(2)))
                || (child.Name.StartsWith("v:", StringComparison.Ordinal) && item.GetRawText().AsSpan().SequenceEqual(child.Name.AsSpan(2)))
                || (step is PathStep.Index { At: var at } && child.Name == $"i:{at}"))
            {
                return child.Value;
            }
        }

        return null;
    }

    private static bool HasKeys(JsonElement item, ReadOnlySpan<char> keys)
    {
        try
        {
            using var wanted = JsonDocument.Parse(keys.ToString());
            return item.ValueKind == JsonValueKind.Object
                && wanted.RootElement.EnumerateObject().All(key => item.TryGetProperty(key.Name, out var value) && JsonElement.DeepEquals(value, key.Value));
        }
        catch (JsonException)
        {
            // Not in the form that the API server writes: nobody owns anything by it.
            return false;
        }
    }

    // Argo CD's controller looks seldom, and until it has, its status speaks of the source before. What it compared is a copy of that source.
    private static string? Compared(JsonElement root, FieldPath path)
    {
        if (path.Steps is not [PathStep.Field { Name: "spec" }, PathStep.Field { Name: "source" or "sources" }, ..] || Property(Property(root, "status"), "sync") is not { } sync)
        {
            return null;
        }

        JsonElement? here = Property(sync, "comparedTo");
        foreach (var step in path.Steps.Skip(1))
        {
            here = here is { } from ? Step(from, step).Next : null;
        }

        return here is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
    }

    private static JsonElement Managed(JsonElement root) => Property(Property(root, "metadata"), "managedFields") ?? default;

    private static JsonElement? Property(JsonElement? from, string name) =>
        from is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var child) ? child : null;

    private static string? Text(JsonElement item, string key) => Property(item, key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Listed(IEnumerable<string> names) => names.Take(Named).ToArray() is { Length: > 0 } some ? $" (it has {string.Join(", ", some)})" : "";

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "nothing",
    };
}
