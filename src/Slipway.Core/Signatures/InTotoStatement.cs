using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Signatures;

/// <summary>What an attestation is about, and of what kind it is; what it says in detail (the predicate) is not read.</summary>
/// <remarks>in-toto/attestation, spec/v1/statement.md; version 0.1 has the same members.</remarks>
public sealed record InTotoStatement(string PredicateType, ImmutableArray<StatementSubject> Subjects)
{
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>The predicate type by which <c>cosign sign</c> says "this is a signature" since it stores bundles.</summary>
    public const string SignaturePredicate = "https://sigstore.dev/cosign/sign/v1";

    // A build may name all its outputs; an image index has some dozens.
    private const int MaxSubjects = 1024;

    private static readonly string[] Types = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

    /// <summary>Null where it is none.</summary>
    public static InTotoStatement? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            var root = document.RootElement;
            return Types.Contains(SignedJson.Text(root, "_type")) && SignedJson.Text(root, "predicateType") is { } predicate
                ? new InTotoStatement(predicate, [.. SignedJson.Items(root, "subject").Take(MaxSubjects).Select(Subject)])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The subject that is this image; null where none is.</summary>
    public StatementSubject? About(string digest) => Subjects.FirstOrDefault(subject => subject.Digests.Contains(digest));

    private static StatementSubject Subject(JsonElement subject) => new(
        SignedJson.Text(subject, "name"),
        SignedJson.Object(subject, "digest") is { } digests
            ? [.. digests.EnumerateObject().Where(digest => digest.Value.ValueKind is JsonValueKind.String).Select(digest => $"{digest.Name}:{digest.Value.GetString()}")]
            : []);
}

/// <param name="Digests">As <c>algorithm:encoded</c>.</param>
public sealed record StatementSubject(string? Name, ImmutableArray<string> Digests);
