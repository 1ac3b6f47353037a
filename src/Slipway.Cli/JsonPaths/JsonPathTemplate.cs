using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Cli.Output;

namespace Slipway.Cli.JsonPaths;

/// <summary>
/// What stands behind <c>-o jsonpath=</c>: text as it is, and in braces a path, a quoted text, <c>range PATH</c> or <c>end</c>
/// ("JSONPath Support", kubectl's documentation). Several values are set apart by blanks; what is missing prints nothing.
/// </summary>
internal sealed class JsonPathTemplate
{
    private readonly ImmutableArray<Part> _parts;

    private JsonPathTemplate(ImmutableArray<Part> parts) => _parts = parts;

    private abstract record Part
    {
        public sealed record Literal(string Text) : Part;

        public sealed record Values(FieldPath Path) : Part;

        public sealed record Range(FieldPath Path, ImmutableArray<Part> Body) : Part;
    }

    /// <exception cref="JsonPathException">It cannot be read: where, and why.</exception>
    public static JsonPathTemplate Parse(string text)
    {
        // A path alone needs no braces: that is what was meant.
        var rest = text.StartsWith('.') || text.StartsWith('$') ? $"{{{text}}}" : text;
        var at = 0;
        var parts = ReadParts(rest, ref at, inRange: false);
        return new JsonPathTemplate(parts);
    }

    public string Render(JsonNode root)
    {
        var text = new StringBuilder();
        Render(text, _parts, root, root);
        return text.ToString();
    }

    private static void Render(StringBuilder text, ImmutableArray<Part> parts, JsonNode? root, JsonNode? here)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case Part.Literal literal:
                    text.Append(literal.Text);
                    break;
                case Part.Values values:
                    text.AppendJoin(' ', values.Path.Of(root, here).Select(Text));
                    break;
                case Part.Range range:
                    foreach (var each in range.Path.Of(root, here))
                    {
                        Render(text, range.Body, root, each);
                    }

                    break;
            }
        }
    }

    private static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>(),
        JsonValue => node.ToJsonString(),
        _ => JsonText.LineOf(node),
    };

    private static ImmutableArray<Part> ReadParts(string text, ref int at, bool inRange)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        while (at < text.Length)
        {
            if (text[at] != '{')
            {
                var open = text.IndexOf('{', at);
                var end = open < 0 ? text.Length : open;
                parts.Add(new Part.Literal(text[at..end]));
                at = end;
                continue;
            }

            var inner = Braced(text, ref at);
            switch (inner)
            {
                case "end" when inRange:
                    return parts.ToImmutable();
                case "end":
                    throw new JsonPathException("{end} without a {range}");
                case ['"' or '\'', ..]:
                    parts.Add(new Part.Literal(Unquoted(inner)));
                    break;
                case ['r', 'a', 'n', 'g', 'e', ' ', .. var path]:
                    parts.Add(new Part.Range(FieldPath.Parse(path.Trim()), ReadParts(text, ref at, inRange: true)));
                    break;
                default:
                    parts.Add(new Part.Values(FieldPath.Parse(inner)));
                    break;
            }
        }

        return inRange ? throw new JsonPathException("{range} without an {end}") : parts.ToImmutable();
    }

    private static string Braced(string text, ref int at)
    {
        var start = at + 1;
        var quote = '\0';
        for (var index = start; index < text.Length; index++)
        {
            var letter = text[index];
            if (quote != '\0')
            {
                index += letter == '\\' ? 1 : 0;
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter == '}')
            {
                at = index + 1;
                return text[start..index].Trim();
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
            }
        }

        throw new JsonPathException($"the brace of '{text[at..]}' is never closed");
    }

    private static string Unquoted(string quoted)
    {
        if (quoted.Length < 2 || quoted[^1] != quoted[0])
        {
            throw new JsonPathException($"the quote of {quoted} is never closed");
        }

        var text = new StringBuilder();
        for (var index = 1; index < quoted.Length - 1; index++)
        {
            text.Append(quoted[index] == '\\' ? Escaped(quoted[++index]) : quoted[index]);
        }

        return text.ToString();
    }

    private static char Escaped(char letter) => letter switch { 'n' => '\n', 't' => '\t', 'r' => '\r', _ => letter };
}

/// <summary>A path or a template that cannot be read.</summary>
internal sealed class JsonPathException(string message) : Exception(message);
