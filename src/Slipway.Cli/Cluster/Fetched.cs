using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Cli.Cluster;

/// <summary>An object as we understand it, and as the server gave it: what we do not know of it is printed too.</summary>
internal sealed record Fetched<T>(T Value, JsonObject Raw)
    where T : class
{
    public static Func<JsonElement, Fetched<T>?> Reader(JsonTypeInfo<T> type) => Reader(element => element.Deserialize(type)!);

    public static Func<JsonElement, Fetched<T>?> Reader(Func<JsonElement, T?> read) => element =>
    {
        var raw = JsonObject.Create(element.Clone())!;

        // As kubectl: who owns which field is of no interest to a reader, and is most of the text.
        (raw["metadata"] as JsonObject)?.Remove("managedFields");
        return read(element) is { } value ? new Fetched<T>(value, raw) : null;
    };

    /// <summary>As kubectl prints several objects.</summary>
    public static JsonObject List(IEnumerable<Fetched<T>> items) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. items.Select(item => item.Raw.DeepClone())]),
    };
}
