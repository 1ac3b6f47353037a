using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Vectors.Ops;

/// <summary>Reads the inputs of a case; a missing one is a fault of the case and not an empty input.</summary>
internal static class CaseInputs
{
    public static string Text(this VectorCase one, string name) => Required(one, name, JsonValueKind.String).GetString()!;

    public static string? TextOrNull(this VectorCase one, string name) =>
        one.Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Flag(this VectorCase one, string name) => one.Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static IReadOnlyList<string> Texts(this VectorCase one, string name) =>
        [.. Required(one, name, JsonValueKind.Array).EnumerateArray().Select(value => value.GetString() ?? throw new ArgumentException($"{name} holds a null"))];

    public static JsonArray Array(this IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static JsonElement Required(VectorCase one, string name, JsonValueKind kind) =>
        one.Body.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : throw new ArgumentException($"the case has no {name} that is a {kind}");
}
