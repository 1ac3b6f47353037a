using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>Writes trees without asking each node for a converter, which costs most of the time of a list otherwise.</summary>
public static class JsonWriting
{
    /// <summary>Go escapes little; neither do we, so that patches in annotations read the same on both servers.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject fields:
                writer.WriteStartObject();
                foreach (var (name, value) in fields)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }
                writer.WriteEndArray();
                break;
            case JsonValue value:
                Write(writer, value);
                break;
            default:
                throw new JsonException($"a {node.GetType().Name} is not JSON");
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonValue value)
    {
        if (value.TryGetValue<string>(out var text))
        {
            writer.WriteStringValue(text);
        }
        else if (value.TryGetValue<long>(out var whole))
        {
            writer.WriteNumberValue(whole);
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
