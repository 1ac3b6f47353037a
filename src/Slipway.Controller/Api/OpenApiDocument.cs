using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Slipway.Views;

namespace Slipway.Controller.Api;

/// <summary>
/// The API's description (OpenAPI 3.1), made of the table of routes and of the types that they write, so that it cannot say anything else than what is
/// served. Schemas are JSON Schema, of which 3.1 is a dialect.
/// </summary>
internal static partial class OpenApiDocument
{
    private static readonly Lazy<JsonObject> Document = new(Make);

    public static ApiAnswer Answer => new ApiAnswer.Whole(StatusCodes.Status200OK, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(Document.Value.ToJsonString()));

    public static JsonObject Make()
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject());
        foreach (var route in Routes.All)
        {
            if (paths[route.Path] is not JsonObject path)
            {
                paths[route.Path] = path = [];
            }

            path[route.Method.ToLowerInvariant()] = Operation(route, schemas);
        }

        Reference(ViewJson.Default.ProblemView, schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Slipway", ["version"] = "v1", ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" } },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["session"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "a token that the cluster's TokenReview knows" },
                    ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = "__Host-slipway", ["description"] = $"a browser's session; what changes something needs the header {RequestGuard.SessionHeader}: 1 too" },
                },
                ["schemas"] = schemas,
            },
        };
    }

    private static JsonObject Operation(ApiRoute route, JsonObject schemas)
    {
        var parameters = new JsonArray([.. PathParameter.Matches(route.Path).Select(match => (JsonNode?)Parameter(match.Groups[1].Value, "path", "string", null)), .. route.Query.Select(query => (JsonNode?)Parameter(query.Name, "query", query.Type, query.Means))]);
        var operation = new JsonObject
        {
            ["operationId"] = $"{route.Method.ToLowerInvariant()}{string.Concat(Words.Matches(route.Path).Select(word => $"{char.ToUpperInvariant(word.Value[0])}{word.Value[1..]}"))}",
            ["summary"] = route.Summary,
            ["description"] = route.Reach == Reach.Open ? "A way in: needs nothing." : route.Right is { } right ? $"Needs the right to {right.Verb} {right.Target}, {Where(route.Reach)}." : "Needs a token that the cluster knows.",
            ["parameters"] = parameters,
        };
        if (route.Takes is { } takes)
        {
            operation["requestBody"] = new JsonObject { ["content"] = Content("application/json", Reference(takes, schemas)) };
        }

        if (route.Reach == Reach.Open)
        {
            operation["security"] = new JsonArray();
        }

        operation["responses"] = new JsonObject
        {
            [$"{route.Status}"] = Good(route, schemas),
            ["default"] = new JsonObject { ["description"] = "Refused, with the reason and the way out", ["content"] = Content("application/problem+json", Reference(ViewJson.Default.ProblemView, schemas)) },
        };
        return operation;
    }

    private static JsonObject Good(ApiRoute route, JsonObject schemas)
    {
        var good = new JsonObject { ["description"] = route.Summary };
        if (route.Status is not StatusCodes.Status204NoContent)
        {
            good["content"] = Content(route.ContentType, route.Answers is { } answers ? Reference(answers, schemas) : []);
        }

        return good;
    }

    private static string Where(Reach reach) => reach switch
    {
        Reach.Object => "on the Delivery itself",
        Reach.Namespace => "in the namespace",
        Reach.Lists => "in all namespaces, or in those of which the answer is to tell",
        _ => "across the cluster",
    };

    private static JsonObject Parameter(string name, string place, string type, string? means)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = new JsonObject { ["type"] = type } };
        if (means is not null)
        {
            parameter["description"] = means;
        }

        return parameter;
    }

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Reference(JsonTypeInfo type, JsonObject schemas)
    {
        var name = type.Type.IsGenericType ? $"{type.Type.GetGenericArguments()[0].Name}List" : type.Type.Name;
        if (!schemas.ContainsKey(name))
        {
            schemas[name] = Schema(type, $"#/components/schemas/{name}");
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static JsonNode Schema(JsonTypeInfo type, string at) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) =>
        {
            // Times and durations have converters of ours, of which the exporter knows nothing.
            var plain = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
            if (plain == typeof(DateTimeOffset) || plain == typeof(TimeSpan))
            {
                return new JsonObject { ["type"] = "string", [plain == typeof(TimeSpan) ? "description" : "format"] = plain == typeof(TimeSpan) ? "a duration, such as 30s or 10m" : "date-time" };
            }

            // Pointers of a schema are to the document that it becomes a part of.
            if (schema is JsonObject { } json && (string?)json["$ref"] is ['#', .. var rest])
            {
                json["$ref"] = $"{at}{rest}";
            }

            return schema;
        },
    });

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter { get; }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words { get; }
}
