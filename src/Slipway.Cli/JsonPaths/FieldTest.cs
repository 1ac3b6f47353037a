using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Cli.JsonPaths;

/// <summary>What stands in <c>?( )</c>: a path alone asks whether it is there; with ==, !=, &lt;, &lt;=, &gt; or &gt;= it is compared with a text, a number, true, false or null.</summary>
internal sealed class FieldTest
{
    // The longer ones first: <= is not a < before a =.
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "<", ">"];

    private readonly FieldPath _path;
    private readonly string? _operator;
    private readonly JsonNode? _value;

    private FieldTest(FieldPath path, string? comparison, JsonNode? value) => (_path, _operator, _value) = (path, comparison, value);

    /// <exception cref="JsonPathException">It cannot be read.</exception>
    public static FieldTest Parse(string text)
    {
        if (!text.StartsWith('@'))
        {
            throw new JsonPathException($"'{text}': a test starts with the item, such as @.type==\"Ready\"");
        }

        var quoted = text.IndexOfAny(['"', '\'']);
        var head = quoted < 0 ? text : text[..quoted];
        var found = Operators.Select(name => (Name: name, At: head.IndexOf(name, StringComparison.Ordinal))).Where(hit => hit.At > 0).OrderBy(hit => hit.At).ThenByDescending(hit => hit.Name.Length).FirstOrDefault();
        return found.Name is null
            ? new FieldTest(FieldPath.Parse(text), null, null)
            : new FieldTest(FieldPath.Parse(text[..found.At].Trim()), found.Name, Value(text[(found.At + found.Name.Length)..].Trim(), text));
    }

    public bool Holds(JsonNode? item)
    {
        var found = _path.Of(item, item).ToArray();
        return found.Length > 0 && (_operator is null || found.Any(Compares));
    }

    private bool Compares(JsonNode? found)
    {
        var order = (Number(found), Number(_value)) is ({ } left, { } right) ? left.CompareTo(right) : string.CompareOrdinal(Plain(found), Plain(_value));
        return _operator switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static string Plain(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString() ?? "null";

    private static JsonNode? Value(string text, string whole) => text switch
    {
        ['"', .. var inner, '"'] => Literal(inner),
        ['\'', .. var inner, '\''] => Literal(inner),
        "true" or "false" or "null" => JsonNode.Parse(text),
        _ when double.TryParse(text, CultureInfo.InvariantCulture, out _) && char.IsAsciiDigit(text[^1]) && text[0] is '-' or (>= '0' and <= '9') => JsonNode.Parse(text),
        _ => throw new JsonPathException($"'{text}' in '{whole}' is no value: write a text in quotes, a number, true, false or null"),
    };

    private static JsonValue Literal(string text) => JsonValue.Create(text);
}
