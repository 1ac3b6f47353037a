using Slipway.Controller.Api;

namespace Slipway.Controller.Sessions;

/// <summary>The two pages of a login.</summary>
internal static class LoginPage
{
    /// <summary>
    /// Goes on by itself, from a page of ours: a redirect would still be the issuer's navigation, to which browsers add no cookie that is SameSite=Strict.
    /// </summary>
    /// <param name="path">Of ours.</param>
    public static ApiAnswer GoOn(string path) => PlainPage.Of(
        StatusCodes.Status200OK, $"<meta http-equiv=\"refresh\" content=\"0;url={PlainPage.Text(path)}\"><title>Signed in</title>", $"<p>You are signed in. <a href=\"{PlainPage.Text(path)}\">Go on</a></p>");

    public static ApiAnswer Refused(int status, string why, string wayOut) => PlainPage.Of(
        status, "<title>Not signed in</title>", $"<h1>Not signed in</h1><p>{PlainPage.Text(why)}</p><p>{PlainPage.Text(wayOut)}</p><p><a href=\"/dashboard/\">To the dashboard</a></p>");
}
