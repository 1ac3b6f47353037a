using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Slipway.Vectors;

/// <param name="Dialect">The peer whose own rule this is; null for what all agree on.</param>
/// <param name="Body">The whole case: the inputs stand beside <c>op</c>.</param>
public sealed record VectorCase(string Id, string Op, string? Dialect, JsonElement Body)
{
    /// <summary>
    /// Undefined where the case has none. Where those who collected the cases think that the peer is wrong, they say beside it what would be right.
    /// </summary>
    public JsonElement Expect =>
        Body.ValueKind != JsonValueKind.Object ? default
        : Body.TryGetProperty("recommended", out var recommended) && recommended.ValueKind == JsonValueKind.Object ? recommended
        : !Body.TryGetProperty("expect", out var expect) ? default
        : expect.ValueKind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False ? JsonDocument.Parse($"{{\"{Answer}\":{expect.GetRawText()}}}").RootElement
        : expect;

    /// <summary>What is expected where that is one value and has no name.</summary>
    public const string Answer = "answer";
}

/// <param name="Name">Path below the directory, without <c>.json</c>: <c>webhooks/acr</c>. It is part of what an op means.</param>
public sealed record VectorFile(string Name, IReadOnlyList<VectorCase> Cases)
{
    public static bool TryRead(string name, string json, [NotNullWhen(true)] out VectorFile? file, out string error)
    {
        file = null;
        try
        {
            file = new VectorFile(name, [.. Read(name, JsonDocument.Parse(json).RootElement)]);
            error = file.Cases.Count > 0 ? "" : "it has no cases";
            return file.Cases.Count > 0;
        }
        catch (JsonException fault)
        {
            error = fault.Message;
            return false;
        }
    }

    // Two shapes: a list of cases that name their op, and lists that are named for it; a file may have both.
    private static IEnumerable<VectorCase> Read(string file, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var named = root.TryGetProperty("cases", out var cases) && cases.ValueKind == JsonValueKind.Array
            ? cases.EnumerateArray().Select((one, at) => Case(file, one, Text(one, "op") ?? "", at)).ToArray()
            : [];
        return named.Concat(root.EnumerateObject()
            .Where(group => group.Value.ValueKind == JsonValueKind.Array && group.Name != "cases")
            .SelectMany(group => group.Value.EnumerateArray().Where(one => named.Length == 0 || IsCase(one)).Select((one, at) => Case(file, one, group.Name, at))));
    }

    // A file's own dialect describes it; only a case's own can make it a peer's.
    private static VectorCase Case(string file, JsonElement one, string op, int at) =>
        new(Text(one, "id") ?? $"{op}#{at}", op, Text(one, "dialect") ?? DeclaredDialects.Unmarked(file, one), one);

    // Beside the cases a file may have lists that explain them.
    private static bool IsCase(JsonElement one) => one.ValueKind == JsonValueKind.Object && one.TryGetProperty("expect", out _);

    private static string? Text(JsonElement one, string name) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
