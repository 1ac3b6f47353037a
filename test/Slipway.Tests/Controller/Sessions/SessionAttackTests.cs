using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Controller.Api;
using Slipway.Controller.Sessions;
using Slipway.Tests.Controller.Api;
using Slipway.Tests.Controllers;

namespace Slipway.Tests.Controller.Sessions;

/// <summary>What somebody may try who is not the one whose session it is.</summary>
public sealed class SessionAttackTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    private const string Check = "/api/v1/namespaces/prod/deliveries/shop/check";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData("0.AAAA")]
    [InlineData("1.AAAA")]
    [InlineData("9.AAAA")]
    [InlineData("-1.AAAA")]
    [InlineData("1.2.3")]
    [InlineData("1.%%%")]
    [InlineData("2147483648.AAAA")]
    [InlineData("1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_cookie_that_somebody_has_made_up_is_none(string value) =>
        Assert.Equal(401, (await world.GetAsync("/api/v1/deliveries", null, ("Cookie", $"slipway-{world.Address.Port}={value}"))).Code);

    [Fact]
    public async Task A_cookie_that_was_cut_lengthened_or_changed_is_none()
    {
        var cookie = await world.SignInAsync(world.Server.AdminToken);
        var begin = cookie.IndexOf('.', StringComparison.Ordinal) + 1;
        string[] changed =
        [
            cookie[..^1], cookie[..^8], cookie[..(begin + 4)], $"{cookie}AAAA",
            .. Enumerable.Range(0, 16).Select(place => begin + (place * (cookie.Length - begin - 2) / 16)).Select(at => $"{cookie[..at]}{(cookie[at] == 'A' ? 'B' : 'A')}{cookie[(at + 1)..]}"),
        ];
        Assert.Equal(200, (await world.GetAsync(Browser.Session, null, ("Cookie", cookie))).Code);
        foreach (var other in changed)
        {
            Assert.Equal(401, (await world.GetAsync(Browser.Session, null, ("Cookie", other))).Code);
        }
    }

    [Fact]
    public async Task A_cookie_of_other_keys_is_none()
    {
        var others = SessionKeys.Read(null).Seal("session v1", new BrowserSession(world.Server.AdminToken, DateTimeOffset.MaxValue).ToBytes());
        Assert.Equal(401, (await world.GetAsync(Browser.Session, null, ("Cookie", $"slipway-{world.Address.Port}=1.{others}"))).Code);
    }

    [Theory]
    [InlineData("session v1", 600, true)]
    [InlineData("session v1", 0, false)]
    [InlineData("session v1", -1, false)]
    [InlineData("login v1", 600, false)]
    public void A_cookie_counts_until_its_end_and_for_what_it_was_made(string purpose, int seconds, bool counts)
    {
        var keys = SessionKeys.Read(null);
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString("slipway.example.com");
        http.Request.Headers.Cookie = $"__Host-slipway=1.{keys.Seal(purpose, new BrowserSession("t", Now.AddSeconds(seconds)).ToBytes())}";

        Assert.Equal(counts ? "t" : null, new SessionCookies(keys, new ShiftedTime(Now)).Read(http.Request)?.Token);
    }

    [Theory]
    [InlineData(null, "same-origin", true, 403)]
    [InlineData("0", "same-origin", true, 403)]
    [InlineData("1", "cross-site", true, 403)]
    [InlineData("1", "same-site", true, 403)]
    [InlineData("1", "same-origin", false, 202)]
    [InlineData("1", null, true, 202)]
    [InlineData("1", null, false, 403)]
    public async Task With_a_cookie_a_write_must_come_from_a_page_of_ours(string? header, string? site, bool origin, int code)
    {
        List<(string, string)> headers = [("Cookie", await world.SignInAsync(world.Server.AdminToken))];
        headers.AddRange(header is null ? [] : [("X-Slipway-Session", header)]);
        headers.AddRange(site is null ? [] : [("Sec-Fetch-Site", site)]);
        headers.AddRange(origin ? [("Origin", world.Address.GetLeftPart(UriPartial.Authority))] : []);

        Assert.Equal(code, (await world.SendAsync("POST", Check, null, headers: [.. headers])).Code);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    [InlineData("not an origin")]
    public async Task With_a_cookie_no_other_origin_writes_signs_in_or_signs_out(string origin)
    {
        (string, string)[] headers = [("Cookie", await world.SignInAsync(world.Server.AdminToken)), ("X-Slipway-Session", "1"), ("Origin", origin)];

        Assert.Equal((403, "CrossSite"), Of(await world.SendAsync("POST", Check, null, headers: headers)));
        Assert.Equal((403, "CrossSite"), Of(await world.SendAsync("DELETE", Browser.Session, null, headers: headers)));
        Assert.Equal((403, "CrossSite"), Of(await world.PostTokenAsync(world.Server.AdminToken, headers)));
    }

    [Theory]
    [InlineData("cross-site", "cors", 403)]
    [InlineData("same-site", "no-cors", 403)]
    [InlineData("cross-site", "navigate", 200)]
    [InlineData("none", "navigate", 200)]
    [InlineData("same-origin", "cors", 200)]
    public async Task With_a_cookie_nothing_is_embedded_elsewhere(string site, string mode, int code) =>
        Assert.Equal(code, (await world.GetAsync("/api/v1/deliveries", null, ("Cookie", await world.SignInAsync(world.Server.AdminToken)), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode))).Code);

    [Theory]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("text/plain", 415)]
    public async Task A_form_of_another_site_signs_nobody_in(string type, int code) =>
        Assert.Equal(code, (await world.SendAsync("POST", Browser.Session, null, $$"""{"token":"{{world.Server.AdminToken}}"}""", type)).Code);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"token\":null}")]
    [InlineData("{\"token\":\" \"}")]
    [InlineData("{\"token\":1}")]
    [InlineData("{\"token\":\"a\",\"user\":\"sandbox-admin\"}")]
    public async Task A_body_without_a_token_signs_nobody_in(string body) =>
        Assert.Equal((400, "Invalid"), Of(await world.SendAsync("POST", Browser.Session, null, body, headers: world.FromHere())));

    [Fact]
    public async Task A_token_in_the_URL_signs_nobody_in()
    {
        Assert.Equal(401, (await world.GetAsync($"{Browser.Session}?token={world.Server.AdminToken}", null)).Code);
        Assert.Equal(400, (await world.SendAsync("POST", $"{Browser.Session}?token={world.Server.AdminToken}", null, headers: world.FromHere())).Code);
    }

    [Fact]
    public void Keys_can_be_changed_without_signing_anybody_out()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("keys", $"{new string('a', 32)}\n");
        var keys = SessionKeys.Read(path);
        var old = keys.Seal("p", "x"u8);

        File.WriteAllText(path, $"{new string('b', 32)}\n{new string('a', 32)}\n");
        Assert.Equal("x", Encoding.UTF8.GetString(keys.Open("p", old)!));
        var young = keys.Seal("p", "y"u8);

        // Another replica, which has read the file just now; then the old key is taken out, and then the file is away.
        File.WriteAllText(path, new string('b', 32));
        Assert.Equal("y", Encoding.UTF8.GetString(SessionKeys.Read(path).Open("p", young)!));
        Assert.Null(keys.Open("p", old));
        File.Delete(path);
        Assert.NotNull(keys.Open("p", young));
    }

    [Theory]
    [InlineData("short", "under 32 characters")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nshort", "a line of")]
    [InlineData(null, "cannot be read")]
    public void A_file_without_good_keys_stops_the_start(string? content, string why)
    {
        using var folder = new TemporaryFolder();
        var path = content is null ? "/nowhere/keys" : folder.Write("keys", content);
        var message = Assert.Throws<Slipway.Configuration.ConfigurationException>(() => SessionKeys.Read(path)).Message;
        Assert.StartsWith("api.sessionKeyFile: ", message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_holds_a_token_prints_it()
    {
        Assert.DoesNotContain("secret", new BrowserSession("secret", Now).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new Credential("secret", null).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new Slipway.Views.SessionRequest("secret").ToString(), StringComparison.Ordinal);
    }

    private static (int, string) Of(ApiReply reply) => (reply.Code, reply.Reason);
}

/// <summary>One address that has tried too often; alone, so that it is nobody else's.</summary>
public sealed class SignInRateTests(SignInRateTests.Narrow world) : IClassFixture<SignInRateTests.Narrow>
{
    public sealed class Narrow : IAsyncLifetime
    {
        public ApiWorld World { get; } = new() { Options = new ApiOptions { SignIns = new RateTerms(3, 1) } };

        public ValueTask InitializeAsync() => World.InitializeAsync();

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_tries_to_sign_in_again_and_again_is_told_to_wait()
    {
        ApiReply? refused = null;
        for (var round = 0; round < 20 && refused is null; round++)
        {
            refused = (await Task.WhenAll(Enumerable.Range(0, 20).Select(number => world.World.PostTokenAsync($"guess-{round}-{number}")))).FirstOrDefault(reply => reply.Code == 429);
        }

        Assert.NotNull(refused?.Answer.Headers.RetryAfter);
        Assert.Equal(200, (await world.World.GetAsync("/api/v1/deliveries", world.World.Server.AdminToken)).Code);
    }
}
