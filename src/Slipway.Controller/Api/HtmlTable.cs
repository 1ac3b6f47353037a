using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Slipway.Controller.Dashboard;
using Slipway.Explanations;
using Slipway.Views;

namespace Slipway.Controller.Api;

/// <summary>What runs where, as one plain page: no script, nothing from elsewhere, readable by a terminal's browser.</summary>
internal static class HtmlTable
{
    private const string Style = "body{font:14px/1.4 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}th,td{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #8884}"
        + ".False{color:#b00020}.True{color:#1b7f37}:root{color-scheme:light dark}";

    private static readonly string[] Headings = ["Namespace", "Name", "Version", "Candidate", "Ready", "Status", "Why"];

    // The one style that the page may have, by its digest (Content Security Policy, 'sha256-…').
    private static readonly string Policy = $"{SecurityHeaders.Strictest}; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    public static Task<ApiAnswer> ServeAsync(ApiCall call)
    {
        var (page, problem) = Reads.Page(call);
        return Task.FromResult(problem ?? (PrefersJson(call.Http.Request) ? ApiAnswer.Json(page!, ViewJson.Default.DeliveryPage) : new ApiAnswer.Whole(StatusCodes.Status200OK, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(Render(page!, call.Context.HasDashboard)), Policy)));
    }

    /// <param name="dashboard">Whether there is one to send people to.</param>
    public static string Render(DeliveryPage page, bool dashboard)
    {
        var html = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>What runs where</title><style>{Style}</style></head><body><h1>What runs where</h1>");
        _ = dashboard ? html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{DashboardEndpoints.Path}/\">Dashboard</a>: live, with what to do about it</p>") : html;
        html.Append("<table><thead><tr>").AppendJoin("", Headings.Select(heading => $"<th scope=\"col\">{heading}</th>")).Append("</tr></thead><tbody>");
        foreach (var row in page.Items)
        {
            string?[] cells = [row.Namespace, row.Name, Version(row.Current), Version(row.Candidate)];
            html.Append("<tr>").AppendJoin("", cells.Select(Cell))
                .Append(CultureInfo.InvariantCulture, $"<td class=\"{(row.Ready is "True" or "False" ? row.Ready : "")}\">{Text(row.Ready)}</td>")
                .Append(Cell(row.Held?.Reason ?? row.Reason)).Append(Cell(row.Message)).Append("</tr>");
        }

        html.Append("</tbody></table>");
        _ = page.Items.Count == 0 ? html.Append("<p>There are no Deliveries that you may see.</p>") : html;
        _ = page.Continue is { } more ? html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"?continue={Text(Uri.EscapeDataString(more))}\">More</a></p>") : html;
        return html.Append("</body></html>\n").ToString();
    }

    private static string Version(VersionView? version) => version is null ? "" : Words.Version(version.Tag, version.Digest);

    private static string Cell(string? text) => $"<td>{Text(text)}</td>";

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    private static bool PrefersJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault(type => type.MediaType is { Length: > 0 });
        return accepted?.MediaType.Value is { } best && best.EndsWith("json", StringComparison.OrdinalIgnoreCase);
    }
}
