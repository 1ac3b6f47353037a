using System.Text.Json.Serialization;

namespace Slipway.Views;

/// <summary>Who a browser is here, and how one can sign in.</summary>
/// <param name="User">As the cluster knows them; null: nobody.</param>
/// <param name="Ways"><c>token</c> always; <c>oidc</c> where an issuer is configured.</param>
/// <param name="Until">When the session ends at the latest; null: the request had no session, but a token of its own.</param>
public sealed record SessionView(string? User, IReadOnlyList<string> Ways, DateTimeOffset? Until = null);

/// <summary>What signs a browser in.</summary>
/// <param name="Token">A bearer token of the cluster.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SessionRequest(string Token)
{
    // Not the token: whoever prints a request prints it into a log.
    public override string ToString() => nameof(SessionRequest);
}
