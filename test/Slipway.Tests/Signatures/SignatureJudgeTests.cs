using System.Text;
using System.Text.Json.Nodes;
using Slipway.Conditions;
using Slipway.Signatures;
using static Slipway.Tests.Signatures.Evidence;

namespace Slipway.Tests.Signatures;

/// <summary>What is accepted, and the attack list: each attack is refused with a reason of its own.</summary>
public sealed class SignatureJudgeTests
{
    private static Verification Judge(params SignatureEvidence[] evidence) => SignatureJudge.Judge(Question(), evidence);

    private static Verification.Refused Refuses(string reason, SignatureQuestion question, params SignatureEvidence[] evidence)
    {
        var refused = Assert.IsType<Verification.Refused>(SignatureJudge.Judge(question, evidence));
        Assert.True(reason == refused.Reason, $"{refused}");
        Assert.Equal(question.Digest, refused.Digest);
        return refused;
    }

    private static Verification.Refused Refuses(string reason, params SignatureEvidence[] evidence) => Refuses(reason, Question(), evidence);

    [Fact]
    public void A_signature_of_this_image_by_the_key_suffices() => Assert.Equal(new Verification.Verified(Digest), Judge(Simple()));

    [Fact]
    public void So_does_a_bundle_of_the_newer_cosign_by_the_key() => Assert.Equal(new Verification.Verified(Digest), Judge(Envelope()));

    [Fact]
    public void One_good_signature_suffices_among_many_bad_ones() =>
        Assert.IsType<Verification.Verified>(Judge(Simple(key: Stranger), new SignatureEvidence.Unusable("x", "it is empty"), Simple(Payload(Other)), Envelope(), Simple(key: Stranger)));

    [Theory]
    [InlineData("atomic container signature", "ghcr.io/acme/shop")]
    [InlineData("cosign container image signature", "ghcr.io/acme/shop:1.1.0")]
    [InlineData("cosign container image signature", $"ghcr.io/acme/shop@{Digest}")]
    [InlineData("cosign container image signature", "GHCR.IO/acme/shop")]
    public void The_image_may_be_named_in_each_way_that_is_this_image(string type, string name) =>
        Assert.IsType<Verification.Verified>(Judge(Simple(Payload(name: name, type: type))));

    [Fact]
    public void Docker_Hub_has_two_names() =>
        Assert.IsType<Verification.Verified>(SignatureJudge.Judge(Question() with { Repository = Repository("nginx") }, [Simple(Payload(name: "index.docker.io/library/nginx"))]));

    [Fact]
    public void While_keys_are_exchanged_either_of_them_suffices()
    {
        var both = Question(Requires(Key, Stranger));

        Assert.IsType<Verification.Verified>(SignatureJudge.Judge(both, [Simple(key: Key)]));
        Assert.IsType<Verification.Verified>(SignatureJudge.Judge(both, [Simple(key: Stranger)]));
    }

    // The attack list.

    [Fact]
    public void No_signature_is_missing_and_says_how_to_make_one() =>
        Assert.Contains("cosign sign --key", Refuses(Reasons.SignatureMissing).Message, StringComparison.Ordinal);

