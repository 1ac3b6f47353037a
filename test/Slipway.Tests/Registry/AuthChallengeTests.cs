using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class AuthChallengeTests
{
    [Theory]
    [InlineData("""Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/repo:pull" """, "https://ghcr.io/token", "ghcr.io", "repository:user/repo:pull")]
    [InlineData("""BEARER realm="https://ghcr.io/token",service="ghcr.io" """, "https://ghcr.io/token", "ghcr.io", null)]
    [InlineData("""bearer Realm="https://GHCR.IO/Token",Service="GHCR.IO",Scope="repository:User/Repo:Pull" """, "https://GHCR.IO/Token", "GHCR.IO", "repository:User/Repo:Pull")]
    [InlineData("""bearer realm="https://ghcr.io/token",service="ghcr.io",scope="" """, "https://ghcr.io/token", "ghcr.io", null)]
    [InlineData("""bearer realm="https://ghcr.io/token",service="ghcr.io",stray""", "https://ghcr.io/token", "ghcr.io", null)]
    [InlineData("""bearer realm="https://ghcr.io/token",scope="repository:a:pull,repository:b:pull" """, "https://ghcr.io/token", null, "repository:a:pull,repository:b:pull")]
    [InlineData("""bearer realm = "https://ghcr.io/token" , service = "ghcr.io" """, "https://ghcr.io/token", "ghcr.io", null)]
    [InlineData("bearer\trealm\t=\t\"https://ghcr.io/token\",\tservice\t=\t\"ghcr.io\"", "https://ghcr.io/token", "ghcr.io", null)]
    [InlineData("bearer service=ghcr.io,realm=plain", "plain", "ghcr.io", null)]
    public void A_bearer_challenge_is_read_whatever_its_spelling(string header, string? realm, string? service, string? scope)
    {
        var bearer = AuthChallenge.Parse([header])[0];

        Assert.True(bearer.Is("Bearer"));
        Assert.Equal((realm, service, scope), (bearer["realm"], bearer["service"], bearer["scope"]));
    }

    [Fact]
    public void Quoted_pairs_lose_their_backslash()
    {
        var challenge = AuthChallenge.Parse(["""Bearer realm="r",other=fun,slashed="he\"\l\lo" """])[0];

        Assert.Equal("he\"llo", challenge["slashed"]);
        Assert.Equal("fun", challenge["other"]);
    }

    [Fact]
    public void Several_challenges_in_one_header_are_kept_apart()
    {
        var challenges = AuthChallenge.Parse(["""Negotiate, Basic realm="a, b", charset="UTF-8", Bearer realm="https://t",service="s" """]);

        Assert.Equal(["Negotiate", "Basic", "Bearer"], challenges.Select(challenge => challenge.Scheme));
        Assert.Equal("a, b", challenges[1]["realm"]);
        Assert.Equal("UTF-8", challenges[1]["charset"]);
        Assert.Equal("https://t", challenges[2]["realm"]);
    }

    [Fact]
    public void Several_headers_are_read_in_their_order()
    {
        var challenges = AuthChallenge.Parse(["""Basic realm="x" """, """Bearer realm="https://t" """]);

        Assert.Equal(["Basic", "Bearer"], challenges.Select(challenge => challenge.Scheme));
    }

    [Theory]
    [InlineData("Negotiate dGhpcyBpcyBpdA==", "Negotiate", "dGhpcyBpcyBpdA==")]
    [InlineData("NTLM abc+/._~-, Basic realm=\"x\"", "NTLM", "abc+/._~-")]
    public void The_token68_form_is_no_parameter(string header, string scheme, string token)
    {
        var challenge = AuthChallenge.Parse([header])[0];

        Assert.Equal((scheme, token), (challenge.Scheme, challenge.Token68));
        Assert.Empty(challenge.Parameters);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" , ,, ")]
    [InlineData("\"\"")]
    public void An_empty_header_has_no_challenge(string header) => Assert.Empty(AuthChallenge.Parse([header]));

    [Theory]
    [InlineData("bearer")]
    [InlineData("bearer123")]
    [InlineData("Bearer realm=")]
    [InlineData("Bearer realm=\"https://never.ends")]
    [InlineData("Bearer =,=,=")]
    public void A_broken_challenge_is_no_error(string header) => Assert.NotEmpty(AuthChallenge.Parse([header]));

    [Fact]
    public void A_header_of_a_hundred_thousand_challenges_is_cut_short() =>
        Assert.Equal(16, AuthChallenge.Parse([string.Concat(Enumerable.Repeat("Basic a=b, ", 100_000))]).Length);

    [Fact]
    public void Any_text_at_all_is_read_without_an_error() => CsCheck.Check.Sample(
        CsCheck.Gen.String[CsCheck.Gen.OneOf(CsCheck.Gen.Char["abcr =,\"\\\t"], CsCheck.Gen.Char), 0, 60],
        text => AuthChallenge.Parse([text]).Length <= 16);

    [Fact]
    public void Of_a_parameter_that_comes_twice_the_first_counts() =>
        Assert.Equal("a", AuthChallenge.Parse(["Bearer realm=a,realm=b"])[0]["realm"]);
}
