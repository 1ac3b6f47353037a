namespace Slipway.Configuration;

/// <summary>The HTTP API, and how browsers sign in to it.</summary>
/// <param name="Audiences">For whom a token must be (TokenReview, spec.audiences); absent: the API server's own audience.</param>
public sealed record ApiConfiguration(IReadOnlyList<string>? Audiences = null)
{
    /// <summary>The address by which browsers reach the controller: scheme, host, and port where it is not the usual one.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>
    /// A file whose lines are keys that sessions are sealed with, of at least 32 characters each; the first seals, all open. Absent: a key that is made at
    /// the start, so that sessions end with the process and are of one replica.
    /// </summary>
    public string? SessionKeyFile { get; init; }

    /// <summary>Absent: browsers sign in with a token.</summary>
    public LoginConfiguration? Login { get; init; }

    /// <summary>The first thing that is wrong; null where all is well.</summary>
    public static ConfigurationProblem? Check(ApiConfiguration? api)
    {
        if (api is null)
        {
            return null;
        }

        return Enumerable.Range(0, api.Audiences?.Count ?? 0).Where(at => string.IsNullOrWhiteSpace(api.Audiences![at])).Select(at => new ConfigurationProblem($"$.api.audiences[{at}]", "it is empty; write the audience that tokens are made for")).FirstOrDefault()
            ?? (api.PublicAddress is { } address && !IsOrigin(address) ? new ConfigurationProblem("$.api.publicAddress", $"'{address}' is no address of browsers; write for example https://slipway.example.com, without a path") : (ConfigurationProblem?)null)
            ?? (api.Login is { } login ? Check(login, api.PublicAddress) : null);
    }

    private static ConfigurationProblem? Check(LoginConfiguration login, string? publicAddress) =>
        !IsPrivate(login.Issuer, out var issuer) || issuer.Query.Length > 0 || issuer.Fragment.Length > 0 ? new("$.api.login.issuer", $"'{login.Issuer}' is no issuer; write its address with https, as the API server's --oidc-issuer-url has it")
        : string.IsNullOrWhiteSpace(login.ClientId) ? new("$.api.login.clientId", "it is empty; write the client that the issuer knows, which is the audience that the API server accepts")
        : (login.Scopes ?? []).Any(scope => scope.Length == 0 || scope.Any(letter => letter is <= ' ' or '"' or '\\' or > '~')) ? new("$.api.login.scopes", "a scope is a word, such as groups or email")
        : string.IsNullOrEmpty(publicAddress) ? new("$.api.publicAddress", "it is missing, and the issuer must be told where to send browsers back to; write for example https://slipway.example.com")
        : null;

    private static bool IsOrigin(string address) => IsPrivate(address, out var uri) && uri.PathAndQuery == "/" && uri.Fragment.Length == 0;

    private static bool IsPrivate(string address, out Uri uri) =>
        Uri.TryCreate(address, UriKind.Absolute, out uri!) && uri.UserInfo.Length == 0 && (uri.Scheme is "https" || uri is { Scheme: "http", IsLoopback: true });
}

/// <summary>An OpenID Connect issuer that the API server trusts too: its ID token is the person's token here.</summary>
public sealed record LoginConfiguration
{
    /// <summary>Exactly as in <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>A file with the client's secret, as a mounted Secret has it; read each time. Absent: a public client, with PKCE alone.</summary>
    public string? ClientSecretFile { get; init; }

    /// <summary>Beside <c>openid</c>, such as <c>groups</c> or <c>email</c>: what the API server's claims need.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }
}
