using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Slipway.Controller.Webhooks;

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

    public async Task<(FrozenDictionary<string, SecurityKey>? Keys, string? Trouble)> KeysOfAsync(string issuer)
    {
        var address = new Uri($"{issuer.TrimEnd('/')}/.well-known/openid-configuration");
        try
        {
            using var discovery = JsonDocument.Parse(await GetAsync(address));
            if (Text(discovery.RootElement, "issuer") != issuer)
            {
                return (null, $"{address} is the discovery of another issuer than {issuer}; write the issuer as it writes itself");
            }

            if (!Uri.TryCreate(Text(discovery.RootElement, "jwks_uri"), UriKind.Absolute, out var keys) || (keys.Scheme is not "https" && !(address.Scheme is "http" && keys is { Scheme: "http", IsLoopback: true })))
            {
                return (null, $"{address} names no address of keys with https");
            }

            var set = new JsonWebKeySet(Encoding.UTF8.GetString(await GetAsync(keys)));
            return (set.Keys.Where(IsUsable).Take(MaxKeys).DistinctBy(key => key.Kid).ToFrozenDictionary(key => key.Kid, SecurityKey (key) => key), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or ArgumentException or OperationCanceledException)
        {
            return (null, $"the keys of {issuer} cannot be had: {e.Message}; the controller must reach {address}");
        }
    }

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
        await using var stream = await answer.Content.ReadAsStreamAsync(patience.Token);
        return await BoundedStream.ReadAsync(stream, MaxBytes, patience.Token) ?? throw new HttpRequestException($"{address} answers with more than {MaxBytes} bytes");
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
