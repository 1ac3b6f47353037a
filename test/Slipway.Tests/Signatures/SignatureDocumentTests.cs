using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Signatures;
using static Slipway.Tests.Signatures.Evidence;

namespace Slipway.Tests.Signatures;

/// <summary>The documents beside an image: what of them is read, and that damage of any kind is a no and never an exception.</summary>
public sealed class SignatureDocumentTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Verification Judge(SignatureEvidence evidence) => SignatureJudge.Judge(Question(), [evidence]);

    // The fields of a payload.

    [Fact]
    public void A_payload_says_which_image_and_under_which_name() => Assert.Equal(new SimpleSigning("ghcr.io/acme/shop", Digest), SimpleSigning.TryParse(Payload(), out _));

    [Theory]
    [InlineData("null")]
    [InlineData("{\"creator\":\"CI\",\"timestamp\":1,\"deep\":{\"a\":[1]}}")]
    public void What_is_optional_is_free(string optional)
    {
        var payload = JsonNode.Parse(Payload())!;
        payload["optional"] = JsonNode.Parse(optional);

        Assert.NotNull(SimpleSigning.TryParse(Bytes(payload.ToJsonString()), out _));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("docker-reference")]
    public void A_payload_that_names_no_repository_has_an_empty_name(string missing)
    {
        var payload = JsonNode.Parse(Payload())!;
        (missing == "identity" ? payload["critical"]! : payload["critical"]!["identity"]!).AsObject().Remove(missing);

        Assert.Equal("", SimpleSigning.TryParse(Bytes(payload.ToJsonString()), out _)!.DockerReference);
    }

    // Envelopes.

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_envelope_is_read_bare_and_in_a_bundle(bool bundle)
    {
        var envelope = DsseEnvelope.TryParse(EnvelopeBytes(Statement(Provenance), Key, bundle), out var why);

        Assert.True(envelope is not null, why);
        Assert.Equal(InTotoStatement.PayloadType, envelope.PayloadType);
        Assert.True(envelope.IsSignedBy([Stranger.Public!, Key.Public!]));
        Assert.False(envelope.IsSignedBy([Stranger.Public!]));
        Assert.False(envelope.IsSignedBy([]));
    }

    // envelope.md: either alphabet of base64 may be used.
    [Fact]
    public void An_envelope_in_the_URL_alphabet_without_padding_is_the_same()
    {
        var json = JsonNode.Parse(EnvelopeBytes(Statement(Provenance), Key))!;
        json["payload"] = Url((string)json["payload"]!);
        json["signatures"]![0]!["sig"] = Url((string)json["signatures"]![0]!["sig"]!);

        Assert.True(DsseEnvelope.TryParse(Bytes(json.ToJsonString()), out _)!.IsSignedBy([Key.Public!]));

        static string Url(string text) => text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    [Fact]
    public void Of_several_signatures_in_an_envelope_one_is_enough_and_no_more_than_sixteen_are_tried()
    {
        var json = JsonNode.Parse(EnvelopeBytes(Statement(Provenance), Key))!;
        var good = json["signatures"]![0]!.DeepClone();
        JsonArray With(int before) => [.. Enumerable.Range(0, before).Select(_ => (JsonNode)new JsonObject { ["sig"] = "AAAA" }), good.DeepClone()];

        json["signatures"] = With(15);
        Assert.True(DsseEnvelope.TryParse(Bytes(json.ToJsonString()), out _)!.IsSignedBy([Key.Public!]));
        json["signatures"] = With(16);
        Assert.False(DsseEnvelope.TryParse(Bytes(json.ToJsonString()), out _)!.IsSignedBy([Key.Public!]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"payload":"AAAA"}""")]
    [InlineData("""{"payloadType":"x","payload":"%"}""")]
    [InlineData("""{"payloadType":1,"payload":"AAAA"}""")]
    [InlineData("""{"dsseEnvelope":null}""")]
    [InlineData("""{"payloadType":"x","payload":"AAAA","payload":"BBBB"}""")]
    public void What_is_no_envelope_is_refused_with_the_reason(string text)
    {
        Assert.Null(DsseEnvelope.TryParse(Bytes(text), out var why));
        Assert.NotEqual("", why);
    }

    // Statements.

    [Fact]
    public void A_statement_is_about_each_of_its_subjects_by_each_of_their_digests()
    {
        var statement = InTotoStatement.TryParse(Bytes(
            """
            {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "x", "predicate": {"any": ["thing"]},
             "subject": [{"name": "a", "digest": {"sha256": "aa", "sha512": "bb"}}, {"digest": {"sha256": 1}}, {}, null, {"name": "c", "digest": {"sha256": "cc"}}]}
            """));

        Assert.Equal("a", statement!.About("sha512:bb")!.Name);
        Assert.Equal("c", statement.About("sha256:cc")!.Name);
        Assert.Null(statement.About("sha256:bb"));
        Assert.Null(statement.About("sha256:1"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"_type":"https://in-toto.io/Statement/v1"}""")]
    [InlineData("""{"_type":"https://in-toto.io/Link/v1","predicateType":"x"}""")]
    [InlineData("""{"predicateType":"x","subject":[]}""")]
    [InlineData("not JSON")]
    public void What_is_no_statement_is_none(string text) => Assert.Null(InTotoStatement.TryParse(Bytes(text)));

    // Where they are kept.

    [Fact]
    public void A_manifest_keeps_a_signature_in_each_layer()
    {
        var manifest = SignatureManifest.TryParse(Bytes($$"""
            {"annotations": {"dev.sigstore.bundle.predicateType": "of the bundle"},
             "layers": [{"mediaType": "{{SimpleSigning.MediaType}}", "digest": "{{Digest}}", "size": 7, "annotations": {"dev.cosignproject.cosign/signature": "c2ln", "predicateType": "of the layer"} },
                        {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "digest": "{{Other}}", "annotations": null},
                        {"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "{{Other}}"},
                        {"mediaType": "{{SimpleSigning.MediaType}}", "digest": "../../secret"}, null]}
            """))!;

        Assert.Equal(
            [
                new SignatureLayer(SimpleSigning.MediaType, Digest, 7, "c2ln", "of the layer"),
                new SignatureLayer("application/vnd.dev.sigstore.bundle.v0.3+json", Other, 0, null, "of the bundle"),
                new SignatureLayer("application/vnd.oci.image.layer.v1.tar", Other, 0, null, "of the bundle"),
            ],
            manifest.Layers);
        Assert.Equal([(true, false), (false, true), (false, false)], manifest.Layers.Select(layer => (layer.IsSimple, layer.IsEnvelope)));
    }

    [Theory]
    [InlineData("application/vnd.dev.sigstore.bundle.v0.3+json", true)]
    [InlineData("application/vnd.dev.cosign.artifact.sig.v1+json", true)]
    [InlineData("application/vnd.dev.cosign.artifact.att.v1+json", true)]
    [InlineData("application/vnd.oci.empty.v1+json", true)]
    [InlineData(null, true)]
    [InlineData("application/spdx+json", false)]
    [InlineData("application/vnd.cncf.notary.signature", false)]
    public void A_referrer_that_says_it_is_something_else_is_not_read(string? type, bool read) => Assert.Equal(read, new Referrer(Digest, type, null).MayBeSignature);

    [Theory]
    [InlineData("""{"manifests": null}""", 0)]
    [InlineData("""{"manifests": []}""", 0)]
    [InlineData("""{"manifests": [{"digest": "no digest"}, {}, null, 1]}""", 0)]
    [InlineData("""{"manifests": [{"digest": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}""", 1)]
    public void A_list_of_referrers_is_read_as_far_as_it_makes_sense(string text, int count) => Assert.Equal(count, Referrer.TryParse(Bytes(text))!.Value.Length);

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"manifests": {}}""")]
    public void What_is_no_list_is_not_an_empty_one(string text) => Assert.Null(Referrer.TryParse(Bytes(text)));

    // Whatever a registry makes of what it keeps.

    [Fact]
    public void No_change_of_a_payload_or_of_its_signature_goes_unnoticed()
    {
        var good = Simple();
        Assert.IsType<Verification.Verified>(Judge(good));

        Gen.Select(Gen.Int[0, good.Payload.Length - 1], Gen.Byte[1, 255]).Sample((at, by) =>
        {
            var changed = good.Payload.ToArray();
            changed[at] ^= by;
            Assert.IsType<Verification.Refused>(Judge(good with { Payload = changed }));
        });
        var signature = Convert.FromBase64String(good.Signature!);
        Gen.Select(Gen.Int[0, signature.Length - 1], Gen.Byte[1, 255]).Sample((at, by) =>
        {
            var changed = signature.ToArray();
            changed[at] ^= by;
            Assert.IsType<Verification.Refused>(Judge(good with { Signature = Convert.ToBase64String(changed) }));
        });
    }

    [Fact]
    public void A_bundle_that_was_cut_or_damaged_anywhere_is_refused_and_never_throws()
    {
        var good = Envelope();
        var payload = good.Bytes.ToArray();

        Gen.Select(Gen.Int[0, payload.Length - 1], Gen.Byte[1, 255], Gen.Bool).Sample((at, by, cut) =>
        {
            var changed = cut ? payload[..at] : payload.ToArray();
            if (!cut)
            {
                changed[at] ^= by;
            }

            // What is not signed, such as the hint at the key, may change; what it says may not.
            var verdict = Judge(good with { Bytes = changed });
            Assert.True(verdict is Verification.Refused || (!cut && SameStatement(changed)), $"{verdict} at {at}: {Encoding.UTF8.GetString(changed)}");
        });

        static bool SameStatement(byte[] changed) =>
            DsseEnvelope.TryParse(changed, out _) is { } envelope && envelope.Payload.Span.SequenceEqual(Statement(InTotoStatement.SignaturePredicate));
    }

    [Fact]
    public void Garbage_is_refused_wherever_it_is_found() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        Assert.IsType<Verification.Refused>(Judge(new SignatureEvidence.Envelope("x", bytes)));
        Assert.IsType<Verification.Refused>(Judge(new SignatureEvidence.Simple("x", bytes, Convert.ToBase64String(bytes))));
        Assert.Null(VerificationKey.TryRead(bytes, out _));
        Assert.Empty(PemKeys.Read(Encoding.Latin1.GetString(bytes), out _));
        SignatureManifest.TryParse(bytes);
        Referrer.TryParse(bytes);
    });
}
