using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Slipway.Images;
using Slipway.Webhooks;
using Slipway.Webhooks.Receivers;

namespace Slipway.Controller.Webhooks;

/// <summary>
/// Verifies a token of an OpenID Connect issuer (RFC 7519, RFC 8725): of an algorithm that is fixed here, signed with a key that the issuer
/// publishes, for this audience, now; and then asks the terms whose it is.
/// </summary>
internal sealed class TokenCheck(OidcTerms terms, IssuerKeys keys, TimeProvider time)
{
    /// <summary>Those of CI systems have one to two thousand.</summary>
    public const int LongestToken = 16 * 1024;

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = LongestToken };

    public async Task<SenderVerdict> CheckAsync(WebhookRequest request, CancellationToken cancellationToken)
    {
        var token = SharedSecret.BearerOf(request);
        if (FormRefusal(token) is { } form)
        {
            return new SenderVerdict.Stranger(form);
        }

        var read = Read(token!);
        if (read is null || !TryReadClaims(read.EncodedPayload, out var claims))
        {
            return new SenderVerdict.Stranger("the token is no signed JWT");
        }

        // Before anybody is asked: whoever sends rubbish must not make us ask issuers for it.
        if (HeadRefusal(read) is { } head)
        {
            return new SenderVerdict.Stranger(head);
        }

        var found = await keys.FindAsync(read.Kid, cancellationToken);
        return found.Key is not null ? await VerifyAsync(token!, claims, found.Key)
            : found.Trouble is { } trouble ? new SenderVerdict.Unable(trouble)
            : new SenderVerdict.Stranger($"the issuer has no key {UntrustedText.Quote(read.Kid)}");
    }

    private static string? FormRefusal(string? token) => token switch
    {
        null => "the token is missing: send it as 'Authorization: Bearer TOKEN'",
        { Length: > LongestToken } => $"the token is longer than {LongestToken} characters",
        _ when token.AsSpan().Count('.') is not 2 => "the token is no signed JWT",
        _ => null,
    };

    private string? HeadRefusal(JsonWebToken token) =>
        token.Alg is not (SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.EcdsaSha256) ? $"the token's algorithm is {UntrustedText.Quote(token.Alg)}; RS256 and ES256 are taken"
        : token.Issuer != terms.Issuer ? $"the token's issuer is {UntrustedText.Quote(token.Issuer)}, which is not this receiver's"
        : string.IsNullOrEmpty(token.Kid) ? "the token does not name its key (kid)"
        : null;

    private async Task<SenderVerdict> VerifyAsync(string token, JsonElement claims, SecurityKey key)
    {
        string? untimely = null;
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [key is JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve } ? SecurityAlgorithms.EcdsaSha256 : SecurityAlgorithms.RsaSha256],
            ValidIssuer = terms.Issuer,
            ValidAudience = terms.Audience,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => (untimely = OidcTerms.TimeRefusal(from, until, time.GetUtcNow())) is null,
        });
        return result.IsValid ? terms.Refusal(name => TextOf(claims, name)) is { } other ? new SenderVerdict.Stranger(other) : SenderVerdict.Known.Instance
            : new SenderVerdict.Stranger(untimely ?? result.Exception switch
            {
                SecurityTokenInvalidAudienceException => "the token is for another audience; ask the issuer for one with this receiver's",
                _ => "the token's signature is not its issuer's",
            });
    }

    private static JsonWebToken? Read(string token)
    {
        try
        {
            return Handler.ReadJsonWebToken(token);
        }
        catch (ArgumentException)
        {
            // No JWT; the library says so by this and what derives from it.
            return null;
        }
    }

    // Read by ourselves too, and with no name twice, so that there is one meaning of a claim.
    private static bool TryReadClaims(string payload, out JsonElement claims)
    {
        claims = default;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(payload), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            claims = document.RootElement.Clone();
            return claims.ValueKind is JsonValueKind.Object;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false;
        }
    }

    private static string? TextOf(JsonElement claims, string name) => !claims.TryGetProperty(name, out var claim) ? null : claim.ValueKind switch
    {
        JsonValueKind.String => claim.GetString(),
        JsonValueKind.Number when claim.TryGetInt64(out var number) => number.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
