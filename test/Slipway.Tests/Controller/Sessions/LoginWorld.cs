using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Http;
using Slipway.Controller.Sessions;
using Slipway.Tests.Controller.Api;
using Slipway.Tests.Webhooks;

namespace Slipway.Tests.Controller.Sessions;

/// <summary>The API with a login at an issuer on loopback, whose tokens the cluster accepts, as an API server does that is configured with it.</summary>
public sealed class LoginWorld : IAsyncLifetime
{
    public const string Client = "slipway-web";
    public const string Address = "https://slipway.example.com";

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> _codes = new(StringComparer.Ordinal);
    private int _number;

    internal ApiWorld Api { get; } = new();

    internal LocalIssuer Issuer { get; private set; } = null!;

    /// <summary>Changes what the next ID token says.</summary>
    public Action<JsonObject>? Change { get; set; }

    /// <summary>In the place of a token that is put together well.</summary>
    internal Func<JsonObject, string> Sign { get; set; } = claims => LocalIssuer.Signed(claims);

    /// <summary>Whether the API server knows the issuer.</summary>
    public bool Trusted { get; set; } = true;

    /// <summary>Forms that were sent for tokens, with the login.</summary>
    public ConcurrentQueue<(IReadOnlyDictionary<string, string> Form, string Login)> Exchanges { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Issuer = await LocalIssuer.StartAsync();
        Issuer.Paths["/.well-known/openid-configuration"] = http => http.Response.WriteAsync(new JsonObject
        {
            ["issuer"] = Issuer.Issuer, ["jwks_uri"] = $"{Issuer.Issuer}/keys", ["authorization_endpoint"] = $"{Issuer.Issuer}/authorize?tenant=acme", ["token_endpoint"] = $"{Issuer.Issuer}/token",
        }.ToJsonString());
        Issuer.Paths["/token"] = TokenAsync;
        Api.Options = Api.Options with { Login = new LoginTerms(Issuer.Issuer, Client, _folder.Write("secret", "p&ss w\n"), ["openid", "groups"], new Uri(Address)) };
        await Api.InitializeAsync();
    }

    /// <summary>A browser asks to log in: what it keeps, and where it is sent.</summary>
    internal async Task<(string Cookie, Uri Address)> BeginAsync(string returnTo = "/dashboard/deliveries")
    {
        var reply = await GetAsync($"/login/oidc?return={Uri.EscapeDataString(returnTo)}");
        Assert.Equal(302, reply.Code);
        return (Browser.CookieOf(reply), reply.Answer.Headers.Location!);
    }

    /// <summary>The person says yes at the issuer.</summary>
    /// <returns>Where the issuer sends the browser back to, on our address.</returns>
    internal string Consent(Uri address)
    {
        var query = HttpUtility.ParseQueryString(address.Query);
        var code = $"code-{Interlocked.Increment(ref _number)}";
        _codes[code] = (query["nonce"]!, query["code_challenge"]!);
        return $"{LoginTerms.CallbackPath}?code={code}&state={Uri.EscapeDataString(query["state"]!)}";
    }

    internal Task<ApiReply> GetAsync(string path, string? cookie = null) =>
        Api.GetAsync(path, null, cookie is null ? [("Host", new Uri(Address).Host)] : [("Host", new Uri(Address).Host), ("Cookie", cookie)]);

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Issuer.DisposeAsync();
        _folder.Dispose();
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = (await http.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        Exchanges.Enqueue((form, http.Request.Headers.Authorization.ToString()));
        var proof = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"])));
        if (!_codes.TryRemove(form["code"], out var asked) || asked.Challenge != proof)
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync("""{"error":"invalid_grant"}""");
            return;
        }

        var claims = Issuer.Claims(TimeProvider.System.GetUtcNow());
        (claims["aud"], claims["sub"], claims["nonce"], claims["jti"]) = (Client, "jane", asked.Nonce, form["code"]);
        Change?.Invoke(claims);
        var token = Sign(claims);
        if (Trusted)
        {
            Api.Server.AcceptToken(token, "oidc:jane");
        }

        await http.Response.WriteAsync(new JsonObject { ["access_token"] = "none", ["token_type"] = "Bearer", ["id_token"] = token }.ToJsonString());
    }
}
