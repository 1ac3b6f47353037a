using System.Text.Json.Nodes;

namespace Slipway.Cli.Diagnosis;

/// <summary>What one schema says and another does not. The API server leaves out what is empty, so null, absent and empty are the same (rule 16).</summary>
internal static class SchemaDifference
{
    private const string Schema = "openAPIV3Schema";

    /// <summary>Paths as a user writes the field: <c>spec.source.follow</c>.</summary>
    /// <param name="wanted">All that it says must be said by the other one.</param>
    public static IEnumerable<string> Missing(JsonNode? wanted, JsonNode? there, string path = "") => wanted switch
    {
        JsonObject fields => fields.Where(field => field.Key != "description").SelectMany(field => Missing(field.Value, (there as JsonObject)?[field.Key], Below(path, field.Key))),
        JsonArray items when there is JsonArray others && items.Count == others.Count => items.SelectMany((item, index) => Missing(item, others[index], path)).Distinct(),
        _ when IsNothing(wanted) || JsonNode.DeepEquals(wanted, there) => [],
        _ => [path.Length == 0 ? "the schema" : path],
    };

    // The words of JSON Schema between two fields tell a person nothing; the last one does.
    private static string Below(string path, string field) => field is "properties" or "items" or Schema or "additionalProperties" ? path : path.Length == 0 ? field : $"{path}.{field}";

    private static bool IsNothing(JsonNode? value) => value switch
    {
        null => true,
        JsonArray items => items.Count == 0,
        JsonValue one => one.ToJsonString() is "false" or "\"\"" or "0",
        _ => false,
    };
}
