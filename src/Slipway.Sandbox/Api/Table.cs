using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Api;

/// <param name="Priority">0 is always shown, more only in wide output.</param>
internal sealed record Column(string Name, string Type, int Priority, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public string Format { get; init; } = "";

    public string Description { get; init; } = "";
}

/// <summary>Objects as rows for people ("Receiving resources as Tables" of the Kubernetes API concepts).</summary>
internal static class Table
{
    public static JsonObject Of(ResourceDefinition resource, IEnumerable<StoredObject> objects, DateTimeOffset now, string include)
    {
        var columns = Columns.Of(resource);
        return new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject(),
            ["columnDefinitions"] = new JsonArray([.. columns.Select(Definition)]),
            ["rows"] = new JsonArray([.. objects.Select(stored => Row(columns, stored.Value, now, include))]),
        };
    }

    private static JsonObject Definition(Column column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private static JsonObject Row(IReadOnlyList<Column> columns, JsonObject value, DateTimeOffset now, string include)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(value, now))]) };
        row["object"] = include switch
        {
            "None" => null,
            "Object" => JsonTree.Copy(value),
            _ => PartialMetadata.Of(value),
        };
        return row;
    }
}
