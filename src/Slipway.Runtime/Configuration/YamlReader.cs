using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Configuration;

/// <summary>A YAML document as JSON, with the line of each of its values.</summary>
/// <param name="Lines">By path, as <see cref="JsonException.Path"/> writes it: <c>$.registries[0].host</c>.</param>
public sealed record YamlDocument(JsonNode? Root, IReadOnlyDictionary<string, long> Lines)
{
    /// <summary>The line of the value at the path, or of the nearest one around it; null where nothing is known.</summary>
    public long? LineOf(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (Lines.TryGetValue(at, out var line))
            {
                return line;
            }
        }

        return null;
    }
}

/// <summary>
/// Reads YAML by the core schema (YAML 1.2.2, chapter 10.3), so that a host called <c>no</c> is a host; JSON is YAML. What can surprise is
/// refused: names that come twice, aliases, tags, a second document.
/// </summary>
public static class YamlReader
{
    // Nothing that people write by hand nests deeper, and the depth of what is read is the depth of our stack.
    private const int MaxDepth = 32;

    /// <exception cref="YamlException">It is not YAML, or not what is read here.</exception>
    public static YamlDocument Read(string text)
    {
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return new YamlDocument(null, lines);
        }

        parser.Consume<DocumentStart>();
        var root = new Reading(parser, lines).Value("$", 0);
        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out var end)
            ? new YamlDocument(root, lines)
            : throw new YamlException(parser.Current!.Start, parser.Current.End, "it holds a second document; write one");
    }

    private sealed class Reading(Parser parser, Dictionary<string, long> lines)
    {
        public JsonNode? Value(string path, int depth)
        {
            var at = parser.Current!;
            if (parser.Current is NodeEvent { Tag.IsEmpty: false } and not NodeEvent { Tag.IsNonSpecific: true })
            {
                throw Refused(at, "tags (!) are not read here");
            }

            if (depth > MaxDepth)
            {
                throw Refused(at, $"it is nested more than {MaxDepth} deep");
            }

            lines[path] = at.Start.Line;
            return at switch
            {
                Scalar => ScalarValue(parser.Consume<Scalar>()),
                SequenceStart => Items(path, depth),
                MappingStart => Fields(path, depth),
                _ => throw Refused(at, "aliases (*) are not read here; write it out"),
            };
        }

        private JsonArray Items(string path, int depth)
        {
            parser.Consume<SequenceStart>();
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Value($"{path}[{items.Count}]", depth + 1));
            }

            return items;
        }

        private JsonObject Fields(string path, int depth)
        {
            parser.Consume<MappingStart>();
            var fields = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (!parser.TryConsume<Scalar>(out var name))
                {
                    throw Refused(parser.Current!, "the name of a field is a word");
                }

                if (fields.ContainsKey(name.Value))
                {
                    throw Refused(name, $"{name.Value} comes twice");
                }

                fields[name.Value] = Value(name.Value.All(letter => char.IsAsciiLetterOrDigit(letter)) ? $"{path}.{name.Value}" : $"{path}['{name.Value}']", depth + 1);
            }

            return fields;
        }

        private static JsonValue? ScalarValue(Scalar scalar) => scalar.Style is not ScalarStyle.Plain ? JsonValue.Create(scalar.Value) : scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            var text when LooksReal(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => JsonValue.Create(real),
            var text => JsonValue.Create(text),
        };

        private static bool LooksReal(string text) => text.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '+' or '-' or 'e' or 'E') && text.Any(char.IsAsciiDigit);

        private static YamlException Refused(ParsingEvent at, string why) => new(at.Start, at.End, why);
    }
}
