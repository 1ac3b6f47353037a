using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Slipway.Controller.Webhooks;
using Slipway.Images;
using Slipway.Webhooks.Receivers;

namespace Slipway.Controller.Sessions;

/// <summary>Verifies an ID token (OpenID Connect Core 1.0, section 3.1.3.7): of this issuer, by a key of its, for this client, of this login, now.</summary>
internal sealed class IdTokenCheck(LoginTerms terms, IssuerKeys keys, TimeProvider time)
{
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = TokenCheck.LongestToken };

    /// <returns>Null where it is good; else why not, without the token.</returns>
    public async Task<string?> RefusalAsync(string token, string nonce, CancellationToken cancellationToken)
    {
        if (token.Length > TokenCheck.LongestToken || Read(token) is not { } read)
        {
            return "the issuer's ID token is no signed JWT";
        }

        if (read.Alg is not (SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.EcdsaSha256) || string.IsNullOrEmpty(read.Kid))
        {
            return $"the ID token's algorithm is {UntrustedText.Quote(read.Alg)}, or it names no key; RS256 and ES256 are taken";
        }

        var (key, trouble) = await keys.FindAsync(read.Kid, cancellationToken);
        return key is null ? trouble ?? $"the issuer has no key {UntrustedText.Quote(read.Kid)}" : await VerifyAsync(token, key) ?? OtherRefusal(read, nonce);
    }

    private async Task<string?> VerifyAsync(string token, SecurityKey key)
    {
        string? untimely = null;
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [key is JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve } ? SecurityAlgorithms.EcdsaSha256 : SecurityAlgorithms.RsaSha256],
            ValidIssuer = terms.Issuer,
            ValidAudience = terms.ClientId,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => (untimely = OidcTerms.TimeRefusal(from, until, time.GetUtcNow())) is null,
        });
        return result.IsValid ? null : untimely ?? result.Exception switch
        {
            SecurityTokenInvalidAudienceException => "the ID token is for another client",
            SecurityTokenInvalidIssuerException => "the ID token is another issuer's",
            _ => "the ID token's signature is not its issuer's",
        };
    }

    private string? OtherRefusal(JsonWebToken token, string nonce) =>
        !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Text(token, "nonce")), Encoding.UTF8.GetBytes(nonce)) ? "the ID token is of another login (nonce)"
        : token.Audiences.Count() > 1 && Text(token, "azp").Length == 0 ? "the ID token is for several clients, and does not say which of them asked for it (azp)"
        : Text(token, "azp") is { Length: > 0 } party && party != terms.ClientId ? "the ID token was asked for by another client (azp)"
        : null;

    private static string Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var text) ? text ?? "" : "";

    private static JsonWebToken? Read(string token)
    {
        try
        {
            return token.AsSpan().Count('.') is 2 ? Handler.ReadJsonWebToken(token) : null;
        }
        catch (ArgumentException)
        {
            // No JWT; the library says so by this and what derives from it.
            return null;
        }
    }
}
