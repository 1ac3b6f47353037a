using Slipway.Controller.Api;

namespace Slipway.Controller.Sessions;

/// <summary>A token, and where it came from.</summary>
/// <param name="Session">The cookie's; null where the token came in the header.</param>
internal sealed record Credential(string Token, BrowserSession? Session)
{
    private const string Scheme = "Bearer ";

    /// <summary>Of the header, else of the session's cookie. Never of the URL: that ends in the logs of every proxy on the way.</summary>
    public static Credential? Of(HttpRequest request, SessionCookies cookies) =>
        request.Headers.Authorization.Count > 0 ? (TokenOf(request) is { } token ? new Credential(token, null) : null)
        : cookies.Read(request) is { } session ? new Credential(session.Token, session)
        : null;

    /// <summary>Null where the credential may be used for this request. A browser sends a cookie by itself, so the page must show that it is ours.</summary>
    public ApiAnswer.Refused? Refusal(HttpRequest request) => Session is null ? null : RequestGuard.CookieRefusal(request);

    // Not the token.
    public override string ToString() => Session is null ? "a token" : "a session";

    private static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } token ? token : null;
}