    [Fact]
    public void A_signature_for_another_digest_is_refused_though_the_key_is_right() =>
        Assert.Contains(Other, Refuses(Reasons.SignatureForOtherDigest, Simple(Payload(Other))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bundle_for_another_digest_is_refused_though_the_key_is_right() => Refuses(Reasons.SignatureForOtherDigest, Envelope(digest: Other));

    [Theory]
    [InlineData("ghcr.io/acme/other")]
    [InlineData("ghcr.io/acme/shop/x")]
    [InlineData("docker.io/acme/shop")]
    [InlineData("")]
    [InlineData("not a name")]
    public void A_signature_for_another_repository_is_refused(string name) => Refuses(Reasons.SignatureForOtherRepository, Simple(Payload(name: name)));

    [Fact]
    public void A_bundle_that_names_another_repository_is_refused() => Refuses(Reasons.SignatureForOtherRepository, Envelope(name: "ghcr.io/acme/other"));

    [Fact]
    public void A_signature_for_a_tag_is_no_signature_for_another_tag_on_the_same_image() =>
        Assert.Contains("'1.0.9' and not for 1.1.0", Refuses(Reasons.SignatureForOtherTag, Simple(Payload(name: "ghcr.io/acme/shop:1.0.9"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_signature_by_another_key_is_refused_and_names_the_keys_that_would_do() =>
        Assert.Contains(Key.Public!.ToString(), Refuses(Reasons.SignatureInvalid, Simple(key: Stranger)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bundle_by_another_key_is_refused() => Refuses(Reasons.SignatureInvalid, Envelope(key: Stranger));

    [Fact]
    public void A_payload_that_was_cut_or_changed_after_it_was_signed_is_refused()
    {
        var good = Simple();

        Refuses(Reasons.SignatureInvalid, good with { Payload = good.Payload[..^3] });
        Refuses(Reasons.SignatureInvalid, good with { Payload = Payload(Other) });
    }

    [Fact]
    public void A_signature_by_another_algorithm_than_the_keys_is_refused() =>
        Refuses(Reasons.SignatureInvalid, Simple(key: SigningKey.Named("rsa", SigningKey.Rsa2048)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no base64 !")]
    public void A_payload_without_its_signature_is_unreadable(string? signature) => Refuses(Reasons.SignatureUnreadable, Simple() with { Signature = signature });

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"critical\":")]
    [InlineData("""{"critical":{"type":"a blob's signature","image":{"docker-manifest-digest":"x"}}}""")]
    [InlineData("""{"critical":{"type":"cosign container image signature","image":{},"identity":{}}}""")]
    [InlineData("""{"critical":{"type":"cosign container image signature","image":{"docker-manifest-digest":"x"},"expires":"yesterday"}}""")]
    [InlineData("""{"critical":{"type":"cosign container image signature"},"critical":{"type":"cosign container image signature"}}""")]
    public void What_the_key_signed_for_another_purpose_is_no_signature_of_an_image(string payload) =>
        Refuses(Reasons.SignatureUnreadable, Simple(Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void An_attestation_is_no_signature_though_the_key_is_right() => Refuses(Reasons.SignatureMissing, Envelope(Provenance));

    [Fact]
    public void A_statement_in_an_envelope_of_another_type_is_no_signature() =>
        Refuses(Reasons.SignatureMissing, new SignatureEvidence.Envelope("x", EnvelopeBytes(Statement(InTotoStatement.SignaturePredicate), Key, type: "text/plain")));

    // The encoding that is signed has the type in it.
    [Fact]
    public void The_type_of_an_envelope_cannot_be_exchanged_after_it_was_signed()
    {
        var bytes = JsonNode.Parse(EnvelopeBytes(Statement(InTotoStatement.SignaturePredicate), Key, type: "text/plain"))!;
        bytes["payloadType"] = InTotoStatement.PayloadType;

        Refuses(Reasons.SignatureInvalid, new SignatureEvidence.Envelope("x", Encoding.UTF8.GetBytes(bytes.ToJsonString())));
    }

    [Fact]
    public void A_bundle_with_a_bare_message_signature_is_named_as_what_it_is() =>
        Assert.Contains("bare message signature", Refuses(Reasons.SignatureUnreadable, new SignatureEvidence.Envelope("x", """{"messageSignature":{}}"""u8.ToArray())).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_several_faults_the_one_that_came_nearest_is_told() =>
        Refuses(Reasons.SignatureForOtherRepository, Simple(key: Stranger), Simple(Payload(name: "ghcr.io/acme/other")), Simple(Payload(Other)), new SignatureEvidence.Unusable("x", "it is empty"));

    [Fact]
    public void What_a_stranger_wrote_is_not_printed_as_it_is()
    {
        var message = Refuses(Reasons.SignatureForOtherRepository, Simple(Payload(name: "a\u202eb\nc"))).Message;

        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\u202e', message);
    }

    // Who requires what.

    [Fact]
    public void All_that_require_a_signature_must_be_satisfied()
    {
        var policy = Requires(Stranger) with { By = "the image policy for ghcr.io/**" };
        var question = Question(Requires(Key), policy);

        Assert.Contains("the image policy for ghcr.io/**", Refuses(Reasons.SignatureInvalid, question, Simple()).Message, StringComparison.Ordinal);
        Assert.Contains("spec.source.verify", Refuses(Reasons.SignatureInvalid, question, Simple(key: Stranger)).Message, StringComparison.Ordinal);
        Assert.IsType<Verification.Verified>(SignatureJudge.Judge(question, [Simple(), Simple(key: Stranger)]));
    }

    [Fact]
    public void A_copied_image_may_be_signed_under_the_name_that_is_said()
    {
        var question = Question(Requires(Key) with { SignedIdentity = Repository("quay.io/upstream/app") });

        Assert.IsType<Verification.Verified>(SignatureJudge.Judge(question, [Simple(Payload(name: "quay.io/upstream/app"))]));
        Refuses(Reasons.SignatureForOtherRepository, question, Simple());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_required_attestation_counts_when_the_key_signed_it_for_this_image(bool bundle)
    {
        var question = Question(Requires(Key) with { PredicateTypes = [Provenance] });

        Assert.IsType<Verification.Verified>(SignatureJudge.Judge(question, [Simple(), Envelope(Provenance, bundle: bundle)]));
        Refuses(Reasons.AttestationMissing, question, Simple());
        Refuses(Reasons.SignatureMissing, question, Envelope(Provenance, bundle: bundle));
        Refuses(Reasons.AttestationMissing, question, Simple(), Envelope("https://example.com/other", bundle: bundle));
        Assert.Contains("none of the keys signed", Refuses(Reasons.AttestationMissing, question, Simple(), Envelope(Provenance, key: Stranger, bundle: bundle)).Message, StringComparison.Ordinal);
        Assert.Contains("about another image", Refuses(Reasons.AttestationMissing, question, Simple(), Envelope(Provenance, Other, bundle: bundle)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_of_several_attestations_must_be_there()
    {
        var question = Question(Requires(Key) with { PredicateTypes = [Provenance, "https://spdx.dev/Document"] });

        Assert.Contains("spdx", Refuses(Reasons.AttestationMissing, question, Simple(), Envelope(Provenance)).Message, StringComparison.Ordinal);
        Assert.IsType<Verification.Verified>(SignatureJudge.Judge(question, [Simple(), Envelope(Provenance), Envelope("https://spdx.dev/Document")]));
    }

    [Fact]
    public void A_question_is_another_one_where_anything_that_is_judged_differs()
    {
        var question = Question();
        SignatureQuestion[] others =
        [
            question with { Digest = Other },
            question with { Tags = ["1.1.1"] },
            question with { Repository = Repository("ghcr.io/acme/other") },
            Question(Requires(Key, Stranger)),
            Question(Requires(Key), Requires(Stranger)),
            Question(Requires(Key) with { PredicateTypes = [Provenance] }),
            Question(Requires(Key) with { SignedIdentity = Shop }),
        ];

        Assert.Equal(others.Length + 1, others.Append(question).Select(other => other.Identity).Distinct().Count());
        Assert.Equal(Question(Requires(Stranger, Key)).Identity, Question(Requires(Key, Stranger)).Identity);
    }
}
