using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Vectors;

/// <summary>
/// What the core answers to a case, in the words of its <c>expect</c>. It may say more than was asked: only what is expected is compared.
/// An <see cref="ArgumentException"/> says that an input is missing or of another kind than the op reads.
/// </summary>
public delegate JsonObject VectorOp(VectorCase one);

public sealed record Failure(string Id, string Op, string Expected, string Actual);

/// <param name="Declared">Ids by dialect.</param>
/// <param name="NotUnderstood">Ids by op.</param>
public sealed record FileReport(
    string Name, int Passed, IReadOnlyList<Failure> Failures, ILookup<string, string> Declared, ILookup<string, string> NotUnderstood);

/// <param name="ops">By file and op: <c>policy-semver/select</c>.</param>
/// <param name="peersWords">What of an expectation is a peer's own sentence: <c>semver-constraints/check:reason</c>.</param>
/// <param name="declared">Dialects that are not ours, with the reason, by file and dialect.</param>
public sealed class VectorRun(IReadOnlyDictionary<string, VectorOp> ops, IReadOnlySet<string> peersWords, IReadOnlyDictionary<string, string> declared)
{
    // Not part of what is expected: a remark to the reader.
    private const string Remark = "note";

    public FileReport Run(VectorFile file)
    {
        var foreign = file.Cases.Where(one => declared.ContainsKey(Foreign(file, one))).ToList();
        var ours = file.Cases.Except(foreign).ToLookup(one => ops.ContainsKey(Key(file, one)));
        var failures = ours[true].Select(one => Judge(one, Key(file, one))).OfType<Failure>().ToList();
        return new FileReport(
            file.Name,
            ours[true].Count() - failures.Count,
            failures,
            foreign.ToLookup(one => one.Dialect ?? one.Op, one => one.Id),
            ours[false].ToLookup(one => one.Op, one => one.Id));
    }

    private static string Foreign(VectorFile file, VectorCase one) => $"{file.Name}/{one.Dialect ?? one.Op}";

    private static string Key(VectorFile file, VectorCase one) => $"{file.Name}/{one.Op}";

    private Failure? Judge(VectorCase one, string key)
    {
        var expected = one.Expect.ValueKind == JsonValueKind.Object
            ? one.Expect.EnumerateObject().Where(property => property.Name != Remark && !peersWords.Contains($"{key}:{property.Name}")).ToList()
            : [];
        if (expected.Count == 0)
        {
            return new Failure(one.Id, one.Op, "anything", "a case that expects nothing cannot fail");
        }

        var actual = Answer(one, ops[key]);
        return expected.TrueForAll(property => IsSame(property, actual)) ? null : new Failure(one.Id, one.Op, Line(one.Expect), Plain(actual));
    }

    private static JsonObject Answer(VectorCase one, VectorOp op)
    {
        try
        {
            return op(one);
        }
        catch (Exception fault)
        {
            // The core is being tested: whatever it throws is the answer to this case, and the next case is still asked.
            return new JsonObject { ["threw"] = $"{fault.GetType().Name}: {fault.Message}" };
        }
    }

    // Through text, so that a number is compared by what it says and not by the type it was made from.
    private static bool IsSame(JsonProperty expected, JsonObject actual) =>
        actual.TryGetPropertyValue(expected.Name, out var value) &&
        JsonNode.DeepEquals(JsonNode.Parse(expected.Value.GetRawText()), value is null ? null : JsonNode.Parse(Plain(value)));

    private static string Line(JsonElement element) => Plain(JsonNode.Parse(element.GetRawText())!);

    private static string Plain(JsonNode node) => node.ToJsonString(OneLine);

    // Readable on a terminal: quotes and signs such as < and > as they are.
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
