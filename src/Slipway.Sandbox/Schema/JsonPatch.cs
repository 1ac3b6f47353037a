using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>RFC 6902.</summary>
internal static class JsonPatch
{
    // As the API server has it (patch.go: maxJSONPatchOperations).
    private const int MaxOperations = 10_000;

    /// <returns>What the target becomes; the target itself may be changed too.</returns>
    /// <exception cref="StatusException">An operation cannot be done, or a test failed.</exception>
    public static JsonObject Apply(JsonObject target, JsonArray patch)
    {
        if (patch.Count > MaxOperations)
        {
            throw ApiStatus.TooLarge($"The allowed maximum operations in a JSON patch is {MaxOperations}, got {patch.Count}").Thrown();
        }
        JsonNode? root = target;
        foreach (var operation in patch)
        {
            root = Apply(root, operation as JsonObject ?? throw Malformed("an operation of a JSON patch must be an object"));
        }
        return root as JsonObject ?? throw Failed("the patched object is no object");
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, Value(operation));
            case "remove":
                Remove(root, path);
                return root;
            case "replace":
                Find(root, path);
                return path.Length == 0 ? Value(operation) : Replace(root, path, Value(operation));
            case "move":
                var from = Pointer(operation, "from");
                var moved = JsonTree.Copy(Find(root, from));
                Remove(root, from);
                return Add(root, path, moved);
            case "copy":
                return Add(root, path, JsonTree.Copy(Find(root, Pointer(operation, "from"))));
            case "test":
                return JsonTree.Equal(FindOrNull(root, path), operation["value"]) ? root
                    : throw Failed($"testing value {operation.Text("path")} failed: test failed");
            case var other:
                throw Malformed($"Unexpected kind: {other}");
        }
    }

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? JsonTree.Copy(value) : throw Malformed("an operation of a JSON patch has no value");

    private static string[] Pointer(JsonObject operation, string field)
    {
        if (JsonFields.AsText(operation[field]) is not { } text || (text.Length > 0 && text[0] != '/'))
        {
            throw Malformed($"the {field} of an operation of a JSON patch must be a JSON pointer");
        }
        return [.. text.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }
        switch (Find(root, path[..^1]))
        {
            case JsonObject fields:
                fields[path[^1]] = value;
                break;
            case JsonArray items:
                items.Insert(path[^1] == "-" ? items.Count : Index(path[^1], items.Count + 1), value);
                break;
            default:
                throw Failed($"add operation does not apply: doc is missing path: \"/{string.Join('/', path)}\"");
        }
        return root;
    }

    private static JsonNode? Replace(JsonNode? root, string[] path, JsonNode? value)
    {
        if (Find(root, path[..^1]) is JsonArray items)
        {
            items[Index(path[^1], items.Count)] = value;
        }
        else
        {
            ((JsonObject)Find(root, path[..^1])!)[path[^1]] = value;
        }
        return root;
    }

    private static void Remove(JsonNode? root, string[] path)
    {
        Find(root, path);
        switch (path.Length == 0 ? null : Find(root, path[..^1]))
        {
            case JsonObject fields:
                fields.Remove(path[^1]);
                break;
            case JsonArray items:
                items.RemoveAt(Index(path[^1], items.Count));
                break;
            default:
                throw Failed("the whole object cannot be removed");
        }
    }

    private static JsonNode? Find(JsonNode? root, string[] path)
    {
        var node = root;
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject fields when fields.TryGetPropertyValue(part, out var field) => field,
                JsonArray items => items[Index(part, items.Count)],
                _ => throw Failed($"the path \"/{string.Join('/', path)}\" is not in the object: Unable to access nonexistent key: {part}"),
            };
        }
        return node;
    }

    // A test of what is not there is a test for null.
    private static JsonNode? FindOrNull(JsonNode? root, string[] path)
    {
        var node = root;
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject fields => fields.Field(part),
                JsonArray items when int.TryParse(part, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < items.Count => items[index],
                _ => null,
            };
        }
        return node;
    }

    private static int Index(string part, int count) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count
            ? index
            : throw Failed($"Unable to access invalid index: {part}");

    private static StatusException Malformed(string why) => ApiStatus.BadRequest(why).Thrown();

    private static StatusException Failed(string why) =>
        new ApiStatus(422, "Invalid", "the server rejected our request due to an error in our request")
        {
            Causes = [new("UnexpectedServerResponse", why, "")],
        }.Thrown();
}
