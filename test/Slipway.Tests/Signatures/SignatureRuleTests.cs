using Slipway.Api;
using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

public sealed class SignatureRuleTests
{
    private static readonly SigningKey Key = SigningKey.Named("p256");

    private static SignatureRule Read(Verify verify)
    {
        Assert.True(SignatureRule.TryRead(verify, out var rule, out var problem), problem?.ToString());
        return rule!;
    }

    [Fact]
    public void Without_the_field_nothing_is_required()
    {
        Assert.True(SignatureRule.TryRead(null, out var rule, out _));
        Assert.Null(rule);
    }

    [Fact]
    public void Every_field_is_heard()
    {
        var rule = Read(new Verify(
            [new(ConfigMapKeyRef: new("keys", "a.pub")), new(SecretKeyRef: new("more", "b.pub")), new(Pem: Key.PublicPem)],
            [new(Evidence.Provenance)],
            "quay.io/upstream/app"));

        Assert.Equal([new KeySource.InConfigMap("keys", "a.pub"), new KeySource.InSecret("more", "b.pub")], rule.Keys[..2]);
        Assert.Equal([Key.Public!], Assert.IsType<KeySource.Given>(rule.Keys[2]).Keys);
        Assert.Equal([Evidence.Provenance], rule.PredicateTypes);
        Assert.Equal("quay.io/upstream/app", $"{rule.SignedIdentity}");
        Assert.True(rule.IsLocal);
        Assert.False(Read(new Verify([new(Pem: Key.PublicPem)])).IsLocal);
    }

    public static TheoryData<Verify, string, string> Unreadable => new()
    {
        { new Verify(), "spec.source.verify.keys", "no key is named" },
        { new Verify([]), "spec.source.verify.keys", "no key is named" },
        { new Verify([.. Enumerable.Repeat(new VerificationKeySource(Pem: Key.PublicPem), 17)]), "spec.source.verify.keys", "17 are more than 16" },
        { new Verify([new()]), "spec.source.verify.keys[0]", "exactly one of configMapKeyRef, secretKeyRef and pem" },
        { new Verify([null!]), "spec.source.verify.keys[0]", "exactly one of" },
        { new Verify([new(Pem: Key.PublicPem), new(new("a", "b"), new("a", "b"))]), "spec.source.verify.keys[1]", "exactly one of" },
        { new Verify([new(new("", "b"))]), "spec.source.verify.keys[0]", "name and key must both be given" },
        { new Verify([new(SecretKeyRef: new("a"))]), "spec.source.verify.keys[0]", "name and key must both be given" },
        { new Verify([new(Pem: "garbage")]), "spec.source.verify.keys[0].pem", "it holds no key" },
        { new Verify([new(Pem: Key.PublicPem)], [new()]), "spec.source.verify.attestations", "a predicateType is missing" },
        { new Verify([new(Pem: Key.PublicPem)], [null!]), "spec.source.verify.attestations", "a predicateType is missing" },
        { new Verify([new(Pem: Key.PublicPem)], [.. Enumerable.Repeat(new RequiredAttestation("x"), 17)]), "spec.source.verify.attestations", "17 are more than 16" },
        { new Verify([new(Pem: Key.PublicPem)], SignedIdentity: "Not A Name"), "spec.source.verify.signedIdentity", "Not A Name" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_is_refused_by_field_with_what_is_right(Verify verify, string field, string expected)
    {
        Assert.False(SignatureRule.TryRead(verify, out _, out var problem));
        Assert.Equal(field, problem.Field);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rules_are_the_same_where_they_require_the_same()
    {
        Verify[] different =
        [
            new([new(Pem: Key.PublicPem)]),
            new([new(Pem: SigningKey.Named("stranger").PublicPem)]),
            new([new(new("keys", "a"))]),
            new([new(SecretKeyRef: new("keys", "a"))]),
            new([new(Pem: Key.PublicPem)], [new("x")]),
            new([new(Pem: Key.PublicPem)], SignedIdentity: "quay.io/x/y"),
        ];

        Assert.Equal(different.Length, different.Select(verify => Read(verify).Identity).Distinct().Count());
        Assert.Equal(Read(different[0]).Identity, Read(new([new(Pem: $"# again\n{Key.PublicPem}")])).Identity);
    }
}
