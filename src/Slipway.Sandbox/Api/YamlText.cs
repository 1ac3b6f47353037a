using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Sandbox.Api;

/// <summary>
/// One YAML document as JSON. Words are read as Kubernetes reads them, which is YAML 1.1: <c>yes</c>, <c>off</c> and <c>n</c> are
/// flags (yaml.org/type/bool.html), also where they are names of fields.
/// </summary>
internal static class YamlText
{
    /// <exception cref="StatusException">BadRequest, for what is not YAML, is nested too deeply, or uses aliases.</exception>
    public static JsonNode? Parse(byte[] utf8)
    {
        try
        {
            var parser = new Parser(new StringReader(Encoding.UTF8.GetString(utf8)));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return null;
            }
            parser.Consume<DocumentStart>();
            var root = Read(parser, 0);
            parser.Consume<DocumentEnd>();
            return root;
        }
        catch (YamlException e)
        {
            throw ApiStatus.BadRequest($"error converting YAML to JSON: yaml: line {e.Start.Line}: {e.Message}").Thrown();
        }
    }

    private static JsonNode? Read(Parser parser, int depth)
    {
        if (depth > JsonTree.MaxDepth)
        {
            throw new YamlException("it is nested too deeply");
        }
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Value(scalar);
        }
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, depth + 1));
            }
            return items;
        }
        if (parser.TryConsume<MappingStart>(out _))
        {
            var fields = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                fields[Name(parser.Consume<Scalar>())] = Read(parser, depth + 1);
            }
            return fields;
        }
        // A few bytes of aliases can stand for gigabytes.
        throw new YamlException("aliases are not read here");
    }

    private static string Name(Scalar scalar) =>
        scalar.Style is ScalarStyle.Plain && Flag(scalar.Value) is { } flag ? flag ? "true" : "false" : scalar.Value;

    private static bool? Flag(string text) => text switch
    {
        "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "true" or "True" or "TRUE" => true,
        "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "false" or "False" or "FALSE" => false,
        _ => null,
    };

    private static JsonValue? Value(Scalar scalar)
    {
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(scalar.Value);
        }
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            var text when Flag(text) is { } flag => JsonValue.Create(flag),
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            var text when IsReal(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                && double.IsFinite(real) => JsonValue.Create(real),
            var text => JsonValue.Create(text),
        };
    }

    private static bool IsReal(string text) => text.All(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e' or 'E') && text.Any(char.IsAsciiDigit);
}
