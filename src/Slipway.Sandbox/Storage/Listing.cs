using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Storage;

/// <summary>The objects of one resource as they were all at one moment.</summary>
/// <param name="Version">That moment: a watch from it misses nothing.</param>
public sealed record Listing(long Version, ImmutableArray<StoredObject> Objects)
{
    public IEnumerable<JsonObject> Items => Objects.Select(stored => stored.Value);
}
