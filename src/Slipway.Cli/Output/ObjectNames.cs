using System.Text.Json.Nodes;

namespace Slipway.Cli.Output;

/// <summary>What an object is called on a command line of kubectl: <c>delivery.slipway.dev/shop</c>.</summary>
internal static class ObjectNames
{
    /// <param name="document">One object, or a List.</param>
    public static string Of(JsonNode document) => document["items"] is JsonArray items
        ? string.Concat(items.OfType<JsonObject>().Select(Line))
        : Line(document);

    private static string Line(JsonNode item)
    {
        var (kind, api) = ((string?)item["kind"] ?? "", (string?)item["apiVersion"] ?? "");
        var group = api.Split('/') is [var named, _] ? $".{named}" : "";
        return $"{kind.ToLowerInvariant()}{group}/{item["metadata"]?["name"]}\n";
    }
}
