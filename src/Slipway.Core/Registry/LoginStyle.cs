using System.Collections.Immutable;

namespace Slipway.Registry;

/// <summary>How a host wants its clients to log in. It is remembered per host, so that one repository's 401 serves all of them.</summary>
public abstract record LoginStyle
{
    private LoginStyle() { }

    /// <summary>All that a token must allow where nothing is written.</summary>
    public const string Pull = "pull";

    /// <summary>It answered without asking who we are.</summary>
    public sealed record Open : LoginStyle;

    public sealed record Basic : LoginStyle;

    /// <summary>By a token from <paramref name="Realm"/> (distribution spec, token authentication).</summary>
    /// <param name="Scope">A scope that is not a repository's, such as <c>aws</c> on public.ecr.aws; null where ours is meant.</param>
    public sealed record Bearer(Uri Realm, string? Service, string? Scope) : LoginStyle
    {
        /// <summary>
        /// The scope to ask for. Never the challenge's own for a repository: we ask for what we are about to do, whatever a registry would
        /// have us ask for.
        /// </summary>
        public string ScopeFor(string path, string actions = Pull) => Scope ?? $"repository:{path}:{actions}";
    }

    /// <summary>It wants something that we cannot give.</summary>
    public sealed record Unusable(string Why) : LoginStyle;

    /// <summary>The style that a 401's challenges ask for: bearer before basic, where both are offered.</summary>
    /// <param name="tokenServer">Of the registry's entry in the configuration: a realm on it is allowed wherever it is.</param>
    public static LoginStyle From(ImmutableArray<AuthChallenge> challenges, Uri registry, Uri? tokenServer = null)
    {
        var bearer = challenges.FirstOrDefault(challenge => challenge.Is("Bearer"));
        if (bearer is null)
        {
            return challenges.Any(challenge => challenge.Is("Basic")) ? new Basic() : new Unusable("it names no login that is known here (bearer, basic)");
        }

        if (!Uri.TryCreate(bearer["realm"], UriKind.Absolute, out var realm))
        {
            return new Unusable("its challenge names no token service (realm)");
        }

        return OutboundRule.WhyNotRealm(registry, realm, tokenServer) is { } why
            ? new Unusable($"its token service is on {realm.Authority}, and credentials are not sent there: {why}. If it is the right one, name it as tokenServer of this registry in the controller's configuration")
            : new Bearer(realm, bearer["service"], bearer["scope"] is { } scope && !scope.StartsWith("repository:", StringComparison.Ordinal) ? scope : null);
    }

    /// <summary>The token service's address; null where it is none that can be asked.</summary>
    public static Uri? RealmOf(string? realm) =>
        Uri.TryCreate(realm, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) && address.Host.Length > 0 ? address : null;
}
