using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Tests.Webhooks.Payloads;

namespace Slipway.Tests.Webhooks;

/// <summary>Tokens of an issuer over real HTTP: those that are taken, and the attacks that are known on verifiers of tokens (RFC 8725 section 2).</summary>
public sealed class IssuerTokenTests : IAsyncLifetime
{
    private LocalIssuer _issuer = null!;
    private WebhookWorld _world = null!;

    private JsonObject Claims => _issuer.Claims(_world.Time.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        _issuer = await LocalIssuer.StartAsync();
        _world = await WebhookWorld.StartAsync($$$"""
            [{"name":"ci","type":"generic","oidc":{"issuer":"{{{_issuer.Issuer}}}","audience":"slipway","claims":{"repository":"acme/*","ref":"refs/heads/main"} } },
             {"name":"strict","type":"generic","oidc":{"issuer":"{{{_issuer.Issuer}}}","audience":"slipway","subject":"repo:acme/shop:**","claims":{"ref_protected":"true","run_number":"7"} } },
             {"name":"gcr","type":"gcr","oidc":{"issuer":"{{{_issuer.Issuer}}}","audience":"slipway","email":"push@acme.iam.gserviceaccount.com"} }]
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("RS256", "rsa-1", "ci")]
    [InlineData("ES256", "ec-1", "ci")]
    [InlineData("RS256", "rsa-1", "strict")]
    public async Task A_token_of_the_issuer_is_taken(string algorithm, string key, string route)
    {
        Assert.Equal((202, "1 feeds look\n"), await SendAsync(LocalIssuer.Signed(Claims, algorithm, key), route));
        Assert.Equal("ghcr.io/acme/shop", Assert.Single(_world.Hints).Repository.ToString());
    }

    [Fact]
    public async Task An_audience_may_be_one_of_several() => Assert.Equal(202, (await SendAsync(LocalIssuer.Signed(With("aud", new JsonArray("other", "slipway"))))).Status);

    [Fact]
    public async Task Pub_sub_is_let_in_by_its_service_account()
    {
        var claims = With("email", "push@acme.iam.gserviceaccount.com");
        var body = SamplePayloads.All["gcr"].Body;

        Assert.Contains("not verified", (await SendAsync(LocalIssuer.Signed(claims), "gcr", body)).Text, StringComparison.Ordinal);
        claims["email_verified"] = true;
        Assert.Equal(202, (await SendAsync(LocalIssuer.Signed(claims), "gcr", body)).Status);
        claims["email"] = "push@evil.iam.gserviceaccount.com";
        Assert.Equal(401, (await SendAsync(LocalIssuer.Signed(claims), "gcr", body)).Status);
    }

    [Theory]
    [InlineData("aud", "another", "the token is for another audience; ask the issuer for one with this receiver's")]
    [InlineData("aud", null, "the token is for another audience; ask the issuer for one with this receiver's")]
    [InlineData("iss", "https://evil.example", "the token's issuer is 'https://evil.example', which is not this receiver's")]
    [InlineData("iss", null, "the token's issuer is '', which is not this receiver's")]
    [InlineData("repository", "evil/shop", "the token's claim repository is 'evil/shop', which this receiver does not take")]
    [InlineData("repository", null, "the token has no claim repository, which this receiver asks for")]
    [InlineData("ref", "refs/pull/1/merge", "the token's claim ref is 'refs/pull/1/merge', which this receiver does not take")]
    [InlineData("exp", null, "the token has no end (exp)")]
    public async Task A_token_of_somebody_else_is_refused(string claim, string? value, string why)
    {
        var claims = value is null ? Claims : With(claim, value);
        if (value is null)
        {
            claims.Remove(claim);
        }

        Assert.Equal((401, why + "\n"), await SendAsync(LocalIssuer.Signed(claims)));
        Assert.Empty(_world.Hints);
    }

    [Theory]
    [InlineData("exp", 0, 202)]
    [InlineData("exp", -59, 202)]
    [InlineData("exp", -60, 401)]
    [InlineData("nbf", 60, 202)]
    [InlineData("nbf", 61, 401)]
    public async Task A_token_has_its_time(string claim, int seconds, int status)
    {
        var claims = With(claim, _world.Time.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds());
        if (claim == "exp")
        {
            claims.Remove("nbf");
        }

        Assert.Equal(status, (await SendAsync(LocalIssuer.Signed(claims))).Status);
    }

    [Fact]
    public async Task A_token_without_a_signature_is_refused()
    {
        var signed = LocalIssuer.Signed(Claims).Split('.');
        var none = LocalIssuer.Text(Encoding.UTF8.GetBytes(LocalIssuer.Head("none", "rsa-1").ToJsonString()));

        Assert.Contains("algorithm is 'none'", (await SendAsync($"{none}.{signed[1]}.")).Text, StringComparison.Ordinal);
        Assert.Equal(401, (await SendAsync($"{none}.{signed[1]}.{signed[2]}")).Status);
        Assert.Equal((401, "the token's signature is not its issuer's\n"), await SendAsync($"{signed[0]}.{signed[1]}."));
        Assert.Equal(401, (await SendAsync($"{signed[0]}.{signed[1]}")).Status);
    }

    [Fact]
    public async Task The_public_key_is_no_secret_to_sign_with()
    {
        foreach (var secret in new[] { LocalIssuer.Rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(LocalIssuer.Rsa.ExportSubjectPublicKeyInfoPem()), LocalIssuer.Rsa.ExportParameters(false).Modulus! })
        {
            Assert.Contains("algorithm is 'HS256'", (await SendAsync(LocalIssuer.SignedWith(secret, LocalIssuer.Head("HS256", "rsa-1"), Claims))).Text, StringComparison.Ordinal);
            Assert.Equal((401, "the token's signature is not its issuer's\n"), await SendAsync(LocalIssuer.SignedWith(secret, LocalIssuer.Head("RS256", "rsa-1"), Claims)));
        }
    }

    [Fact]
    public async Task A_symmetric_key_that_an_issuer_publishes_is_no_key()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        _issuer.PublishSymmetric(secret, "oct-1");

        Assert.Equal(401, (await SendAsync(LocalIssuer.SignedWith(secret, LocalIssuer.Head("HS256", "oct-1"), Claims))).Status);
        Assert.Equal((401, "the issuer has no key 'oct-1'\n"), await SendAsync(LocalIssuer.SignedWith(secret, LocalIssuer.Head("RS256", "oct-1"), Claims)));
    }

    [Theory]
    [InlineData("PS256", "rsa-1")]
    [InlineData("RS512", "rsa-1")]
    [InlineData("rs256", "rsa-1")]
    [InlineData("ES256", "rsa-1")]
    [InlineData("RS256", "ec-1")]
    public async Task An_algorithm_belongs_to_its_key(string algorithm, string key) => Assert.Equal(401, (await SendAsync(LocalIssuer.Signed(Claims, algorithm, key))).Status);

    [Fact]
    public async Task A_key_that_the_token_brings_along_is_not_looked_at()
    {
        using var own = RSA.Create(2048);
        var parameters = own.ExportParameters(false);
        var head = LocalIssuer.Head("RS256", "rsa-1");
        head["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = LocalIssuer.Text(parameters.Modulus!), ["e"] = LocalIssuer.Text(parameters.Exponent!), ["kid"] = "rsa-1" };
        head["jku"] = $"{_issuer.Issuer}/elsewhere";
        head["x5u"] = $"{_issuer.Issuer}/elsewhere";
        var content = $"{LocalIssuer.Text(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{LocalIssuer.Text(Encoding.UTF8.GetBytes(Claims.ToJsonString()))}";

        var forged = $"{content}.{LocalIssuer.Text(own.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        Assert.Equal((401, "the token's signature is not its issuer's\n"), await SendAsync(forged));
        Assert.DoesNotContain("/elsewhere", _issuer.Requests);
    }

    [Fact]
    public async Task A_short_key_is_no_key()
    {
        using var small = RSA.Create(1024);
        _issuer.Publish(small, "small-1");

        Assert.Equal((401, "the issuer has no key 'small-1'\n"), await SendAsync(LocalIssuer.Signed(Claims, key: "small-1")));
    }

    [Fact]
    public async Task Claims_that_were_changed_are_not_the_issuers()
    {
        var signed = LocalIssuer.Signed(Claims).Split('.');
        var other = LocalIssuer.Text(Encoding.UTF8.GetBytes(With("repository", "acme/other").ToJsonString()));

        Assert.Equal((401, "the token's signature is not its issuer's\n"), await SendAsync($"{signed[0]}.{other}.{signed[2]}"));
    }

    [Fact]
    public async Task A_claim_that_is_there_twice_means_nothing()
    {
        var twice = Claims.ToJsonString().Insert(1, "\"repository\":\"evil/shop\",");

        Assert.Equal((401, "the token is no signed JWT\n"), await SendAsync(LocalIssuer.Signed(LocalIssuer.Head("RS256", "rsa-1"), twice)));
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.e30")]
    [InlineData("W10.W10.")]
    [InlineData("a.b.c.d.e")]
    [InlineData("rubbish")]
    public async Task Rubbish_is_refused_and_the_issuer_is_not_bothered(string token)
    {
        Assert.Equal(401, (await SendAsync(token)).Status);
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task A_huge_token_is_not_read()
    {
        Assert.Equal((401, "the token is longer than 16384 characters\n"), await SendAsync(LocalIssuer.Signed(With("padding", new string('a', 14_000)))));
        Assert.Empty(_issuer.Requests);
    }

    [Fact]
    public async Task The_issuer_is_asked_once_for_many_tokens()
    {
        for (var at = 0; at < 5; at++)
        {
            Assert.Equal(202, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
        }

        Assert.Equal(["/.well-known/openid-configuration", "/keys"], _issuer.Requests);
    }

    [Fact]
    public async Task Unknown_keys_make_the_issuer_be_asked_once_a_minute_at_most()
    {
        await SendAsync(LocalIssuer.Signed(Claims));
        for (var at = 0; at < 10; at++)
        {
            Assert.Equal(401, (await SendAsync(LocalIssuer.Signed(Claims, key: $"made-up-{at}"))).Status);
        }

        Assert.Equal(2, _issuer.Requests.Count);
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(LocalIssuer.Signed(Claims, key: "made-up"));
        await SendAsync(LocalIssuer.Signed(Claims, key: "made-up"));
        Assert.Equal(4, _issuer.Requests.Count);
    }

    [Fact]
    public async Task A_new_key_is_taken_when_it_is_used_and_an_old_one_no_longer_than_an_hour()
    {
        Assert.Equal(202, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
        _issuer.Withdraw();
        _issuer.Publish(LocalIssuer.Rsa, "rsa-2", "RS256");
        _world.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(202, (await SendAsync(LocalIssuer.Signed(Claims, key: "rsa-2"))).Status);
        Assert.Equal(401, (await SendAsync(LocalIssuer.Signed(Claims, key: "rsa-1"))).Status);
        _issuer.Withdraw();
        _world.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(401, (await SendAsync(LocalIssuer.Signed(Claims, key: "rsa-2"))).Status);
    }

    [Fact]
    public async Task An_issuer_that_is_away_is_no_fault_of_the_sender_and_its_keys_last_a_day()
    {
        _issuer.Status = 500;
        Assert.Equal(503, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
        Assert.Contains($"the keys of {_issuer.Issuer} cannot be had", _world.Log, StringComparison.Ordinal);

        _issuer.Status = null;
        Assert.Equal(503, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(202, (await SendAsync(LocalIssuer.Signed(Claims))).Status);

        _issuer.Status = 500;
        _world.Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(202, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
        _world.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(503, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
    }

    [Theory]
    [InlineData("https://evil.example", null, "is the discovery of another issuer than")]
    [InlineData(null, "http://evil.example/keys", "names no address of keys with https")]
    [InlineData(null, "keys", "names no address of keys with https")]
    public async Task A_discovery_that_leads_elsewhere_is_not_followed(string? issuer, string? keys, string why)
    {
        _issuer.Claimed = (issuer, keys);

        Assert.Equal(503, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
        Assert.Contains(why, _world.Log, StringComparison.Ordinal);
        Assert.Equal(["/.well-known/openid-configuration"], _issuer.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _issuer.Status = 302;

        Assert.Equal(503, (await SendAsync(LocalIssuer.Signed(Claims))).Status);
        Assert.Equal(["/.well-known/openid-configuration"], _issuer.Requests);
    }

    [Fact]
    public async Task A_token_is_written_nowhere()
    {
        var token = LocalIssuer.Signed(With("repository", "evil/shop"));
        await SendAsync(token);

        Assert.DoesNotContain(token.Split('.')[2], _world.Log, StringComparison.Ordinal);
        Assert.Contains("the token's claim repository is 'evil/shop'", _world.Log, StringComparison.Ordinal);
    }

    private JsonObject With(string claim, JsonNode value)
    {
        var claims = Claims;
        claims[claim] = value;
        return claims;
    }

    private async Task<(int Status, string Text)> SendAsync(string token, string route = "ci", string? body = null)
    {
        var (status, text, _) = await _world.SendAsync($"/webhooks/{route}", body ?? SamplePayloads.All["generic"].Body, ("Authorization", $"Bearer {token}"));
        return (status, text);
    }
}
