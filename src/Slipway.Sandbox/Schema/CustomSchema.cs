using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>
/// Reads the schema of a CRD. It must be structural ("Specifying a structural schema" of the CRD documentation): each field
/// has a type. Rules in CEL are not evaluated.
/// </summary>
internal sealed class CustomSchema
{
    private readonly ImmutableArray<StatusCause>.Builder _causes = ImmutableArray.CreateBuilder<StatusCause>();

    /// <param name="path">Where the schema stands in the CRD, for the causes.</param>
    /// <returns>The type of a whole object, with its metadata.</returns>
    public static TypeSchema Read(JsonObject schema, string path, out ImmutableArray<StatusCause> causes)
    {
        var reader = new CustomSchema();
        var root = reader.ReadType(schema, path, structural: true);
        if (schema.Text("type") is not ("object" or ""))
        {
            reader.Fault("FieldValueInvalid", $"Invalid value: \"{schema.Text("type")}\": must be object at the root", path + ".type");
        }
        causes = reader._causes.ToImmutable();
        var fields = root.Fields.ToDictionary();
        fields["apiVersion"] = fields["kind"] = new() { Shape = TypeShape.Text };
        fields["metadata"] = BuiltInTypes.ObjectMeta;
        return new()
        {
            Shape = root.Shape,
            Fields = fields.ToFrozenDictionary(),
            Element = root.Element,
            PreservesUnknown = root.PreservesUnknown,
            Rules = root.Rules,
        };
    }

    private TypeSchema ReadType(JsonObject schema, string path, bool structural)
    {
        var preserves = schema.Flag("x-kubernetes-preserve-unknown-fields");
        var shape = Shape(schema, path, structural && !preserves);
        var (listKind, keys) = ListType(schema);
        return new()
        {
            Shape = shape,
            Fields = (schema.Section("properties") ?? [])
                .ToFrozenDictionary(field => field.Key, field => ReadType(field.Value as JsonObject ?? [], $"{path}.properties[{field.Key}]", structural)),
            Element = Element(schema, path, structural),
            ListKind = listKind,
            Keys = keys,
            Atomic = schema.Text("x-kubernetes-map-type") == "atomic",
            PreservesUnknown = preserves,
            EmbeddedResource = schema.Flag("x-kubernetes-embedded-resource"),
            Nullable = schema.Flag("nullable"),
            Default = schema["default"],
            Rules = Rules(schema, path),
        };
    }

    private TypeShape Shape(JsonObject schema, string path, bool structural)
    {
        if (schema.Flag("x-kubernetes-int-or-string"))
        {
            return TypeShape.WholeOrText;
        }
        switch (schema.Text("type"))
        {
            case "string":
                return TypeShape.Text;
            case "integer":
                return TypeShape.Whole;
            case "number":
                return TypeShape.Number;
            case "boolean":
                return TypeShape.Flag;
            case "array":
                return TypeShape.List;
            case "object":
                return schema["additionalProperties"] is JsonObject || schema.Flag("additionalProperties") ? TypeShape.Map : TypeShape.Struct;
            case "":
                if (structural)
                {
                    Fault("FieldValueRequired", "Required value: must not be empty for specified object fields", path + ".type");
                }
                return TypeShape.Anything;
            case var other:
                Fault("FieldValueNotSupported",
                    $"Unsupported value: \"{other}\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"",
                    path + ".type");
                return TypeShape.Anything;
        }
    }

    private TypeSchema? Element(JsonObject schema, string path, bool structural) => schema.Text("type") switch
    {
        "array" when schema["items"] is JsonObject items => ReadType(items, path + ".items", structural),
        "array" => Unspecified(path),
        _ when schema["additionalProperties"] is JsonObject values => ReadType(values, path + ".additionalProperties", structural),
        _ when schema.Flag("additionalProperties") => TypeSchema.Anything,
        _ => null,
    };

    private TypeSchema Unspecified(string path)
    {
        Fault("FieldValueRequired", "Required value: must be specified", path + ".items");
        return TypeSchema.Anything;
    }

    private static (ListKind Kind, ImmutableArray<string> Keys) ListType(JsonObject schema) => schema.Text("x-kubernetes-list-type") switch
    {
        "set" => (ListKind.Set, []),
        "map" => (ListKind.Map, Texts(schema["x-kubernetes-list-map-keys"])),
        _ => (ListKind.Atomic, []),
    };

    private ValueRules Rules(JsonObject schema, string path) => new()
    {
        Required = Texts(schema["required"]),
        Enum = schema["enum"] is JsonArray values ? [.. values] : [],
        Pattern = Pattern(schema.Text("pattern"), path),
        Format = schema.Text("format"),
        Minimum = Real(schema["minimum"]),
        ExclusiveMinimum = schema.Flag("exclusiveMinimum"),
        Maximum = Real(schema["maximum"]),
        ExclusiveMaximum = schema.Flag("exclusiveMaximum"),
        MultipleOf = Real(schema["multipleOf"]),
        MinLength = schema.Number("minLength"),
        MaxLength = schema.Number("maxLength"),
        MinItems = schema.Number("minItems"),
        MaxItems = schema.Number("maxItems"),
        UniqueItems = schema.Flag("uniqueItems"),
        MinProperties = schema.Number("minProperties"),
        MaxProperties = schema.Number("maxProperties"),
        AllOf = Alternatives(schema, "allOf", path),
        AnyOf = Alternatives(schema, "anyOf", path),
        OneOf = Alternatives(schema, "oneOf", path),
        Not = schema.Section("not") is { } not ? ReadType(not, path + ".not", structural: false) : null,
    };

    private ImmutableArray<TypeSchema> Alternatives(JsonObject schema, string field, string path) =>
        [.. schema.Objects(field).Select((alternative, i) => ReadType(alternative, $"{path}.{field}[{i}]", structural: false))];

    // Without backtracking a pattern takes linear time, as Go's do.
    private Regex? Pattern(string pattern, string path)
    {
        try
        {
            return pattern.Length == 0 ? null : new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            Fault("FieldValueInvalid", $"Invalid value: \"{pattern}\": must be a valid regular expression, but isn't: {e.Message}", path + ".pattern");
            return null;
        }
    }

    private void Fault(string reason, string message, string path) => _causes.Add(new(reason, message, path));

    private static ImmutableArray<string> Texts(JsonNode? list) => list is JsonArray items ? [.. items.Select(JsonFields.AsText).OfType<string>()] : [];

    internal static double? Real(JsonNode? node) => node is JsonValue value && value.GetValueKind() is System.Text.Json.JsonValueKind.Number
        ? value.TryGetValue<long>(out var whole) ? whole : value.GetValue<double>()
        : null;
}
