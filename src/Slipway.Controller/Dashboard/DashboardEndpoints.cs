using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Slipway.Controller.Dashboard;

/// <summary>Serves the dashboard: files that hold nothing secret, and so ask nobody who they are. What it shows it asks of the API.</summary>
internal static class DashboardEndpoints
{
    public const string Path = "/dashboard";

    /// <summary>Of its own files and of nothing else. WebAssembly is compiled; the components set styles; no script stands in the page.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UseDashboardHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Path.StartsWithSegments(Path))
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;

            // How long each file may be kept stands in the manifest: those with a fingerprint in their names for ever.
            http.Response.Headers.Remove(HeaderNames.CacheControl);
        }

        return next(http);
    });

    public static void MapDashboard(this IEndpointRouteBuilder routes, DashboardFiles files)
    {
        // The manifest names them from the folder that they lie in.
        routes.MapGroup(Path).MapStaticAssets(files.Manifest);
        var page = new DashboardPage(File.ReadAllBytes(files.Page));
        routes.MapGet($"{Path}/{{**path}}", page.Serve);
    }
}

/// <summary>The one page: every address below /dashboard/ that is no file is a place within it.</summary>
internal sealed class DashboardPage(byte[] html)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(html))[..16]}\"");

    public Results<FileContentHttpResult, RedirectHttpResult, NotFound> Serve(HttpContext http, string? path)
    {
        // What the page loads is named from its base, which ends with a slash.
        if (http.Request.Path == DashboardEndpoints.Path)
        {
            return TypedResults.Redirect($"{DashboardEndpoints.Path}/");
        }

        // A file that is missing must not be answered by a page: the browser would try to run it.
        if (path?.StartsWith('_') == true)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.File(html, "text/html; charset=utf-8", entityTag: _tag);
    }
}
