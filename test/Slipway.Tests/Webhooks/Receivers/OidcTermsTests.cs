using System.Collections.Immutable;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Receivers;

public sealed class OidcTermsTests
{
    private static readonly OidcTerms Terms = new("https://issuer", "slipway", null, null, ImmutableSortedDictionary<string, NameGlob>.Empty);

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_subject_matches_a_glob()
    {
        var terms = Terms with { Subject = new NameGlob("repo:acme/shop:ref:refs/tags/*") };

        Assert.Null(terms.Refusal(Claims(("sub", "repo:acme/shop:ref:refs/tags/v1"))));
        Assert.Equal("the token's claim sub is 'repo:evil/shop:ref:refs/tags/v1', which this receiver does not take", terms.Refusal(Claims(("sub", "repo:evil/shop:ref:refs/tags/v1"))));
        Assert.Equal("the token has no claim sub, which this receiver asks for", terms.Refusal(Claims()));
    }

    [Theory]
    [InlineData("push@acme.iam", "true", null)]
    [InlineData("push@acme.iam", "false", "the token's email is not verified by its issuer")]
    [InlineData("push@acme.iam", null, "the token's email is not verified by its issuer")]
    [InlineData("push@evil.iam", "true", "the token's claim email is 'push@evil.iam', which this receiver does not take")]
    [InlineData(null, "true", "the token has no claim email, which this receiver asks for")]
    public void An_email_counts_only_where_the_issuer_verified_it(string? email, string? verified, string? expected) =>
        Assert.Equal(expected, (Terms with { Email = "push@acme.iam" }).Refusal(name => name switch { "email" => email, "email_verified" => verified, _ => null }));

    [Fact]
    public void Every_claim_must_be_as_it_is_asked_for()
    {
        var terms = Terms with { Claims = ImmutableSortedDictionary<string, NameGlob>.Empty.Add("repository", new NameGlob("acme/shop")).Add("ref", new NameGlob("refs/heads/main")) };

        Assert.Null(terms.Refusal(Claims(("repository", "acme/shop"), ("ref", "refs/heads/main"))));
        Assert.Contains("claim ref", terms.Refusal(Claims(("repository", "acme/shop"), ("ref", "refs/heads/fork"))), StringComparison.Ordinal);
        Assert.Contains("claim repository", terms.Refusal(Claims(("ref", "refs/heads/main"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_cannot_forge_a_line() =>
        Assert.Contains(@"\u000a", (Terms with { Subject = new NameGlob("a") }).Refusal(Claims(("sub", "b\nforged"))), StringComparison.Ordinal);

    [Fact]
    public void Issuer_and_audience_alone_name_nobody()
    {
        Assert.False(Terms.NamesSomebody);
        Assert.True((Terms with { Email = "a@b" }).NamesSomebody);
    }

    [Theory]
    [InlineData(-300, 300, null)]
    [InlineData(null, 300, null)]
    [InlineData(-300, -59, null)]
    [InlineData(-300, -60, "the token has run out; get a new one for each call")]
    [InlineData(60, 300, null)]
    [InlineData(61, 300, "the token is not valid yet; compare the clocks")]
    [InlineData(-300, null, "the token has no end (exp)")]
    public void A_token_has_its_time_and_clocks_a_minute(int? from, int? until, string? expected) =>
        Assert.Equal(expected, OidcTerms.TimeRefusal(from is { } nbf ? Now.AddSeconds(nbf) : null, until is { } exp ? Now.AddSeconds(exp) : null, Now));

    private static Func<string, string?> Claims(params (string Name, string Value)[] claims) => name => claims.FirstOrDefault(claim => claim.Name == name).Value;
}
