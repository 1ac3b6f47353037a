namespace Slipway.Controller.Api;

/// <summary>What every answer says to a browser: nothing of it is a page to run, to frame, to guess the type of, or to keep.</summary>
internal static class SecurityHeaders
{
    public const string Strictest = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        Write(http.Response.Headers);
        return next(http);
    });

    public static void Write(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Strictest;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
