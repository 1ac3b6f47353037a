using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>
/// One version of one object. <see cref="Value"/> is shared by all who read it and must never be changed; whoever wants another
/// value copies it (<see cref="JsonTree.Copy(JsonObject)"/>) or uses <see cref="ObjectStore.Update"/>, which hands out a copy.
/// </summary>
public sealed class StoredObject(ObjectKey key, JsonObject value, long version)
{
    private byte[]? _fields;

    public ObjectKey Key { get; } = key;

    public JsonObject Value { get; } = value;

    /// <summary>The version of the whole store at which the object became this; its <c>metadata.resourceVersion</c>.</summary>
    public long Version { get; } = version;

    /// <summary>
    /// All fields but kind and apiVersion, as text without the brace before them, made once however many lists and watches send
    /// it: what goes before depends on the version that is asked for, and is absent in lists.
    /// </summary>
    internal ReadOnlySpan<byte> Fields => _fields ??= Write(Value);

    private static byte[] Write(JsonObject value)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            writer.WriteStartObject();
            foreach (var (name, field) in value)
            {
                if (name is not ("kind" or "apiVersion"))
                {
                    writer.WritePropertyName(name);
                    JsonWriting.Write(writer, field);
                }
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan[1..].ToArray();
    }
}
