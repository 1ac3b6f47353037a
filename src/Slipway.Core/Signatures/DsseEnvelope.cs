using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.Signatures;

/// <summary>A signed document in its envelope, bare or in a sigstore bundle.</summary>
/// <remarks>
/// secure-systems-lab/dsse, envelope.md and protocol.md; sigstore/protobuf-specs, sigstore_bundle.proto (dsseEnvelope). A bundle's key hint,
/// its log entries and its timestamps are not looked at: the key decides, and with a key nothing else is needed.
/// </remarks>
public sealed record DsseEnvelope(string PayloadType, ReadOnlyMemory<byte> Payload, ImmutableArray<byte[]> Signatures)
{
    public const string MediaType = "application/vnd.dsse.envelope.v1+json";

    /// <summary>Of every version: <c>application/vnd.dev.sigstore.bundle.v0.3+json</c>, before that <c>…bundle+json;version=0.2</c>.</summary>
    public const string BundleMediaType = "application/vnd.dev.sigstore.bundle";

    /// <summary>A bill of materials of some thousand packages, in base64, with room.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private const int MaxSignatures = 16;

    /// <summary>Null where it is none, with the reason.</summary>
    public static DsseEnvelope? TryParse(ReadOnlyMemory<byte> bytes, out string why)
    {
        why = "it is not valid JSON";
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            return Read(document.RootElement, out why);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether one of the keys made one of the signatures.</summary>
    public bool IsSignedBy(IEnumerable<VerificationKey> keys)
    {
        var message = SignedBytes();
        return keys.Any(key => Signatures.Any(signature => key.Verifies(message, signature)));
    }

    private static DsseEnvelope? Read(JsonElement root, out string why)
    {
        if (SignedJson.Member(root, "messageSignature") is not null)
        {
            why = "it is a bundle with a bare message signature, which is not verified here; sign with 'cosign sign'";
            return null;
        }

        JsonElement? envelope = SignedJson.Object(root, "dsseEnvelope") ?? root;
        var (type, payload) = (SignedJson.Text(envelope, "payloadType"), SignedJson.Bytes(SignedJson.Text(envelope, "payload")));
        var signatures = SignedJson.Items(envelope, "signatures").Take(MaxSignatures).Select(entry => SignedJson.Bytes(SignedJson.Text(entry, "sig"))).OfType<byte[]>();
        why = "it is no DSSE envelope";
        return type is null || payload is null ? null : new DsseEnvelope(type, payload, [.. signatures]);
    }

    // protocol.md, "Pre-Authentication Encoding": type and payload with their lengths, so that neither can be mistaken for a part of the other.
    private byte[] SignedBytes() =>
        [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(PayloadType)} {PayloadType} {Payload.Length} ")), .. Payload.Span];
}
