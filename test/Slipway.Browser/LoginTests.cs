using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Browser.Harness;
using Slipway.Tests.Webhooks;
using static Microsoft.Playwright.Assertions;

namespace Slipway.Browser;

/// <summary>A login at a small issuer that asks one question, as a browser lives it: with its own rules for cookies and redirects.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private const string Client = "slipway";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-browser-");
    private readonly ConcurrentDictionary<string, string> _nonces = new();
    private Cluster _cluster = null!;
    private RunningController _controller = null!;
    private LocalIssuer _issuer = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await Cluster.StartAsync();
        await _cluster.AddDeliveryAsync(Fleet.Calm("prod", "shop", "1.0.0", 1, TimeProvider.System.GetUtcNow()));
        await _cluster.GrantAsync("oidc:jane", null, (["slipway.dev"], ["*"], ["get", "list", "watch"]));
        _issuer = await LocalIssuer.StartAsync();
        _issuer.Paths["/.well-known/openid-configuration"] = http => http.Response.WriteAsync(new JsonObject
        {
            ["issuer"] = _issuer.Issuer, ["jwks_uri"] = $"{_issuer.Issuer}/keys", ["authorization_endpoint"] = $"{_issuer.Issuer}/authorize", ["token_endpoint"] = $"{_issuer.Issuer}/token",
        }.ToJsonString());
        _issuer.Paths["/authorize"] = AuthorizeAsync;
        _issuer.Paths["/token"] = TokenAsync;
        var (kubeconfig, configuration) = (Path.Combine(_folder.FullName, "kubeconfig"), Path.Combine(_folder.FullName, "config.yaml"));
        _cluster.Server.WriteKubeconfig(kubeconfig, _cluster.ControllerToken);
        _controller = new RunningController(kubeconfig, configuration);
        await File.WriteAllTextAsync(configuration, $"api: {{publicAddress: '{_controller.Address.AbsoluteUri.TrimEnd('/')}', login: {{issuer: '{_issuer.Issuer}', clientId: {Client}}}}}");
        await _controller.StartAsync();
    }

    [Fact]
    public async Task A_person_logs_in_at_the_issuer_and_is_back_on_the_page()
    {
        await using var visitor = await Visitor.ComeAsync(_controller.Address);
        await visitor.Page.GotoAsync("/dashboard/?q=shop");
        await visitor["sign-in-oidc"].ClickAsync();
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Yes, I am Jane" }).ClickAsync();

        await Expect(visitor["user-menu"]).ToBeVisibleAsync();
        await Expect(visitor["row"].First).ToContainTextAsync("shop");
        Assert.EndsWith("/dashboard/?q=shop", visitor.Page.Url, StringComparison.Ordinal);

        var cookies = await visitor.Page.Context.CookiesAsync();
        var cookie = Assert.Single(cookies, one => one.Name.StartsWith("slipway", StringComparison.Ordinal));
        Assert.Equal((true, Microsoft.Playwright.SameSiteAttribute.Strict), (cookie.HttpOnly, cookie.SameSite));
        Assert.DoesNotContain("eyJ", await visitor.Page.EvaluateAsync<string>("() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"), StringComparison.Ordinal);
        Assert.DoesNotContain("code-", _controller.Output, StringComparison.Ordinal);

        await visitor["user-menu"].ClickAsync();
        await visitor["sign-out"].ClickAsync();
        await Expect(visitor["sign-in-oidc"]).ToBeVisibleAsync();
        await visitor.ShootAsync("sign-in-oidc");
        await visitor.AssertAccessibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        await _issuer.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task AuthorizeAsync(HttpContext http)
    {
        var (query, code) = (http.Request.Query, $"code-{_nonces.Count}");
        _nonces[code] = query["nonce"]!;
        http.Response.ContentType = "text/html";
        await http.Response.WriteAsync($"<!doctype html><title>Issuer</title><a href=\"{query["redirect_uri"]}?code={code}&amp;state={query["state"]}\">Yes, I am Jane</a>");
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var claims = _issuer.Claims(TimeProvider.System.GetUtcNow());
        (claims["aud"], claims["sub"], claims["nonce"]) = (Client, "jane", _nonces[form["code"].ToString()]);
        var token = LocalIssuer.Signed(LocalIssuer.Head("RS256", "rsa-1"), claims.ToJsonString());
        _cluster.Server.AcceptToken(token, "oidc:jane");
        await http.Response.WriteAsync(new JsonObject { ["id_token"] = token, ["token_type"] = "Bearer" }.ToJsonString());
    }
}
