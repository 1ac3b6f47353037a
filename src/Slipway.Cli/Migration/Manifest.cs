using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Cli.Migration;

/// <summary>One object of the input. What is not there, or is of another type than it should be, is null: a manifest is never wrong enough to stop at.</summary>
internal sealed record Manifest(JsonObject Root)
{
    public string Kind => Text("kind") ?? "";

    public string ApiVersion => Text("apiVersion") ?? "";

    public string Name => Text("metadata", "name") ?? "";

    public string? Namespace => Text("metadata", "namespace");

    /// <summary>For messages.</summary>
    public string Title => $"{Kind} {(Namespace is null ? "" : $"{Namespace}/")}{Name}";

    public bool Is(string group, string kind) => Kind == kind && ApiVersion.StartsWith($"{group}/", StringComparison.Ordinal);

    public JsonNode? At(params ReadOnlySpan<string> path)
    {
        JsonNode? at = Root;
        foreach (var name in path)
        {
            at = (at as JsonObject)?[name];
        }

        return at;
    }

    public string? Text(params ReadOnlySpan<string> path) => TextOf(At(path));

    /// <summary>Empty where there is no list.</summary>
    public IEnumerable<JsonNode> Items(params ReadOnlySpan<string> path) => (At(path) as JsonArray)?.OfType<JsonNode>() ?? [];

    /// <summary>The texts of an object, such as annotations.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts(params ReadOnlySpan<string> path) =>
        (At(path) as JsonObject)?.Where(pair => TextOf(pair.Value) is not null).Select(pair => KeyValuePair.Create(pair.Key, TextOf(pair.Value)!)) ?? [];

    public string? Annotation(string name) => Text("metadata", "annotations", name);

    /// <summary>A scalar as it was written; null for what is empty.</summary>
    public static string? TextOf(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
        _ => null,
    };
}
