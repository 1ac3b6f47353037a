using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Schema;

/// <summary>Checks an object against the schema of its CRD, with the API server's words for what is wrong.</summary>
internal sealed class CustomValidation
{
    private readonly ImmutableArray<StatusCause>.Builder _causes = ImmutableArray.CreateBuilder<StatusCause>();

    /// <returns>All that is wrong; nothing when the object will do.</returns>
    public static ImmutableArray<StatusCause> Check(TypeSchema type, JsonObject value)
    {
        var check = new CustomValidation();
        check.CheckObject(type, value, "");
        return check._causes.ToImmutable();
    }

    private void Check(TypeSchema type, JsonNode? value, string path)
    {
        if (value is null)
        {
            if (!type.Nullable && type.Shape is not TypeShape.Anything)
            {
                Invalid(path, "null", $"{path} in body must be of type {TypeName(type)}: \"null\"", "FieldValueInvalid");
            }
            return;
        }
        if (!Pruning.Fits(type.Shape, value))
        {
            Invalid(path, Shown(value), $"{path} in body must be of type {TypeName(type)}: \"{KindName(value)}\"", "FieldValueInvalid",
                shownKind: KindName(value));
            return;
        }
        switch (value)
        {
            case JsonObject fields:
                CheckObject(type, fields, path);
                break;
            case JsonArray items:
                CheckItems(type, items, path);
                break;
            case JsonValue scalar:
                CheckScalar(type.Rules, scalar, path);
                break;
        }
        CheckEnum(type.Rules, value, path);
        CheckAlternatives(type.Rules, value, path);
    }

    private void CheckObject(TypeSchema type, JsonObject value, string path)
    {
        var at = path.Length == 0 ? "" : path + ".";
        foreach (var name in type.Rules?.Required ?? [])
        {
            if (!value.ContainsKey(name))
            {
                _causes.Add(new("FieldValueRequired", "Required value", at + name));
            }
        }
        foreach (var (name, field) in value)
        {
            // metadata has rules of its own, and no CRD can add to those of apiVersion and kind.
            if (type.Field(name) is { } declared && !(path.Length == 0 && name is "metadata" or "apiVersion" or "kind"))
            {
                Check(declared, field, at + name);
            }
        }
        Limit(type.Rules?.MinProperties, value.Count, path, below: true, "properties");
        Limit(type.Rules?.MaxProperties, value.Count, path, below: false, "properties");
        if (path.Length == 0)
        {
            CheckAlternatives(type.Rules, value, path);
        }
    }

    private void CheckItems(TypeSchema type, JsonArray items, string path)
    {
        for (var i = 0; i < items.Count; i++)
        {
            Check(type.Element ?? TypeSchema.Anything, items[i], $"{path}[{i}]");
        }
        Limit(type.Rules?.MinItems, items.Count, path, below: true, "items");
        Limit(type.Rules?.MaxItems, items.Count, path, below: false, "items");
        CheckUnique(type, items, path);
    }

    private void CheckUnique(TypeSchema type, JsonArray items, string path)
    {
        var elements = type.ListKind is ListKind.Atomic && type.Rules is { UniqueItems: true } ? items.Select(item => item?.ToJsonString())
            : items.Select(item => FieldPaths.Item(type, item));
        HashSet<string> seen = [];
        var i = 0;
        foreach (var element in elements)
        {
            if (element is not null && !seen.Add(element))
            {
                _causes.Add(new("FieldValueDuplicate", $"Duplicate value: {element[(element.IndexOf(':', StringComparison.Ordinal) + 1)..]}", $"{path}[{i}]"));
            }
            i++;
        }
    }

    private void CheckScalar(ValueRules? rules, JsonValue value, string path)
    {
        if (rules is null)
        {
            return;
        }
        if (JsonFields.AsText(value) is { } text)
        {
            CheckText(rules, text, path);
        }
        else if (CustomSchema.Real(value) is { } number)
        {
            CheckNumber(rules, number, value, path);
        }
    }

    private void CheckText(ValueRules rules, string text, string path)
    {
        // Lengths count characters, as Unicode has them, not UTF-16 units.
        var length = rules.MinLength is null && rules.MaxLength is null ? 0 : text.EnumerateRunes().Count();
        if (length < rules.MinLength)
        {
            Invalid(path, $"\"{text}\"", $"{path} in body should be at least {rules.MinLength} chars long");
        }
        if (length > rules.MaxLength)
        {
            Invalid(path, $"\"{text}\"", $"{path} in body should be at most {rules.MaxLength} chars long", "FieldValueTooLong");
        }
        if (rules.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            Invalid(path, $"\"{text}\"", $"{path} in body should match '{pattern}'");
        }
        if (rules.Format == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            Invalid(path, $"\"{text}\"", $"{path} in body must be of type date-time: \"{text}\"");
        }
    }

