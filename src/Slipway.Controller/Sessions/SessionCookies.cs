using System.Globalization;
using System.Net;

namespace Slipway.Controller.Sessions;

/// <summary>
/// Sealed cookies of browsers (RFC 6265bis). The session's is for no script and no other site (HttpOnly, SameSite=Strict); a token that is too long for one
/// cookie, of which browsers take 4096 bytes, goes in pieces.
/// </summary>
internal sealed class SessionCookies(SessionKeys keys, TimeProvider time)
{
    private const string Purpose = "session v1";
    private const int MostOfOne = 3800;

    // With more, the header becomes longer than the 8 KiB that usual proxies let through.
    private const int MostPieces = 2;

    /// <summary>The session that the request brings; null where there is none, it is not of these keys, or it has ended.</summary>
    public BrowserSession? Read(HttpRequest request)
    {
        var name = NameFor(request);
        var (first, count) = request.Cookies[name] is { } text && text.Split('.') is [{ Length: 1 } pieces, var part] && int.TryParse(pieces, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (part, number) : ("", 0);
        if (count is 0 or > MostPieces)
        {
            return null;
        }

        var whole = string.Concat(Enumerable.Range(1, count - 1).Select(piece => request.Cookies[$"{name}.{piece}"]).Prepend(first));
        return keys.Open(Purpose, whole) is { } bytes && BrowserSession.From(bytes) is { } session && time.GetUtcNow() < session.Until ? session : null;
    }

    /// <returns>False where the token is too long for a browser.</returns>
    public bool Write(HttpContext http, BrowserSession session)
    {
        var name = NameFor(http.Request);
        var whole = keys.Seal(Purpose, session.ToBytes());
        var pieces = whole.Chunk(MostOfOne).Select(letters => new string(letters)).ToList();
        if (pieces.Count > MostPieces)
        {
            return false;
        }

        Remove(http, pieces.Count);
        var life = session.Until - time.GetUtcNow();
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            http.Response.Cookies.Append(piece == 0 ? name : $"{name}.{piece}", piece == 0 ? $"{pieces.Count}.{pieces[0]}" : pieces[piece], Options(http.Request, SameSiteMode.Strict, life));
        }

        return true;
    }

    public static void Remove(HttpContext http) => Remove(http, 0);

    /// <summary>Set for one login, which ends within minutes, and sent with the issuer's redirect to us (SameSite=Lax).</summary>
    public void WriteLogin(HttpContext http, byte[] login, TimeSpan life) => http.Response.Cookies.Append(LoginNameFor(http.Request), keys.Seal(LoginPurpose, login), Options(http.Request, SameSiteMode.Lax, life));

    public byte[]? TakeLogin(HttpContext http)
    {
        var name = LoginNameFor(http.Request);
        http.Response.Cookies.Delete(name, Options(http.Request, SameSiteMode.Lax, null));
        return http.Request.Cookies[name] is { } text ? keys.Open(LoginPurpose, text) : null;
    }

    /// <summary>Whether a browser reaches us over loopback and without TLS: the one place where cookies without <c>Secure</c> are right.</summary>
    public static bool IsPlainLoopback(HttpRequest request) =>
        !request.IsHttps && (string.Equals(request.Host.Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    // Those that are there and that no piece takes the place of.
    private static void Remove(HttpContext http, int from)
    {
        var name = NameFor(http.Request);
        for (var piece = from; piece < MostPieces; piece++)
        {
            var one = piece == 0 ? name : $"{name}.{piece}";
            if (http.Request.Cookies.ContainsKey(one))
            {
                http.Response.Cookies.Delete(one, Options(http.Request, SameSiteMode.Strict, null));
            }
        }
    }

    // Ports of one host share their cookies, and two clusters may well be forwarded to one machine.
    private static string NameFor(HttpRequest request) => IsPlainLoopback(request) ? $"slipway-{request.Host.Port ?? 80}" : "__Host-slipway";

    private const string LoginPurpose = "login v1";

    private static string LoginNameFor(HttpRequest request) => $"{NameFor(request)}-login";

    // The prefix __Host- binds a cookie to this host: Secure, of the whole path, and of no domain.
    private static CookieOptions Options(HttpRequest request, SameSiteMode mode, TimeSpan? life) =>
        new() { HttpOnly = true, Secure = !IsPlainLoopback(request), SameSite = mode, Path = "/", MaxAge = life, IsEssential = true };
}
