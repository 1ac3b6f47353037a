using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Cli.Output;

/// <summary>JSON for people's eyes and for jq.</summary>
internal static class JsonText
{
    // Output goes to a terminal or a file, never into HTML: ">=1.4" stays readable.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonNode node) => Write(node, Indented) + "\n";

    /// <summary>On one line, without its end.</summary>
    public static string LineOf(JsonNode node) => Write(node, OneLine);

    private static string Write(JsonNode node, JsonWriterOptions options)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, options))
        {
            node.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
