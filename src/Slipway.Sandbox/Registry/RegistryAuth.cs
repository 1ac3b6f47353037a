using System.Collections.Immutable;

namespace Slipway.Sandbox.Registry;

/// <summary>How a client shows who it is.</summary>
public abstract record RegistryAuth
{
    private RegistryAuth() { }

    /// <summary>Everyone may do everything.</summary>
    public sealed record Anonymous : RegistryAuth;

    /// <summary>HTTP basic (RFC 7617) at every request.</summary>
    public sealed record Basic(params ImmutableArray<RegistryAccount> Accounts) : RegistryAuth;

    /// <summary>Short-lived tokens from a token endpoint ("Token Authentication Specification" of docker distribution).</summary>
    public sealed record Bearer(params ImmutableArray<RegistryAccount> Accounts) : RegistryAuth
    {
        public string Service { get; init; } = "slipway-sandbox";

        public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>What one may do who asks for a token without a name; nothing by default.</summary>
        public ImmutableArray<RegistryGrant> AnonymousGrants { get; init; } = [];

        /// <summary>Null for the registry's own <c>/token</c>.</summary>
        public Uri? Realm { get; init; }
    }
}

public sealed record RegistryAccount(string User, string Password)
{
    public ImmutableArray<RegistryGrant> Grants { get; init; } = [RegistryGrant.Everything];
}

/// <param name="Repository">A name, or the beginning of names with a <c>*</c> after it.</param>
/// <param name="Actions">Of pull, push, delete.</param>
public sealed record RegistryGrant(string Repository, params ImmutableArray<string> Actions)
{
    public static readonly RegistryGrant Everything = new("*", "pull", "push", "delete", "*");

    public bool Covers(string repository, string action) =>
        Actions.Contains(action) && (Repository.EndsWith('*') ? repository.StartsWith(Repository[..^1], StringComparison.Ordinal) : repository == Repository);
}

/// <summary>A scope as it stands in challenges and token requests: <c>repository:acme/shop:pull,push</c>.</summary>
internal sealed record AccessScope(string Type, string Name, ImmutableArray<string> Actions)
{
    public static AccessScope? Parse(string text)
    {
        // A name may hold a colon of its own (host:port), so the first and the last one count.
        var (first, last) = (text.IndexOf(':'), text.LastIndexOf(':'));
        return first > 0 && last > first ? new(text[..first], text[(first + 1)..last], [.. text[(last + 1)..].Split(',')]) : null;
    }

    /// <summary>What a request needs; pushing needs pull as well, and a mount also pull from where the blob is.</summary>
    public static ImmutableArray<AccessScope> RequiredBy(RegistryRequest request) => request.Route switch
    {
        RegistryRoute.Catalog => [new("registry", "catalog", ["*"])],
        RegistryRoute.Upload { Session: null } upload when request.Parameter("mount") is not null && request.Parameter("from") is { } from =>
            [new("repository", upload.Name, ["pull", "push"]), new("repository", from, ["pull"])],
        { Repository: { } name } => [new("repository", name, ActionsOf(request))],
        _ => [],
    };

    private static ImmutableArray<string> ActionsOf(RegistryRequest request) => request switch
    {
        { Route: RegistryRoute.Upload } => ["pull", "push"],
        { Method: "DELETE" } => ["delete"],
        { Reads: true } => ["pull"],
        _ => ["pull", "push"],
    };

    public override string ToString() => $"{Type}:{Name}:{string.Join(',', Actions)}";
}
