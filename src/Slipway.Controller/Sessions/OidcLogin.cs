using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Controller.Access;
using Slipway.Controller.Webhooks;
using Slipway.Images;

namespace Slipway.Controller.Sessions;

/// <summary>
/// Login at an issuer by the authorization code with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9700). The ID token is the outcome: the API
/// server accepts the same, and so the cluster stays the one to say who somebody is.
/// </summary>
internal sealed class OidcLogin(LoginTerms terms, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private readonly IssuerTransport _transport = new(time);
    private readonly ExpiringCache<(IssuerPlaces? Places, string? Trouble)> _places = new(1, Fresh, time);
    private IdTokenCheck? _check;

    public LoginTerms Terms => terms;

    /// <summary>Where the browser goes to log in; or why it cannot.</summary>
    public async Task<(Uri? Address, string? Trouble)> AddressAsync(PendingLogin login, CancellationToken cancellationToken)
    {
        var (places, trouble) = await PlacesAsync(cancellationToken);
        if (places is null)
        {
            return (null, trouble);
        }

        (string Name, string Value)[] query =
        [
            ("response_type", "code"), ("client_id", terms.ClientId), ("redirect_uri", terms.Callback.AbsoluteUri), ("scope", string.Join(' ', terms.Scopes)),
            ("state", login.State), ("nonce", login.Nonce), ("code_challenge", login.Challenge), ("code_challenge_method", "S256"),
        ];
        var text = string.Join('&', query.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));
        return (new Uri($"{places.Login.AbsoluteUri}{(places.Login.Query.Length == 0 ? '?' : '&')}{text}"), null);
    }

    /// <summary>The ID token for a code, verified; or why there is none.</summary>
    public async Task<(string? Token, string? Trouble)> ExchangeAsync(string code, PendingLogin login, CancellationToken cancellationToken)
    {
        var (places, trouble) = await PlacesAsync(cancellationToken);
        if (places is null)
        {
            return (null, trouble);
        }

        var secret = "";
        if (terms.SecretFile is { } file && !SecretFile.TryRead(file, 1, out secret, out var why))
        {
            return (null, why);
        }

        var (token, refused) = await IssuerTransport.TryAsync<string>(terms.Issuer, "token", async () => TokenOf(await _transport.PostAsync(places.Token, Form(code, login, places, secret), Login(places, secret))));
        if (token is null)
        {
            return (null, refused);
        }

        _check ??= new IdTokenCheck(terms, new IssuerKeys(terms.Issuer, _transport, time), time);
        return await _check.RefusalAsync(token, login.Nonce, cancellationToken) is { } wrong ? (null, wrong) : (token, null);
    }

    public void Dispose() => _transport.Dispose();

    private Task<(IssuerPlaces? Places, string? Trouble)> PlacesAsync(CancellationToken cancellationToken) =>
        _places.GetAsync("", () => _transport.PlacesOfAsync(terms.Issuer), found => found.Places is not null, cancellationToken);

    private Dictionary<string, string> Form(string code, PendingLogin login, IssuerPlaces places, string secret)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = terms.Callback.AbsoluteUri, ["client_id"] = terms.ClientId, ["code_verifier"] = login.Verifier,
        };
        if (secret.Length > 0 && places.WantsSecretInBody)
        {
            form["client_secret"] = secret;
        }

        return form;
    }

    // RFC 6749, section 2.3.1: both are written as in a form, and then as HTTP writes logins.
    private AuthenticationHeaderValue? Login(IssuerPlaces places, string secret) => secret.Length == 0 || places.WantsSecretInBody ? null
        : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(terms.ClientId)}:{Uri.EscapeDataString(secret)}")));

    private static (string? Token, string? Trouble) TokenOf(JsonElement answer) =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty("id_token", out var token) && token.ValueKind is JsonValueKind.String ? (token.GetString(), null)
        : answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.String ? (null, $"the issuer refuses the code: {UntrustedText.Quote(error.GetString())}")
        : (null, "the issuer's answer has no ID token; the scope openid must be permitted to the client");
}
