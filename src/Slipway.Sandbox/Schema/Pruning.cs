using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Schema;

/// <summary>Removes what a kind does not declare, and finds values that are not of the declared shape.</summary>
internal static class Pruning
{
    /// <summary>Removes unknown fields in place.</summary>
    /// <returns>Their paths, as the API server's strict decoder writes them: <c>spec.template.foo</c>.</returns>
    public static List<string> Prune(TypeSchema type, JsonObject value)
    {
        List<string> unknown = [];
        PruneObject(type, value, unknown);
        return unknown;
    }

    /// <returns>What is wrong with the shape of some field; null when all is right.</returns>
    public static string? WrongShape(TypeSchema type, JsonNode? value) => FindWrong(type, value) is { } wrong
        ? $"json: cannot unmarshal {wrong.Found} into Go struct field {wrong.Path.TrimStart('.')} of type {wrong.Wanted}"
        : null;

    // The path is put together on the way back, so that nothing is for what is right.
    private static Mismatch? FindWrong(TypeSchema type, JsonNode? value)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonObject fields when type.IsObject:
                foreach (var (name, field) in fields)
                {
                    if (type.Field(name) is { } declared && FindWrong(declared, field) is { } wrong)
                    {
                        return wrong with { Path = $".{name}{wrong.Path}" };
                    }
                }
                return null;
            case JsonArray items when type.Shape is TypeShape.List:
                foreach (var item in items)
                {
                    if (FindWrong(type.Element!, item) is { } wrong)
                    {
                        return wrong;
                    }
                }
                return null;
            default:
                return Fits(type.Shape, value) ? null : new("", Name(value), Name(type.Shape));
        }
    }

    public static bool Fits(TypeShape shape, JsonNode value) => shape switch
    {
        TypeShape.Anything => true,
        TypeShape.Text => value.GetValueKind() is System.Text.Json.JsonValueKind.String,
        TypeShape.Flag => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        TypeShape.Number => value.GetValueKind() is System.Text.Json.JsonValueKind.Number,
        TypeShape.Whole => IsWhole(value),
        TypeShape.WholeOrText => IsWhole(value) || value.GetValueKind() is System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Number,
        TypeShape.Struct or TypeShape.Map => value is JsonObject,
        TypeShape.List => value is JsonArray,
        _ => throw new System.Diagnostics.UnreachableException($"unknown shape {shape}"),
    };

    private static bool IsWhole(JsonNode value) =>
        value is JsonValue number && (number.TryGetValue<long>(out _) || (number.TryGetValue<double>(out var real) && double.IsInteger(real)));

    private static void PruneValue(TypeSchema type, JsonNode? value, List<string> unknown)
    {
        if (value is JsonObject fields)
        {
            PruneObject(type, fields, unknown);
        }
        else if (value is JsonArray items && type.Element is { } element)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var known = unknown.Count;
                PruneValue(element, items[i], unknown);
                if (unknown.Count > known)
                {
                    Prefix(unknown, known, $"[{i}]");
                }
            }
        }
    }

    private static void Prefix(List<string> unknown, int known, string above)
    {
        for (var i = known; i < unknown.Count; i++)
        {
            unknown[i] = unknown[i][0] == '[' ? above + unknown[i] : $"{above}.{unknown[i]}";
        }
    }

    private static void PruneObject(TypeSchema type, JsonObject fields, List<string> unknown)
    {
        if (type.Shape is TypeShape.Anything && type.Fields.Count == 0 && !type.EmbeddedResource)
        {
            return;
        }
        List<string>? dropped = null;
        foreach (var (name, value) in fields)
        {
            if (type.EmbeddedResource && name is "apiVersion" or "kind" or "metadata")
            {
                continue;
            }
            if (type.Field(name) is { } declared)
            {
                var known = unknown.Count;
                PruneValue(declared, value, unknown);
                if (unknown.Count > known)
                {
                    Prefix(unknown, known, name);
                }
            }
            else
            {
                (dropped ??= []).Add(name);
                unknown.Add(name);
            }
        }
        dropped?.ForEach(name => fields.Remove(name));
    }

    private static string Name(JsonNode value) => value switch
    {
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? "bool"
            : value.GetValueKind().ToString().ToLowerInvariant(),
    };

    private static string Name(TypeShape shape) => shape switch
    {
        TypeShape.Text => "string",
        TypeShape.Flag => "bool",
        TypeShape.Whole => "int64",
        TypeShape.Number => "float64",
        TypeShape.Map => "map[string]string",
        TypeShape.List => "[]slice",
        TypeShape.WholeOrText => "intstr.IntOrString",
        _ => "struct",
    };

    private sealed record Mismatch(string Path, string Found, string Wanted);
}
