using System.Text.Json;

namespace Slipway.Signatures;

/// <summary>What a simple-signing payload claims: this digest is the image of that name.</summary>
/// <param name="DockerReference">The name that the signer gave the image; empty where it gave none.</param>
/// <remarks>
/// sigstore/cosign, specs/SIGNATURE_SPEC.md, "Payloads"; containers/image, containers-signature(5), "Structure and semantics of
/// the payload": unknown members of <c>critical</c> are refused, those of <c>optional</c> are free.
/// </remarks>
public sealed record SimpleSigning(string DockerReference, string ManifestDigest)
{
    /// <summary>More than any payload has; with annotations of its own a signature says a few hundred bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    public const string MediaType = "application/vnd.dev.cosign.simplesigning.v1+json";

    private static readonly string[] Types = ["cosign container image signature", "atomic container signature"];

    /// <summary>Null where it is no such payload, with the reason.</summary>
    public static SimpleSigning? TryParse(ReadOnlyMemory<byte> bytes, out string why)
    {
        why = "it is not valid JSON";
        try
        {
            // A name that comes twice reads differently to different readers.
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            return Read(document.RootElement, out why);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static SimpleSigning? Read(JsonElement root, out string why)
    {
        var critical = SignedJson.Object(root, "critical");
        why = "it has no critical.type of an image's signature";
        if (!Types.Contains(SignedJson.Text(critical, "type")))
        {
            return null;
        }

        why = "its critical section says more than is understood here";
        if (critical!.Value.EnumerateObject().Any(member => member.Name is not ("type" or "identity" or "image")))
        {
            return null;
        }

        var (identity, image) = (SignedJson.Object(critical, "identity"), SignedJson.Object(critical, "image"));
        why = "it names no image (critical.image.docker-manifest-digest)";
        return SignedJson.Text(image, "docker-manifest-digest") is { } digest ? new SimpleSigning(SignedJson.Text(identity, "docker-reference") ?? "", digest) : null;
    }
}

/// <summary>Members of JSON that somebody signed, or says so. Null, absent and of another kind are the same.</summary>
internal static class SignedJson
{
    public static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;

    public static JsonElement? Object(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static string? Text(JsonElement? of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    public static IEnumerable<JsonElement> Items(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>Standard or URL-safe alphabet, with or without padding: the DSSE protocol allows either.</summary>
    public static byte[]? Bytes(string? base64)
    {
        if (string.IsNullOrEmpty(base64))
        {
            return null;
        }

        var standard = base64.Trim().TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var bytes = new byte[(standard.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='), bytes, out var written) ? bytes[..written] : null;
    }
}
