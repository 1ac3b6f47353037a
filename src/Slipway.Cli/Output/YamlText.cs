using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Cli.Output;

/// <summary>JSON as YAML, by the event API of the library: it needs no reflection, and what is quoted is decided here.</summary>
internal static class YamlText
{
    private static readonly EmitterSettings Settings = EmitterSettings.Default.WithBestWidth(int.MaxValue).WithMaxSimpleKeyLength(1024).WithNewLine("\n");

    // YAML 1.1, which kubectl reads: these are no strings unless they are quoted.
    private static readonly HashSet<string> Words =
        new(["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"], StringComparer.OrdinalIgnoreCase);

    // What a number, a time or a sexagesimal is written with; a version such as 1.10 is one of them by looks.
    private static readonly SearchValues<char> NumberLike = SearchValues.Create("0123456789abcdefABCDEFxXoO_+-.:tTzZ infINFanAN");

    public static string Of(JsonNode? node)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        var written = text.ToString();

        // A scalar as a whole document is closed by an end mark that nothing here needs.
        return written.EndsWith("...\n", StringComparison.Ordinal) ? written[..^4] : written;
    }

    /// <summary>Several documents, each behind its own <c>---</c>.</summary>
    public static string OfMany(IEnumerable<JsonNode> documents) => string.Concat(documents.Select(document => $"---\n{Of(document)}"));

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: var count } fields:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (name, value) in fields)
                {
                    emitter.Emit(Text(name));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray { Count: var count } items:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case null:
                emitter.Emit(new Scalar("null"));
                break;
            default:
                emitter.Emit(node.GetValueKind() == JsonValueKind.String ? Text(node.GetValue<string>()) : new Scalar(node.ToJsonString()));
                break;
        }
    }

    private static Scalar Text(string text) => new(AnchorName.Empty, TagName.Empty, text, StyleOf(text), isPlainImplicit: true, isQuotedImplicit: true);

    private static ScalarStyle StyleOf(string text)
    {
        if (text.Any(letter => char.IsControl(letter) && letter != '\n') || text is [' ' or '\n', ..] || text.Contains(" \n", StringComparison.Ordinal))
        {
            return ScalarStyle.DoubleQuoted;
        }

        return text.Contains('\n') ? ScalarStyle.Literal : ReadsAsOther(text) ? ScalarStyle.SingleQuoted : ScalarStyle.Plain;
    }

    private static bool ReadsAsOther(string text) =>
        Words.Contains(text) || ((char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.') && !text.AsSpan().ContainsAnyExcept(NumberLike));
}
