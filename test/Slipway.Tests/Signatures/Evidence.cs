using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

/// <summary>What cosign writes, made by hand: payloads, envelopes and bundles, signed by <see cref="SigningKey"/>.</summary>
internal static class Evidence
{
    public const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string Other = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    public const string Provenance = "https://slsa.dev/provenance/v1";

    public static readonly SigningKey Key = SigningKey.Named("p256");
    public static readonly SigningKey Stranger = SigningKey.Named("stranger");

    public static RepositoryName Shop => Repository("ghcr.io/acme/shop");

    public static RepositoryName Repository(string text) => RepositoryName.TryParse(text, out var name, out var error) ? name : throw new FormatException(error);

    public static SignatureRequirement Requires(params SigningKey[] keys) => new("spec.source.verify", [.. keys.Select(key => key.Public!)], []);

    public static SignatureQuestion Question(params SignatureRequirement[] requirements) =>
        new(Shop, Digest, ["1.1.0"], requirements is [] ? [Requires(Key)] : [.. requirements]);

    /// <summary>sigstore/cosign, specs/SIGNATURE_SPEC.md, "Payloads".</summary>
    public static byte[] Payload(string digest = Digest, string name = "ghcr.io/acme/shop", string type = "cosign container image signature") => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["critical"] = new JsonObject
        {
            ["identity"] = new JsonObject { ["docker-reference"] = name },
            ["image"] = new JsonObject { ["docker-manifest-digest"] = digest },
            ["type"] = type,
        },
        ["optional"] = null,
    }.ToJsonString());

    public static SignatureEvidence.Simple Simple(byte[]? payload = null, SigningKey? key = null)
    {
        payload ??= Payload();
        return new("the tag sha256-aaaa.sig", payload, (key ?? Key).SignText(payload));
    }

    public static SignatureEvidence.Envelope Envelope(
        string predicate = InTotoStatement.SignaturePredicate, string digest = Digest, string? name = null, SigningKey? key = null, bool bundle = true) =>
        new("a referrer", EnvelopeBytes(Statement(predicate, digest, name), key ?? Key, bundle));

    /// <summary>in-toto/attestation, spec/v1/statement.md.</summary>
    public static byte[] Statement(string predicate, string digest = Digest, string? name = null)
    {
        var parts = digest.Split(':');
        var subject = new JsonObject { ["digest"] = new JsonObject { [parts[0]] = parts[1] } };
        if (name is not null)
        {
            subject["name"] = name;
        }

        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(subject),
            ["predicateType"] = predicate,
            ["predicate"] = new JsonObject(),
        }.ToJsonString());
    }

    public static byte[] EnvelopeBytes(byte[] statement, SigningKey key, bool bundle = false, string type = InTotoStatement.PayloadType)
    {
        var envelope = new JsonObject
        {
            ["payloadType"] = type,
            ["payload"] = Convert.ToBase64String(statement),
            ["signatures"] = new JsonArray(new JsonObject { ["keyid"] = "", ["sig"] = key.SignText(PreAuthentication(type, statement)) }),
        };
        return Encoding.UTF8.GetBytes((bundle ? Bundle(envelope) : envelope).ToJsonString());
    }

    /// <summary>secure-systems-lab/dsse, protocol.md.</summary>
    public static byte[] PreAuthentication(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {type.Length} {type} {payload.Length} ")), .. payload];

    private static JsonObject Bundle(JsonObject envelope) => new()
    {
        ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
        ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = "bm90IGxvb2tlZCBhdA==" } },
        ["dsseEnvelope"] = envelope,
    };
}