    private void CheckNumber(ValueRules rules, double number, JsonValue value, string path)
    {
        if (number < rules.Minimum || (rules.ExclusiveMinimum && number == rules.Minimum))
        {
            Invalid(path, value.ToJsonString(),
                $"{path} in body should be greater than {(rules.ExclusiveMinimum ? "" : "or equal to ")}{Number(rules.Minimum)}");
        }
        if (number > rules.Maximum || (rules.ExclusiveMaximum && number == rules.Maximum))
        {
            Invalid(path, value.ToJsonString(), $"{path} in body should be less than {(rules.ExclusiveMaximum ? "" : "or equal to ")}{Number(rules.Maximum)}");
        }
        if (rules.MultipleOf is { } factor && factor > 0 && number % factor != 0)
        {
            Invalid(path, value.ToJsonString(), $"{path} in body should be a multiple of {Number(factor)}");
        }
    }

    private void CheckEnum(ValueRules? rules, JsonNode value, string path)
    {
        if (rules is { Enum.IsEmpty: false } && !rules.Enum.Any(allowed => JsonTree.Equal(allowed, value)))
        {
            var allowed = string.Join(", ", rules.Enum.Select(one => one?.ToJsonString()));
            _causes.Add(new("FieldValueNotSupported", $"Unsupported value: {value.ToJsonString()}: supported values: {allowed}", path));
        }
    }

    private void CheckAlternatives(ValueRules? rules, JsonNode value, string path)
    {
        if (rules is null)
        {
            return;
        }
        var where = path.Length == 0 ? "\"\"" : $"\"{path}\"";
        foreach (var all in rules.AllOf)
        {
            _causes.AddRange(FaultsOf(all, value, path));
        }
        if (!rules.AnyOf.IsEmpty && !rules.AnyOf.Any(any => FaultsOf(any, value, path).IsEmpty))
        {
            Invalid(path, Shown(value), $"{where} must validate at least one schema (anyOf)");
        }
        var fitting = rules.OneOf.Count(one => FaultsOf(one, value, path).IsEmpty);
        if (!rules.OneOf.IsEmpty && fitting != 1)
        {
            Invalid(path, Shown(value), $"{where} must validate one and only one schema (oneOf). Found {(fitting == 0 ? "none" : fitting)} valid");
        }
        if (rules.Not is { } not && FaultsOf(not, value, path).IsEmpty)
        {
            Invalid(path, Shown(value), $"{where} must not validate the schema (not)");
        }
    }

    private static ImmutableArray<StatusCause> FaultsOf(TypeSchema type, JsonNode value, string path)
    {
        var check = new CustomValidation();
        check.Check(type, value, path);
        return check._causes.ToImmutable();
    }

    private void Limit(long? limit, int count, string path, bool below, string what)
    {
        if (below ? count < limit : count > limit)
        {
            var (bound, reason) = below ? ("least", "FieldValueInvalid") : ("most", "FieldValueTooMany");
            Invalid(path, count.ToString(CultureInfo.InvariantCulture), $"{path} in body should have at {bound} {limit} {what}", reason);
        }
    }

    private void Invalid(string path, string shown, string message, string reason = "FieldValueInvalid", string? shownKind = null) =>
        _causes.Add(new(reason, $"Invalid value: {(shownKind is null ? shown : $"\"{shownKind}\"")}: {message}", path.Length == 0 ? "<nil>" : path));

    private static string Shown(JsonNode value) => value is JsonObject ? "\"object\"" : value is JsonArray ? "\"array\"" : value.ToJsonString();

    private static string Number(double? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string TypeName(TypeSchema type) => type.Shape switch
    {
        TypeShape.Text => "string",
        TypeShape.Whole => "integer",
        TypeShape.Number => "number",
        TypeShape.Flag => "boolean",
        TypeShape.List => "array",
        TypeShape.WholeOrText => "integer,string",
        _ => "object",
    };

    private static string KindName(JsonNode value) => value switch
    {
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => Pruning.Fits(TypeShape.Whole, value) ? "integer" : "number",
            _ => "boolean",
        },
    };
}
