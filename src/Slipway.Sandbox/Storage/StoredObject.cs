using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>
/// One version of one object. <see cref="Value"/> is shared by all who read it and must never be changed; whoever wants another
/// value copies it (<see cref="JsonTree.Copy(JsonObject)"/>) or uses <see cref="ObjectStore.Update"/>, which hands out a copy.
/// </summary>
public sealed class StoredObject(ObjectKey key, JsonObject value, long version)
{
    private byte[]? _utf8;

    public ObjectKey Key { get; } = key;

    public JsonObject Value { get; } = value;

    /// <summary>The version of the whole store at which the object became this; its <c>metadata.resourceVersion</c>.</summary>
    public long Version { get; } = version;

    /// <summary>The value as text, made once however many lists and watches send it.</summary>
    internal byte[] Utf8 => _utf8 ??= JsonTree.ToUtf8(Value);
}
