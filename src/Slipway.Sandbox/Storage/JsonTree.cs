using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>
/// JSON as the store keeps it: trees that are fully read (a lazily read one changes under concurrent readers), with every
/// integer a <see cref="long"/> and every other number a <see cref="double"/>, so that equal values are equal trees.
/// </summary>
public static class JsonTree
{
    /// <summary>Deeper than any object of Kubernetes, and far from the end of the stack.</summary>
    public const int MaxDepth = 128;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = MaxDepth };

    /// <exception cref="JsonException">The bytes are not one JSON value, or are nested deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Reading);
        if (!reader.Read())
        {
            throw new JsonException("there is no JSON in it");
        }
        var root = Read(ref reader);
        return reader.Read() ? throw new JsonException("there is more after the end of the value") : root;
    }

    public static JsonNode? Parse(string text) => Parse(System.Text.Encoding.UTF8.GetBytes(text));

    public static JsonObject ParseObject(string text) =>
        Parse(text) as JsonObject ?? throw new JsonException("the value is not an object");

    public static JsonObject Copy(JsonObject source)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in source)
        {
            copy.Add(name, Copy(value));
        }
        return copy;
    }

    /// <summary>A tree of its own with the same values, normalized.</summary>
    public static JsonNode? Copy(JsonNode? source) => source switch
    {
        null => null,
        JsonObject fields => Copy(fields),
        JsonArray items => Copy(items),
        JsonValue value => Copy(value),
        _ => throw new JsonException($"a {source.GetType().Name} is not JSON"),
    };

    public static byte[] ToUtf8(JsonNode? node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            JsonWriting.Write(writer, node);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether two normalized trees have the same values; the order of fields does not count.</summary>
    public static bool Equal(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (null, null) => true,
        (JsonObject a, JsonObject b) => a.Count == b.Count && EqualFields(a, b),
        (JsonArray a, JsonArray b) => a.Count == b.Count && EqualItems(a, b),
        (JsonValue a, JsonValue b) => EqualValues(a, b),
        _ => false,
    };

    /// <summary>As <see cref="Equal"/>, but nothing, an empty object and an empty list are the same.</summary>
    public static bool Same(JsonNode? left, JsonNode? right) => (IsNothing(left) && IsNothing(right)) || Equal(left, right);

    /// <summary>Whether two objects have the same fields besides some.</summary>
    public static bool EqualBut(JsonObject left, JsonObject right, params ReadOnlySpan<string> ignored)
    {
        foreach (var name in left.Select(field => field.Key).Union(right.Select(field => field.Key)))
        {
            if (!ignored.Contains(name) && !Equal(left.Field(name), right.Field(name)))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsNothing(JsonNode? node) => node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static bool EqualFields(JsonObject left, JsonObject right)
    {
        foreach (var (name, value) in left)
        {
            if (!right.TryGetPropertyValue(name, out var other) || !Equal(value, other))
            {
                return false;
            }
        }
        return true;
    }

    private static bool EqualItems(JsonArray left, JsonArray right)
    {
        for (var i = 0; i < left.Count; i++)
        {
            if (!Equal(left[i], right[i]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool EqualValues(JsonValue left, JsonValue right)
    {
        if (left.TryGetValue<string>(out var text))
        {
            return right.TryGetValue<string>(out var other) && text == other;
        }
        var kind = left.GetValueKind();
        if (kind != right.GetValueKind())
        {
            return false;
        }
        return kind != JsonValueKind.Number || (left.TryGetValue<long>(out var whole) && right.TryGetValue<long>(out var number)
            ? whole == number
            : left.ToString() == right.ToString());
    }

    private static JsonArray Copy(JsonArray items)
    {
        var copy = new JsonArray();
        foreach (var item in items)
        {
            copy.Add(Copy(item));
        }
        return copy;
    }

    private static JsonValue Copy(JsonValue value)
    {
        if (value.TryGetValue<string>(out var text))
        {
            return JsonValue.Create(text);
        }
        return value.GetValueKind() switch
        {
            JsonValueKind.True => JsonValue.Create(true),
            JsonValueKind.False => JsonValue.Create(false),
            JsonValueKind.Number => Number(value),
            _ => JsonValue.Create(value.ToString()),
        };
    }

    private static JsonValue Number(JsonValue value)
    {
        if (value.TryGetValue<long>(out var whole))
        {
            return JsonValue.Create(whole);
        }
        if (value.TryGetValue<double>(out var real))
        {
            return JsonValue.Create(real);
        }
        var text = value.ToJsonString();
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)
            ? JsonValue.Create(whole)
            : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture));
    }

    private static JsonNode? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.Number => reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : ReadDouble(ref reader),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        _ => null,
    };

    private static JsonValue ReadDouble(ref Utf8JsonReader reader) =>
        reader.TryGetDouble(out var real) && double.IsFinite(real)
            ? JsonValue.Create(real)
            : throw new JsonException("a number is out of range");

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var fields = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            // The last one wins when a name comes twice, as in Go's decoder.
            fields[name] = Read(ref reader);
        }
        return fields;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var items = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Read(ref reader));
        }
        return items;
    }
}
