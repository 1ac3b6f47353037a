using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>Lets a request in or says what it lacks.</summary>
/// <param name="User">Who sends it; empty for nobody in particular.</param>
/// <param name="Refusal">Null when it may pass.</param>
internal sealed record GuardVerdict(string User, RegistryAnswer? Refusal = null);

/// <summary>Checks names, passwords, tokens and scopes, and hands out tokens.</summary>
internal sealed class RegistryGuard(RegistryAuth auth, TimeProvider time, int seed)
{
    private readonly TokenIssuer _tokens = new(seed);

    public GuardVerdict Check(RegistryRequest request) => auth switch
    {
        RegistryAuth.Basic basic => CheckBasic(basic, request),
        RegistryAuth.Bearer bearer => CheckBearer(bearer, request),
        _ => new(""),
    };

    /// <summary>The challenge this registry would give to a request that shows nothing.</summary>
    public string Challenge(RegistryRequest request) => auth switch
    {
        RegistryAuth.Bearer bearer => BearerChallenge(bearer, request, AccessScope.RequiredBy(request)),
        _ => BasicChallenge,
    };

    private const string BasicChallenge = "Basic realm=\"slipway-sandbox\"";

    private static GuardVerdict CheckBasic(RegistryAuth.Basic basic, RegistryRequest request)
    {
        if (FindAccount(basic.Accounts, request) is not { } account)
        {
            return new("", RegistryError.Unauthorized(BasicChallenge));
        }

        return AccessScope.RequiredBy(request).All(scope => scope.Actions.All(action => Grants(account.Grants, scope, action)))
            ? new(account.User)
            : new(account.User, RegistryError.Of(403, "DENIED", "requested access to the resource is denied"));
    }

    private GuardVerdict CheckBearer(RegistryAuth.Bearer bearer, RegistryRequest request)
    {
        var required = AccessScope.RequiredBy(request);
        if (request.Header("Authorization") is not { } header || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return new("", RegistryError.Unauthorized(BearerChallenge(bearer, request, required)));
        }

        var grant = _tokens.Read(header["Bearer ".Length..].Trim());
        if (grant is null || grant.Expires <= time.GetUtcNow())
        {
            return new("", RegistryError.Unauthorized(BearerChallenge(bearer, request, required, "invalid_token")));
        }

        return required.All(grant.Opens)
            ? new(grant.User)
            : new(grant.User, RegistryError.Unauthorized(BearerChallenge(bearer, request, required, "insufficient_scope")));
    }

    /// <summary>
    /// Answers <c>GET /token?service=…&amp;scope=…</c>. A scope that is not granted is left out of the token, not refused:
    /// the registry says no later ("Token Authentication Specification", "Requesting a Token").
    /// </summary>
    public RegistryAnswer AnswerToken(RegistryRequest request)
    {
        if (auth is not RegistryAuth.Bearer bearer || request.Method != "GET")
        {
            return RegistryError.PageNotFound();
        }

        if (request.Parameter("service") is { } service && service != bearer.Service)
        {
            return RegistryError.Of(400, "UNSUPPORTED", "unknown service", service);
        }

        var account = FindAccount(bearer.Accounts, request);
        if (account is null && request.Header("Authorization") is not null)
        {
            return RegistryError.Unauthorized(BasicChallenge);
        }

        return IssueToken(bearer, account, request);
    }

    private RegistryAnswer IssueToken(RegistryAuth.Bearer bearer, RegistryAccount? account, RegistryRequest request)
    {
        var grants = account?.Grants ?? bearer.AnonymousGrants;
        var asked = request.Query.Where(pair => pair.Key == "scope").SelectMany(pair => pair.Value.Split(' ')).Select(AccessScope.Parse).OfType<AccessScope>();
        var granted = asked.SelectMany(scope => scope.Actions.Where(action => Grants(grants, scope, action)).Select(action => $"{scope.Type}:{scope.Name}:{action}"));
        var now = time.GetUtcNow();
        var token = _tokens.Issue(new TokenGrant(account?.User ?? "", now + bearer.TokenLifetime, [.. granted]));
        return RegistryAnswer.Json(200, new JsonObject
        {
            ["token"] = token,
            ["access_token"] = token,
            ["expires_in"] = (long)bearer.TokenLifetime.TotalSeconds,
            ["issued_at"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        });
    }

    private static bool Grants(ImmutableArray<RegistryGrant> grants, AccessScope scope, string action) =>
        grants.Any(grant => scope.Type == "repository" ? grant.Covers(scope.Name, action) : grant.Covers("*", action) && grant.Repository == "*");

    private static RegistryAccount? FindAccount(ImmutableArray<RegistryAccount> accounts, RegistryRequest request)
    {
        if (request.Header("Authorization") is not { } header || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> decoded = stackalloc byte[1024];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), decoded, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(decoded[..length]);
        return accounts.FirstOrDefault(account => pair == $"{account.User}:{account.Password}");
    }

    private static string BearerChallenge(RegistryAuth.Bearer bearer, RegistryRequest request, ImmutableArray<AccessScope> scopes, string? error = null)
    {
        var realm = bearer.Realm?.ToString() ?? $"http://{request.Host}/token";
        var scope = scopes is [] ? "" : $",scope=\"{string.Join(' ', scopes)}\"";
        return $"Bearer realm=\"{realm}\",service=\"{bearer.Service}\"{scope}{(error is null ? "" : $",error=\"{error}\"")}";
    }
}
