using System.Net;
using System.Security.Cryptography;
using System.Text;
using Slipway.Controller.Api;

namespace Slipway.Controller.Sessions;

/// <summary>The two pages of a login, without script.</summary>
internal static class LoginPage
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32rem;padding:0 1rem}:root{color-scheme:light dark}";

    private static readonly string Policy = $"{SecurityHeaders.Strictest}; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    /// <summary>
    /// Goes on by itself, from a page of ours: a redirect would still be the issuer's navigation, to which browsers add no cookie that is SameSite=Strict.
    /// </summary>
    /// <param name="path">Of ours.</param>
    public static ApiAnswer GoOn(string path) => Page(200, $"<meta http-equiv=\"refresh\" content=\"0;url={Text(path)}\"><title>Signed in</title>", $"<p>You are signed in. <a href=\"{Text(path)}\">Go on</a></p>");

    public static ApiAnswer Refused(int status, string why, string wayOut) =>
        Page(status, "<title>Not signed in</title>", $"<h1>Not signed in</h1><p>{Text(why)}</p><p>{Text(wayOut)}</p><p><a href=\"/dashboard/\">To the dashboard</a></p>");

    private static ApiAnswer.Whole Page(int status, string head, string body) => new(
        status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><style>{Style}</style>{head}</head><body><main>{body}</main></body></html>\n"), Policy);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
