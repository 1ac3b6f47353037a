namespace Slipway.Registry;

/// <summary>
/// Azure Container Registry by workload identity: a projected service account token becomes a token of Entra ID (Microsoft identity platform,
/// "OAuth 2.0 client credentials flow", third case: federated credential), which the registry itself trades for a refresh token (Azure/acr, docs/AAD-OAuth.md).
/// </summary>
public static class AcrLogin
{
    /// <summary>The user name that says that the password is a refresh token (the same document).</summary>
    public const string Username = "00000000-0000-0000-0000-000000000000";

    // "the refresh token is valid for 3 hours", where it does not say it itself.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(3);

    /// <param name="authority"><c>AZURE_AUTHORITY_HOST</c>, such as https://login.microsoftonline.com/.</param>
    public static CloudRequest Token(Uri authority, string tenant, string clientId, string assertion) => CloudRequest.PostForm(
        new Uri(authority, $"{Uri.EscapeDataString(tenant)}/oauth2/v2.0/token"),
        ("grant_type", "client_credentials"),
        ("client_id", clientId),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
        ("scope", "https://containerregistry.azure.net/.default"));

    /// <summary>A managed identity of the node (Azure, "How to use managed identities on an Azure VM to acquire an access token").</summary>
    public static CloudRequest FromMetadata(Uri metadata, string? clientId) => CloudRequest.Get(
        new Uri(metadata, $"/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcontainerregistry.azure.net{(clientId is null ? "" : $"&client_id={Uri.EscapeDataString(clientId)}")}"),
        new KeyValuePair<string, string>("Metadata", "true"));

    /// <summary>Null where there is no token in the answer.</summary>
    public static string? ReadToken(ReadOnlyMemory<byte> body) => CloudJson.Read(body, root => root.Text("access_token"));

    /// <param name="registry">The address of the registry's API.</param>
    public static CloudRequest Exchange(Uri registry, CloudRegistry.Acr acr, string accessToken) => CloudRequest.PostForm(
        new Uri(registry, "/oauth2/exchange"),
        ("grant_type", "access_token"),
        ("service", acr.Host),
        ("access_token", accessToken));

    /// <summary>Null where there is no token in the answer.</summary>
    public static ExpiringLogin? Read(ReadOnlyMemory<byte> body, DateTimeOffset now) => CloudJson.Read(body, root =>
        root.Text("refresh_token") is { } token ? ExpiringLogin.Until(new RegistryCredential(Username, token, IdentityToken: token), EndOf(token) ?? now + Lifetime, now) : null);

    // The claim "exp" (RFC 7519 §4.1.4). It is the registry's word to itself, read only to know when to ask again.
    private static DateTimeOffset? EndOf(string token)
    {
        if (token.Split('.') is not [_, var claims, _])
        {
            return null;
        }

        var base64 = claims.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64 + new string('=', (4 - (base64.Length % 4)) % 4), bytes, out var length)
            && CloudJson.Read<object>(bytes.AsMemory(0, length), root => root.Number("exp")) is double seconds and > 0 and < 1e11
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
    }
}
