using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Deliveries;

namespace Slipway.Cli.Schemas;

/// <summary>One node of a structural schema, as a CustomResourceDefinition takes it.</summary>
/// <remarks>Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions", "Specifying a structural schema".</remarks>
internal sealed record Schema(string Type, string Description)
{
    public string? Format { get; init; }

    public string? Pattern { get; init; }

    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Least and most: of a number, of the entries of a list or an object, of the letters of a text.</summary>
    public int? Least { get; init; }

    public int? Most { get; init; }

    /// <summary>
    /// Written into every object that lacks the field, stored ones too. Only for fields that no fingerprint is made of: another one would
    /// make a rejected image look like one that was never tried.
    /// </summary>
    public JsonNode? Default { get; init; }

    /// <summary>Of a list.</summary>
    public Schema? Items { get; init; }

    /// <summary>The field that tells the entries of a list apart, so that two writers can own one each.</summary>
    public string? Key { get; init; }

    /// <summary>Of an object with names that are not known.</summary>
    public Schema? Every { get; init; }

    public ImmutableArray<Field> Fields { get; init; } = [];

    /// <summary>Kept as it is, whatever it holds.</summary>
    public bool Opaque { get; init; }

    public static Schema Text(string description) => new("string", description);

    public static Schema OneOf(string description, params ImmutableArray<string> values) => new("string", description) { Values = values };

    public static Schema Duration(string description) => new("string", description) { Pattern = DurationText.Pattern };

    public static Schema Instant(string description) => new("string", description) { Format = "date-time" };

    public static Schema Flag(string description) => new("boolean", description);

    public static Schema Number(string description) => new("integer", description) { Format = "int64" };

    public static Schema Decimal(string description) => new("number", description) { Format = "double" };

    public static Schema List(string description, Schema items) => new("array", description) { Items = items };

    public static Schema Texts(string description) => List(description, new Schema("string", ""));

    public static Schema Map(string description) => new("object", description) { Every = new Schema("string", "") };

    public static Schema Object(string description, params ImmutableArray<Field> fields) => new("object", description) { Fields = fields };

    /// <summary>A LabelSelector.</summary>
    public static Schema Selector(string description) => Object(
        description,
        Field.May("matchLabels", Map("Labels that one must have.")),
        Field.May("matchExpressions", List("Requirements that must all hold.", Object(
            "One requirement.",
            Field.Must("key", Text("Name of the label.")),
            Field.Must("operator", OneOf("How the label relates to the values.", "In", "NotIn", "Exists", "DoesNotExist")),
            Field.May("values", Texts("Needed by In and NotIn, and by no other."))))));

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["type"] = Type };
        Set(json, "description", Description.Length == 0 ? null : Description);
        Set(json, "format", Format);
        Set(json, "pattern", Pattern);
        Set(json, "enum", Values.IsEmpty ? null : Strings(Values));
        Set(json, "default", Default?.DeepClone());
        var (least, most) = Type switch
        {
            "array" => ("minItems", "maxItems"),
            "object" => ("minProperties", "maxProperties"),
            "string" => ("minLength", "maxLength"),
            _ => ("minimum", "maximum"),
        };
        Set(json, least, Least);
        Set(json, most, Most);
        Set(json, "items", Items?.ToJson());
        Set(json, "x-kubernetes-list-type", Key is null ? null : "map");
        Set(json, "x-kubernetes-list-map-keys", Key is null ? null : Strings([Key]));
        Set(json, "additionalProperties", Every?.ToJson());
        Set(json, "x-kubernetes-preserve-unknown-fields", Opaque ? true : null);
        Set(json, "required", Fields.Any(field => field.Required) ? Strings(Fields.Where(field => field.Required).Select(field => field.Name)) : null);
        Set(json, "properties", Fields.IsEmpty ? null : Properties());
        return json;
    }

    private JsonObject Properties() => new(Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Schema.ToJson())));

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}

internal sealed record Field(string Name, Schema Schema, bool Required = false)
{
    public static Field Must(string name, Schema schema) => new(name, schema, Required: true);

    public static Field May(string name, Schema schema) => new(name, schema);
}
