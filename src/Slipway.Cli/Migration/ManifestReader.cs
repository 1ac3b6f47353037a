using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Cli.Migration;

/// <summary>Reads a stream of YAML (or JSON, which is YAML) documents as kubectl does, lists taken apart.</summary>
internal static class ManifestReader
{
    // An export of a whole cluster is some ten megabytes. Beyond this something else was piped in.
    private const int MaxObjects = 50_000;
    private const int MaxDepth = 64;

    /// <exception cref="VerbException">It is not YAML; the message names the line.</exception>
    public static IReadOnlyList<Manifest> Read(TextReader input)
    {
        List<Manifest> found = [];
        try
        {
            var parser = new Parser(input);
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                Add(Value(parser, 0), found);
                parser.Consume<DocumentEnd>();
            }
        }
        catch (YamlException e)
        {
            throw new VerbException(ExitCode.Usage, $"the input is not YAML: line {e.Start.Line}: {e.Message}");
        }

        return found;
    }

    private static void Add(JsonNode? document, List<Manifest> found)
    {
        if (document is not JsonObject root)
        {
            return;
        }

        if (root["items"] is JsonArray items && new Manifest(root).Kind.EndsWith("List", StringComparison.Ordinal))
        {
            foreach (var item in items)
            {
                Add(item, found);
            }

            return;
        }

        if (found.Count == MaxObjects)
        {
            throw new VerbException(ExitCode.Usage, $"the input has more than {MaxObjects} objects; convert it in parts");
        }

        found.Add(new Manifest(root));
    }

    private static JsonNode? Value(Parser parser, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"it is nested more than {MaxDepth} deep");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Scalar(scalar);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Value(parser, depth + 1));
            }

            return items;
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            var fields = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var name = parser.Consume<Scalar>().Value;
                fields[name] = Value(parser, depth + 1);
            }

            return fields;
        }

        // A few bytes of aliases can stand for gigabytes, and the API server's own output has none.
        throw new YamlException(parser.Current!.Start, parser.Current.End, "aliases (*) are not read here; 'kubectl apply --dry-run=client -o yaml' writes them out");
    }

    // What a field means is known where it is read; here only numbers and flags are told from texts, so that 1.10 in quotes stays 1.10.
    private static JsonValue? Scalar(Scalar scalar) => scalar.Style is not ScalarStyle.Plain ? JsonValue.Create(scalar.Value) : scalar.Value switch
    {
        "" or "~" or "null" => null,
        "true" or "True" => JsonValue.Create(true),
        "false" or "False" => JsonValue.Create(false),
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        var text => JsonValue.Create(text),
    };
}
