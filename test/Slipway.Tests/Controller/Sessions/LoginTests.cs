using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Http;
using Slipway.Controller.Sessions;
using Slipway.Tests.Webhooks;

namespace Slipway.Tests.Controller.Sessions;

/// <summary>One test at a time has the issuer say something wrong, so each has a world of its own.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private readonly LoginWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_person_logs_in_at_the_issuer_and_comes_back_to_where_they_were()
    {
        var (cookie, address) = await _world.BeginAsync("/dashboard/deliveries?q=a&b");
        var query = HttpUtility.ParseQueryString(address.Query);
        Assert.Equal($"{_world.Issuer.Issuer}/authorize", address.GetLeftPart(UriPartial.Path));
        Assert.Equal(("acme", "code", LoginWorld.Client, $"{LoginWorld.Address}/login/oidc/callback", "openid groups", "S256"), (query["tenant"], query["response_type"], query["client_id"], query["redirect_uri"], query["scope"], query["code_challenge_method"]));

        var done = await _world.GetAsync(_world.Consent(address), cookie);
        Assert.Equal(200, done.Code);
        Assert.Contains("content=\"0;url=/dashboard/deliveries?q=a&amp;b\"", done.Text, StringComparison.Ordinal);
        Assert.Contains(Browser.SetCookies(done), set => set.StartsWith("__Host-slipway=1.", StringComparison.Ordinal) && set.Contains("samesite=strict", StringComparison.Ordinal));
        Assert.Contains(Browser.SetCookies(done), set => set.StartsWith("__Host-slipway-login=;", StringComparison.Ordinal));

        var session = (await _world.GetAsync(Browser.Session, Browser.CookieOf(done))).Json;
        Assert.Equal(("oidc:jane", "token,oidc"), ((string)session["user"]!, string.Join(',', session["ways"]!.AsArray())));
        Assert.InRange(DateTimeOffset.Parse((string)session["until"]!, null), DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddMinutes(5));
        var (form, login) = Assert.Single(_world.Exchanges);
        Assert.Equal(("authorization_code", $"{LoginWorld.Address}/login/oidc/callback"), (form["grant_type"], form["redirect_uri"]));
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("slipway-web:p%26ss%20w"))}", login);
    }

    [Fact]
    public async Task What_the_browser_keeps_meanwhile_is_sealed_short_lived_and_comes_along_with_the_way_back()
    {
        var reply = await _world.GetAsync("/login/oidc");
        var set = Assert.Single(Browser.SetCookies(reply));
        Assert.Matches("^__Host-slipway-login=[A-Za-z0-9_-]+; max-age=600; path=/; secure; samesite=lax; httponly$", set);
        Assert.DoesNotContain(HttpUtility.ParseQueryString(reply.Answer.Headers.Location!.Query)["state"]!, set, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil.example")]
    [InlineData("/a\r\nSet-Cookie: x=y")]
    [InlineData("/\t/evil.example")]
    [InlineData("/a b")]
    [InlineData("/login/oidc")]
    public async Task A_return_to_anywhere_else_is_refused(string place)
    {
        var reply = await _world.GetAsync($"/login/oidc?return={Uri.EscapeDataString(place)}");
        Assert.Equal(400, reply.Code);
        Assert.Empty(Browser.SetCookies(reply));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/dashboard/deliveries/prod/shop?tab=checks#2", true)]
    [InlineData("", false)]
    public void Paths_of_ours_are_taken(string place, bool ours) => Assert.Equal(ours, PendingLogin.IsOurs(place));

    [Fact]
    public async Task A_login_that_another_browser_has_begun_is_none_of_this_ones()
    {
        var (mine, _) = await _world.BeginAsync();
        var (_, others) = await _world.BeginAsync();
        foreach (var cookie in new[] { mine, null, "__Host-slipway-login=AAAA", mine[..^4] })
        {
            var reply = await _world.GetAsync(_world.Consent(others), cookie);
            Assert.Equal(400, reply.Code);
            Assert.DoesNotContain(Browser.SetCookies(reply), set => set.StartsWith("__Host-slipway=", StringComparison.Ordinal));
        }

        Assert.Empty(_world.Exchanges);
    }

    [Fact]
    public async Task A_session_is_no_login_and_a_login_no_session()
    {
        var (login, address) = await _world.BeginAsync();
        var session = Browser.CookieOf(await _world.GetAsync(_world.Consent(address), login));
        var value = session.Split("=1.")[1];

        Assert.Equal(400, (await _world.GetAsync(_world.Consent(address), $"__Host-slipway-login={value}")).Code);
        Assert.Equal(401, (await _world.GetAsync(Browser.Session, $"__Host-slipway=1.{login.Split('=')[1]}")).Code);
    }

    [Fact]
    public async Task A_code_counts_once()
    {
        var (cookie, address) = await _world.BeginAsync();
        var back = _world.Consent(address);
        Assert.Equal(200, (await _world.GetAsync(back, cookie)).Code);

        await RefusedAsync(await _world.GetAsync(back, cookie), 502, "'invalid_grant'");
        Assert.Equal(400, (await _world.GetAsync(back)).Code);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"nonce":"another"}""", "another login (nonce)" },
        { """{"nonce":null}""", "another login (nonce)" },
        { """{"aud":"another"}""", "another client" },
        { """{"aud":["slipway-web","another"]}""", "several clients" },
        { """{"azp":"another"}""", "asked for by another client" },
        { """{"iss":"https://evil.example"}""", "another issuer" },
        { """{"exp":1}""", "has run out" },
        { """{"exp":null}""", "no end" },
        { """{"nbf":9999999999}""", "not valid yet" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task An_ID_token_that_is_not_right_signs_nobody_in(string changes, string why)
    {
        _world.Change = claims =>
        {
            foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
            {
                _ = value is null ? claims.Remove(name) : (claims[name] = value.DeepClone()) is not null;
            }
        };
        await RefusedAsync(await LogInAsync(), 502, why);
    }

    [Fact]
    public async Task An_ID_token_of_another_hand_signs_nobody_in()
    {
        (Func<JsonObject, string> Sign, string Why)[] forged =
        [
            (claims => $"{LocalIssuer.Signed(claims)[..^8]}AAAAAAAA", "signature"),
            (claims => LocalIssuer.Signed(claims, key: "unknown"), "no key 'unknown'"),
            (claims => LocalIssuer.Signed(LocalIssuer.Head("RS512", "rsa-1"), claims.ToJsonString()), "algorithm"),
            (claims => LocalIssuer.SignedWith("secret"u8.ToArray(), LocalIssuer.Head("HS256", "rsa-1"), claims), "algorithm"),
            (claims => $"{LocalIssuer.Text(Encoding.UTF8.GetBytes("""{"alg":"none"}"""))}.{LocalIssuer.Text(Encoding.UTF8.GetBytes(claims.ToJsonString()))}.", "algorithm"),
            (_ => "opaque", "no signed JWT"),
            (_ => new string('x', 17 << 10), "no signed JWT"),
        ];
        foreach (var (sign, why) in forged)
        {
            _world.Sign = sign;
            await RefusedAsync(await LogInAsync(), 502, why);
        }
    }

    [Fact]
    public async Task Whom_the_issuer_knows_and_the_cluster_does_not_is_not_signed_in()
    {
        _world.Trusted = false;
        var reply = await LogInAsync();
        Assert.Equal(403, reply.Code);
        Assert.Contains("must trust the same issuer", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Browser.SetCookies(reply), set => set.StartsWith("__Host-slipway=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("error=access_denied", "'access_denied'")]
    [InlineData("error=%3Cscript%3E", "'<script>'")]
    [InlineData("code=c&iss=https://evil.example", "another issuer")]
    [InlineData("", "the issuer says")]
    public async Task An_issuer_that_says_no_is_no_way_in(string said, string why)
    {
        var (cookie, address) = await _world.BeginAsync();
        var reply = await _world.GetAsync($"{LoginTerms.CallbackPath}?{said}&state={HttpUtility.ParseQueryString(address.Query)["state"]}", cookie);
        await RefusedAsync(reply, 403, why);
        Assert.DoesNotContain("<script", reply.Text, StringComparison.Ordinal);
        Assert.Empty(_world.Exchanges);
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration", "not json")]
    [InlineData("/.well-known/openid-configuration", "[]")]
    [InlineData("/.well-known/openid-configuration", """{"issuer":"https://evil.example"}""")]
    [InlineData("/.well-known/openid-configuration", "ENDLESS")]
    [InlineData("/token", "not json")]
    [InlineData("/token", "[]")]
    [InlineData("/token", "{}")]
    [InlineData("/token", """{"id_token":7}""")]
    [InlineData("/token", "ENDLESS")]
    [InlineData("/keys", "not json")]
    [InlineData("/keys", "{}")]
    [InlineData("/keys", "ENDLESS")]
    public async Task Whatever_an_issuer_answers_it_is_no_way_in_and_no_harm(string path, string answer)
    {
        _world.Issuer.Paths[path] = answer == "ENDLESS" ? EndlessAsync : http => http.Response.WriteAsync(answer);
        var reply = path.StartsWith("/.well", StringComparison.Ordinal) ? await _world.GetAsync("/login/oidc") : await LogInAsync();

        Assert.Equal(502, reply.Code);
        Assert.DoesNotContain(Browser.SetCookies(reply), set => set.StartsWith("__Host-slipway=", StringComparison.Ordinal));
        Assert.Equal(200, (await _world.Api.GetAsync("/api/v1/deliveries", _world.Api.Server.AdminToken)).Code);
    }

    [Fact]
    public async Task No_code_token_or_verifier_is_in_any_log()
    {
        var (cookie, address) = await _world.BeginAsync();
        var done = await _world.GetAsync(_world.Consent(address), cookie);
        var session = Browser.CookieOf(done).Split("=1.")[1];
        _world.Change = claims => claims["nonce"] = "another";
        await LogInAsync();

        Assert.Contains("'oidc:jane' signed in by the issuer", _world.Api.Log, StringComparison.Ordinal);
        Assert.All([session, cookie.Split('=')[1], .. _world.Exchanges.Select(exchange => exchange.Form["code_verifier"])], secret => Assert.DoesNotContain(secret, _world.Api.Log, StringComparison.Ordinal));
        Assert.DoesNotContain("eyJ", _world.Api.Log, StringComparison.Ordinal);
    }

    private async Task<Api.ApiReply> LogInAsync()
    {
        var (cookie, address) = await _world.BeginAsync();
        return await _world.GetAsync(_world.Consent(address), cookie);
    }

    private Task RefusedAsync(Api.ApiReply reply, int code, string why)
    {
        Assert.Equal(code, reply.Code);
        Assert.Contains(why, _world.Api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Browser.SetCookies(reply), set => set.StartsWith("__Host-slipway=", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    // It ends when the one who asks has had enough of it.
    private static async Task EndlessAsync(HttpContext http)
    {
        var much = new byte[64 << 10];
        Array.Fill(much, (byte)' ');
        for (var time = 0; time < 1000 && !http.RequestAborted.IsCancellationRequested; time++)
        {
            await http.Response.Body.WriteAsync(much, http.RequestAborted);
        }
    }
}
