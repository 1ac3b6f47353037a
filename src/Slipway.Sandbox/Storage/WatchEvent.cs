using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

public enum WatchEventType { Added, Modified, Deleted }

/// <param name="Stored">What the object is now; of a deleted one, what it was at last, with the version of the deletion.</param>
/// <param name="Previous">What it was before; null when it was not there.</param>
public sealed record WatchEvent(WatchEventType Type, StoredObject Stored, StoredObject? Previous)
{
    public JsonObject Value => Stored.Value;

    public ObjectKey Key => Stored.Key;

    public long Version => Stored.Version;
}
