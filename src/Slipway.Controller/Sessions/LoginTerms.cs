using System.Collections.Immutable;
using Slipway.Configuration;

namespace Slipway.Controller.Sessions;

/// <summary>The section <c>api.login</c> of the configuration file, checked.</summary>
/// <param name="SecretFile">Null: a public client.</param>
/// <param name="Scopes">With <c>openid</c>.</param>
/// <param name="PublicAddress">The issuer is told it beforehand: no header of a request may say where a code goes.</param>
internal sealed record LoginTerms(string Issuer, string ClientId, string? SecretFile, ImmutableArray<string> Scopes, Uri PublicAddress)
{
    public const string CallbackPath = "/login/oidc/callback";

    public Uri Callback => new(PublicAddress, CallbackPath);

    public static LoginTerms? Of(ApiConfiguration? api) => api is { Login: { } login, PublicAddress: { } address }
        ? new(login.Issuer, login.ClientId, string.IsNullOrEmpty(login.ClientSecretFile) ? null : login.ClientSecretFile, [.. (login.Scopes ?? []).Prepend("openid").Distinct()], new Uri(address))
        : null;
}
