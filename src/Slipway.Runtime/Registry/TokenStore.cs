using System.Net.Http.Headers;
using System.Text;

namespace Slipway.Registry;

/// <summary>A token, and whether it was fetched just now: a fresh one that is refused will not be accepted the second time either.</summary>
internal sealed record GrantedToken(AccessToken Token, bool Fresh);

/// <summary>
/// The tokens of all hosts, each kept until shortly before its end. Who asks for one that is being fetched waits for that one: the number
/// of requests to a token service does not depend on the number of those who need the token.
/// </summary>
internal sealed class TokenStore(RegistryTransport transport, TimeProvider time, CancellationToken stopping)
{
    // Far above what a cluster's repositories need at once. Reached, the expired go, and if none are, all do: it costs requests only.
    private const int MaxTokens = 20_000;

    private const int MaxBytes = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<TokenKey, (AccessToken Token, DateTimeOffset UsableUntil)> _tokens = [];
    private readonly Dictionary<TokenKey, Task<RegistryAnswer<AccessToken>>> _fetches = [];

    public async Task<RegistryAnswer<GrantedToken>> GetAsync(
        LoginStyle.Bearer login, TokenKey key, RegistryAccess access, string doing, CancellationToken cancellationToken)
    {
        Task<RegistryAnswer<AccessToken>> fetch;
        lock (_lock)
        {
            if (_tokens.TryGetValue(key, out var kept) && time.GetUtcNow() < kept.UsableUntil)
            {
                return new GrantedToken(kept.Token, Fresh: false);
            }

            if (!_fetches.TryGetValue(key, out fetch!))
            {
                fetch = FetchAndKeepAsync(login, key, access, doing);
                if (!fetch.IsCompleted)
                {
                    _fetches[key] = fetch;
                }
            }
        }

        // The fetch is everybody's: who gives up waiting does not end it for the others.
        var answer = await fetch.WaitAsync(cancellationToken);
        return answer.IsOk(out var token, out var problem) ? new GrantedToken(token, Fresh: true) : problem;
    }

    /// <summary>The registry did not accept it, whatever its lifetime said.</summary>
    public void Discard(TokenKey key)
    {
        lock (_lock)
        {
            _tokens.Remove(key);
        }
    }

    private async Task<RegistryAnswer<AccessToken>> FetchAndKeepAsync(LoginStyle.Bearer login, TokenKey key, RegistryAccess access, string doing)
    {
        // So that the fetch is entered below before it can end.
        await Task.Yield();
        var answer = await FetchAsync(login, key.Scope, access, doing);
        lock (_lock)
        {
            _fetches.Remove(key);
            if (answer.IsOk(out var token, out _))
            {
                MakeRoom();
                _tokens[key] = (token, token.UsableUntil(time.GetUtcNow()));
            }
        }

        return answer;
    }

    private void MakeRoom()
    {
        if (_tokens.Count < MaxTokens)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var expired in _tokens.Where(kept => kept.Value.UsableUntil <= now).Select(kept => kept.Key).ToList())
        {
            _tokens.Remove(expired);
        }

        if (_tokens.Count >= MaxTokens)
        {
            _tokens.Clear();
        }
    }

    private async Task<RegistryAnswer<AccessToken>> FetchAsync(LoginStyle.Bearer login, string scope, RegistryAccess access, string doing)
    {
        var verb = $"{doing}: log in";
        var answer = await transport.SendAsync(Call(login, scope, access.Credential, verb), stopping);
        if (!answer.IsOk(out var response, out var problem))
        {
            return problem;
        }

        if (response.IsSuccess)
        {
            return AccessToken.TryParse(response.Body) is { } token
                ? token
                : new RegistryProblem(RegistryProblemKind.InvalidAnswer, $"cannot {verb}: {login.Realm.Authority} answers with no token");
        }

        var refusal = new RegistryRefusal(verb, access.Repository, access.Credential is not null, RegistryProblemKind.InvalidAnswer, access.IsControllers);

        // 400 is how some token services say that they do not like the credential.
        return refusal.Of(response.Status == 400 && access.Credential is not null ? 401 : response.Status, RegistryErrors.Codes(response.Body.Span), response.RetryAfter);
    }

    // Distribution documentation, "Token Authentication Specification" (GET) and "OAuth 2.0 Token Authentication" (POST, for refresh tokens).
    private static RegistryCall Call(LoginStyle.Bearer login, string scope, RegistryCredential? credential, string verb)
    {
        if (credential?.IdentityToken is { } refresh)
        {
            return new RegistryCall(HttpMethod.Post, login.Realm, verb, MaxBytes)
            {
                FollowsRedirects = false,
                Form = new Dictionary<string, string>
                {
                    ["grant_type"] = "refresh_token",
                    ["client_id"] = "slipway",
                    ["service"] = login.Service ?? "",
                    ["scope"] = scope,
                    ["refresh_token"] = refresh,
                },
            };
        }

        var service = login.Service is { } name ? $"service={Uri.EscapeDataString(name)}&" : "";
        var query = $"{login.Realm.Query.TrimStart('?')}&{service}scope={Uri.EscapeDataString(scope)}".TrimStart('&');
        return new RegistryCall(HttpMethod.Get, new UriBuilder(login.Realm) { Query = query }.Uri, verb, MaxBytes)
        {
            FollowsRedirects = false,
            Authorization = credential is null ? null : Basic(credential),
        };
    }

    public static AuthenticationHeaderValue Basic(RegistryCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")));
}
