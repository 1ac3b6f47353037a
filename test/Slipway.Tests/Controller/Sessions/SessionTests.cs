using System.Text.Json.Nodes;
using Slipway.Tests.Controller.Api;
using Slipway.Tests.Webhooks;

namespace Slipway.Tests.Controller.Sessions;

public sealed class SessionTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    private const string Check = "/api/v1/namespaces/prod/deliveries/shop/check";

    [Fact]
    public async Task A_browser_signs_in_with_a_token_and_then_asks_with_a_cookie_alone()
    {
        var cookie = await world.SignInAsync(world.Server.AdminToken);

        Assert.Equal(200, (await world.GetAsync("/api/v1/deliveries", null, ("Cookie", cookie))).Code);
        var session = (await world.GetAsync(Browser.Session, null, ("Cookie", cookie))).Json;
        Assert.Equal(("sandbox-admin", "token"), ((string)session["user"]!, (string)session["ways"]![0]!));
        Assert.True(DateTimeOffset.Parse((string)session["until"]!, null) > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task The_cookie_is_for_no_script_no_other_site_and_holds_nothing_that_can_be_read()
    {
        var reply = await world.PostTokenAsync(world.Server.AdminToken);
        var set = Assert.Single(Browser.SetCookies(reply));

        Assert.StartsWith($"slipway-{world.Address.Port}=1.", set, StringComparison.Ordinal);
        Assert.Contains("; path=/; samesite=strict; httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; max-age=", set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(world.Server.AdminToken, set, StringComparison.Ordinal);
        Assert.NotEqual(set, Assert.Single(Browser.SetCookies(await world.PostTokenAsync(world.Server.AdminToken))));
    }

    [Fact]
    public async Task Beyond_loopback_the_cookie_is_bound_to_its_host_and_to_TLS()
    {
        var reply = await world.PostTokenAsync(world.Server.AdminToken, ("Host", "slipway.example.com"), ("Origin", "https://slipway.example.com"));
        Assert.Matches("^__Host-slipway=1\\.[^;]+; max-age=[0-9]+; path=/; secure; samesite=strict; httponly$", Assert.Single(Browser.SetCookies(reply)));

        var cookie = Browser.CookieOf(reply);
        Assert.Equal(200, (await world.GetAsync("/api/v1/deliveries", null, ("Host", "slipway.example.com"), ("Cookie", cookie))).Code);
        Assert.Equal(401, (await world.GetAsync("/api/v1/deliveries", null, ("Cookie", cookie))).Code);
    }

    [Fact]
    public async Task Over_plain_HTTP_from_elsewhere_no_session_begins()
    {
        var reply = await world.PostTokenAsync(world.Server.AdminToken, ("Host", "slipway.corp"), ("Origin", "http://slipway.corp"));
        Assert.Equal((400, "NotPrivate"), (reply.Code, reply.Reason));
        Assert.Empty(Browser.SetCookies(reply));
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_told_how_they_can()
    {
        foreach (var reply in new[] { await world.GetAsync(Browser.Session, null), await world.GetAsync(Browser.Session, "nobodys"), await world.PostTokenAsync("nobodys") })
        {
            Assert.Equal((401, "Unauthenticated", "token"), (reply.Code, reply.Reason, (string)reply.Json["ways"]!.AsArray().Single()!));
            Assert.Empty(Browser.SetCookies(reply));
        }
    }

    [Fact]
    public async Task A_token_in_the_header_goes_before_the_cookie()
    {
        var cookie = await world.SignInAsync(world.Server.AdminToken);
        Assert.Equal("jane", (string)(await world.GetAsync(Browser.Session, world.Server.AddUser("jane"), ("Cookie", cookie))).Json["user"]!);
        Assert.Equal(401, (await world.GetAsync("/api/v1/deliveries", "nobodys", ("Cookie", cookie))).Code);
    }

    [Fact]
    public async Task A_session_may_do_what_its_token_may_and_nothing_else()
    {
        var cookie = await world.SignInAsync(await world.UserAsync("prod", "update deliveries/check", "list deliveries"));

        Assert.Equal(202, (await world.AsAsync(cookie, "POST", Check)).Code);
        Assert.Equal(403, (await world.AsAsync(cookie, "POST", Check.Replace("/check", "/approve", StringComparison.Ordinal))).Code);
        Assert.Equal("check", (string)(await world.AsAsync(cookie, "GET", "/api/v1/namespaces/prod/permissions")).Json["actions"]!.AsArray().Single()!);
    }

    [Fact]
    public async Task Signing_out_takes_the_cookie_away()
    {
        var cookie = await world.SignInAsync(world.Server.AdminToken);
        var reply = await world.AsAsync(cookie, "DELETE", Browser.Session);

        Assert.Equal(204, reply.Code);
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(Browser.SetCookies(reply)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_session_ends_when_its_token_is_taken_back()
    {
        var token = world.Server.AddUser("leaver");
        var cookie = await world.SignInAsync(token);
        world.Server.RevokeToken(token);

        // What was found out counts for ten seconds more.
        int code;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, TestContext.Current.CancellationToken);
            code = (await world.GetAsync(Browser.Session, null, ("Cookie", cookie))).Code;
        }
        while (code == 200);

        Assert.Equal(401, code);
    }

    [Fact]
    public async Task A_long_token_goes_in_pieces_and_one_without_end_is_refused()
    {
        var claims = new JsonObject { ["iss"] = "https://issuer.example", ["sub"] = "jane", ["groups"] = new string('g', 2600) };
        var (longer, longest) = (LocalIssuer.Signed(claims), LocalIssuer.Signed(new JsonObject { ["groups"] = new string('g', 6000) }));
        world.Server.AcceptToken(longer, "jane");
        world.Server.AcceptToken(longest, "jane");

        var reply = await world.PostTokenAsync(longer);
        Assert.Equal(2, Browser.SetCookies(reply).Count);
        Assert.All(Browser.SetCookies(reply), cookie => Assert.True(cookie.Length < 4096));
        var cookie = Browser.CookieOf(reply);
        Assert.Equal("jane", (string)(await world.GetAsync(Browser.Session, null, ("Cookie", cookie))).Json["user"]!);
        Assert.Equal(401, (await world.GetAsync(Browser.Session, null, ("Cookie", cookie.Split("; ")[0]))).Code);

        // A shorter one after it leaves no piece of the longer one behind.
        var shorter = await world.PostTokenAsync(world.Server.AdminToken, world.FromHere(cookie));
        Assert.Contains(Browser.SetCookies(shorter), set => set.Contains(".1=;", StringComparison.Ordinal));

        var refused = await world.PostTokenAsync(longest);
        Assert.Equal((413, "TokenTooLong"), (refused.Code, refused.Reason));
    }

    [Fact]
    public async Task No_token_and_no_cookie_is_in_any_log()
    {
        var token = world.Server.AddUser("discreet");
        var cookie = await world.SignInAsync(token);
        await world.AsAsync(cookie, "POST", Check);
        await world.PostTokenAsync("a-token-that-is-nobodys");
        await world.SendAsync("POST", Browser.Session, null, """{"token":"half-a-token""", headers: world.FromHere());

        Assert.Contains("'discreet' signed in by a token from 127.0.0.1", world.Log, StringComparison.Ordinal);
        Assert.All([token, cookie.Split("=1.")[1], "a-token-that-is-nobodys", "half-a-token"], secret => Assert.DoesNotContain(secret, world.Log, StringComparison.Ordinal));
    }
}
