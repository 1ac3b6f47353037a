using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Cli.Schemas;
using Slipway.Rollouts;

namespace Slipway.Tests.Cli.Schemas;

/// <summary>The schemas are written by hand, for AOT and for their descriptions; here reflection proves that they say what the wire types say.</summary>
public sealed class WireTypesTests
{
    private static readonly Dictionary<Type, Schema> Schemas = new()
    {
        [typeof(Delivery)] = DeliverySchema.Whole,
        [typeof(Release)] = ReleaseSchema.Whole,
        [typeof(Freeze)] = FreezeSchema.Whole,
        [typeof(ClusterCheck)] = CheckSchema.Template,
        [typeof(Notifier)] = NotifierSchema.Whole,
    };

    [Theory]
    [InlineData(typeof(Delivery))]
    [InlineData(typeof(Release))]
    [InlineData(typeof(Freeze))]
    [InlineData(typeof(ClusterCheck))]
    [InlineData(typeof(Notifier))]
    public void Schema_and_wire_type_name_the_same_fields_with_the_same_types(Type type)
    {
        var schema = Schemas[type];
        List<string> differences = [];

        Compare(type, schema.ToJson(), type.Name, differences);

        Assert.Empty(differences);
    }

    [Fact]
    public void A_difference_is_found_wherever_it_is()
    {
        List<string> differences = [];

        Compare(typeof(ReleasedImage), Schema.Object("", Field.May("tag", Schema.Number("")), Field.May("digest", Schema.Text("")), Field.May("extra", Schema.Flag("")), Field.May("built", Schema.Instant(""))).ToJson(), "x", differences);

        Assert.Equal(["x.release is not in the schema", "x.adopted is not in the schema", "x.extra is not in the wire type", "x.tag is integer/int64 and should be string/"], differences.Order(StringComparer.Ordinal).OrderBy(Rank));

        static int Rank(string text) => text.Contains("release", StringComparison.Ordinal) ? 0 : text.Contains("adopted", StringComparison.Ordinal) ? 1 : text.Contains("extra", StringComparison.Ordinal) ? 2 : 3;
    }

    [Theory]
    [InlineData(typeof(Delivery))]
    [InlineData(typeof(Release))]
    [InlineData(typeof(ClusterCheck))]
    public void What_we_write_is_never_without_a_field_that_the_schema_requires(Type type)
    {
        var schema = Schemas[type];
        List<string> missing = [];

        RequiredAreNeverNull(type, schema.ToJson(), type.Name, missing);

        Assert.Empty(missing);
    }

    private static void Compare(Type type, JsonObject schema, string path, List<string> differences)
    {
        var (kind, format) = Expected(type);
        if ((string?)schema["type"] != kind || (string?)schema["format"] != format)
        {
            differences.Add($"{path} is {schema["type"]}/{schema["format"]} and should be {kind}/{format}");
            return;
        }

        if (type == typeof(RolloutState))
        {
            differences.AddRange((bool?)schema["x-kubernetes-preserve-unknown-fields"] == true ? [] : [$"{path} must be kept whole"]);
        }
        else if (type == typeof(ObjectMeta))
        {
            differences.AddRange(schema["properties"] is null ? [] : [$"{path}: the server knows metadata, a schema must not"]);
        }
        else if (kind == "array")
        {
            Compare(type.GetGenericArguments()[0], schema["items"]!.AsObject(), $"{path}[]", differences);
        }
        else if (type == typeof(ImmutableDictionary<string, string>))
        {
            Compare(typeof(string), schema["additionalProperties"]!.AsObject(), $"{path}{{}}", differences);
        }
        else if (kind == "object")
        {
            CompareFields(type, schema["properties"]?.AsObject() ?? [], path, differences);
        }
    }

    private static void CompareFields(Type type, JsonObject fields, string path, List<string> differences)
    {
        var wire = Fields(type).ToDictionary(field => field.Name);
        differences.AddRange(wire.Keys.Where(name => !fields.ContainsKey(name)).Select(name => $"{path}.{name} is not in the schema"));
        differences.AddRange(fields.Select(field => field.Key).Where(name => !wire.ContainsKey(name)).Select(name => $"{path}.{name} is not in the wire type"));
        foreach (var (name, schema) in fields.Where(field => wire.ContainsKey(field.Key)))
        {
            Compare(wire[name].Type, schema!.AsObject(), $"{path}.{name}", differences);
        }
    }

    private static (string Kind, string? Format) Expected(Type type) => type switch
    {
        _ when type == typeof(string) || type.IsEnum => ("string", null),
        _ when type == typeof(bool) => ("boolean", null),
        _ when type == typeof(int) => ("integer", "int32"),
        _ when type.IsEnum => ("string", null),
        _ when type == typeof(long) => ("integer", "int64"),
        _ when type == typeof(double) => ("number", "double"),
        _ when type == typeof(DateTimeOffset) => ("string", "date-time"),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => ("array", null),
        _ => ("object", null),
    };

    private sealed record WireField(string Name, Type Type, bool MayBeNull);

    private static IEnumerable<WireField> Fields(Type type)
    {
        var nullability = new NullabilityInfoContext();
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => new WireField(
            $"{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}",
            Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType,
            nullability.Create(property).ReadState == NullabilityState.Nullable));
    }

    // The spec is the user's: there a required field that is absent is what the schema is to refuse.
    private static void RequiredAreNeverNull(Type type, JsonObject schema, string path, List<string> missing)
    {
        if (type == typeof(DeliverySpec) || type == typeof(ClusterCheckSpec) || type == typeof(RolloutState) || schema["properties"] is not JsonObject fields)
        {
            return;
        }

        var required = (schema["required"] as JsonArray ?? []).Select(name => (string?)name).ToHashSet();
        foreach (var field in Fields(type).Where(field => fields.ContainsKey(field.Name)))
        {
            if (required.Contains(field.Name) && field.MayBeNull && field.Name != "spec")
            {
                missing.Add($"{path}.{field.Name} may be null, and the schema requires it");
            }

            var inner = field.Type.IsGenericType ? field.Type.GetGenericArguments()[0] : field.Type;
            var below = fields[field.Name]!.AsObject();
            RequiredAreNeverNull(inner, below["items"]?.AsObject() ?? below, $"{path}.{field.Name}", missing);
        }
    }
}
