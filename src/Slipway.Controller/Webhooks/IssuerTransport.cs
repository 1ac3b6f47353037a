using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Slipway.Controller.Webhooks;

/// <summary>Places of an issuer (Discovery, section 3).</summary>
/// <param name="WantsSecretInBody">It takes a client's secret as a field of the form alone (RFC 6749, section 2.3.1).</param>
internal sealed record IssuerPlaces(Uri Login, Uri Token, bool WantsSecretInBody);

/// <summary>Asks an issuer for its keys: OpenID Connect Discovery 1.0 section 4, then its key set (RFC 7517).</summary>
internal sealed class IssuerTransport(TimeProvider time) : IDisposable
{
    private const int MaxBytes = 256 * 1024;

    private const int MaxKeys = 64;

    // NIST SP 800-131A: shorter RSA keys are not to be relied upon.
    private const int LeastRsaBits = 2048;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, ConnectTimeout = Patience / 2, MaxResponseHeadersLength = 64 });

    public void Dispose() => _http.Dispose();

    public Task<(FrozenDictionary<string, SecurityKey>? Keys, string? Trouble)> KeysOfAsync(string issuer) => TryAsync<FrozenDictionary<string, SecurityKey>>(issuer, "keys", async () =>
    {
        var (keys, trouble) = PlaceOf(await DocumentAsync(issuer), issuer, "jwks_uri", "keys");
        if (keys is null)
        {
            return (null, trouble);
        }

        var set = new JsonWebKeySet(Encoding.UTF8.GetString(await GetAsync(keys)));
        return (set.Keys.Where(IsUsable).Take(MaxKeys).DistinctBy(key => key.Kid).ToFrozenDictionary(key => key.Kid, SecurityKey (key) => key), null);
    });

    /// <summary>Where people log in, and where a code becomes a token.</summary>
    public Task<(IssuerPlaces? Places, string? Trouble)> PlacesOfAsync(string issuer) => TryAsync<IssuerPlaces>(issuer, "addresses", async () =>
    {
        var document = await DocumentAsync(issuer);
        var (login, trouble) = PlaceOf(document, issuer, "authorization_endpoint", "login");
        var (token, other) = PlaceOf(document, issuer, "token_endpoint", "tokens");
        return login is null || token is null ? (null, trouble ?? other) : (new IssuerPlaces(login, token, WantsSecretInBody(document)), null);
    });

    /// <summary>RFC 6749, section 4.1.3: sends a form, and gives the answer's JSON, good or not.</summary>
    /// <exception cref="HttpRequestException">There is no such answer; and what else <see cref="TryAsync"/> catches.</exception>
    public async Task<JsonElement> PostAsync(Uri address, IEnumerable<KeyValuePair<string, string>> form, AuthenticationHeaderValue? login)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = login;
        request.Headers.Accept.ParseAdd("application/json");
        using var patience = new CancellationTokenSource(Patience, time);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var document = JsonDocument.Parse(await ReadAsync(answer, address, patience.Token));
        return document.RootElement.Clone();
    }

    /// <summary>Whatever an issuer does instead of answering is trouble, and no more than that.</summary>
    /// <param name="what">Of the issuer's was asked for.</param>
    public static async Task<(T? Answer, string? Trouble)> TryAsync<T>(string issuer, string what, Func<Task<(T?, string?)>> ask) where T : class
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or ArgumentException or OperationCanceledException)
        {
            return (null, $"the {what} of {issuer} cannot be had: {e.Message}; the controller must reach {DocumentOf(issuer)}");
        }
    }

    private static Uri DocumentOf(string issuer) => new($"{issuer.TrimEnd('/')}/.well-known/openid-configuration");

    private async Task<JsonElement> DocumentAsync(string issuer)
    {
        using var discovery = JsonDocument.Parse(await GetAsync(DocumentOf(issuer)));
        return discovery.RootElement.Clone();
    }

    private static (Uri? Place, string? Trouble) PlaceOf(JsonElement document, string issuer, string field, string what)
    {
        var address = DocumentOf(issuer);
        return Text(document, "issuer") != issuer ? (null, $"{address} is the discovery of another issuer than {issuer}; write the issuer as it writes itself")
            : Uri.TryCreate(Text(document, field), UriKind.Absolute, out var place) && (place.Scheme is "https" || (address.Scheme is "http" && place is { Scheme: "http", IsLoopback: true })) ? (place, null)
            : (null, $"{address} names no address of {what} with https");
    }

    // Absent: client_secret_basic (Discovery, section 3).
    private static bool WantsSecretInBody(JsonElement document) =>
        document.TryGetProperty("token_endpoint_auth_methods_supported", out var methods) && methods.ValueKind is JsonValueKind.Array
        && methods.EnumerateArray().Select(method => method.ValueKind is JsonValueKind.String ? method.GetString() : null).ToList() is var named && named.Contains("client_secret_post") && !named.Contains("client_secret_basic");

    // The signing algorithm follows from the kind of the key, whatever a token says of itself; symmetric keys are no keys here.
    private static bool IsUsable(JsonWebKey key) =>
        !string.IsNullOrEmpty(key.Kid) && key.Use is null or "" or "sig" && key switch
        {
            { Kty: JsonWebAlgorithmsKeyTypes.RSA, Alg: null or "" or SecurityAlgorithms.RsaSha256 } => key.KeySize >= LeastRsaBits,
            { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256, Alg: null or "" or SecurityAlgorithms.EcdsaSha256 } => true,
            _ => false,
        };

    private async Task<byte[]> GetAsync(Uri address)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        answer.EnsureSuccessStatusCode();
        return await ReadAsync(answer, address, patience.Token);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, Uri address, CancellationToken cancellationToken)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return await BoundedStream.ReadAsync(stream, MaxBytes, cancellationToken) ?? throw new HttpRequestException($"{address} answers with more than {MaxBytes} bytes");
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
