using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Controller.Api;

/// <summary>A page of a few sentences, without script, for a person whom a link has brought here.</summary>
internal static class PlainPage
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:36rem;padding:0 1rem}:root{color-scheme:light dark}dt{opacity:.7}dd{margin:0 0 .5rem;font-family:ui-monospace,monospace;overflow-wrap:anywhere}"
        + "button{font:inherit;padding:.5rem 1.25rem;margin-right:.5rem;cursor:pointer}";

    private static readonly string Styled = $"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    // One directive counts once, so that a page with a form has another policy from the start.
    private static readonly string Policy = $"{SecurityHeaders.Strictest}; {Styled}";
    private static readonly string PolicyOfForms = Policy.Replace("form-action 'none'", "form-action 'self'", StringComparison.Ordinal);

    /// <param name="head">Markup: a title, and what else belongs there.</param>
    /// <param name="body">Markup.</param>
    public static ApiAnswer.Whole Of(int status, string head, string body, bool hasForm = false) => new(
        status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><style>{Style}</style>{head}</head><body><main>{body}</main></body></html>\n"),
        hasForm ? PolicyOfForms : Policy);

    /// <summary>A title, and sentences below it.</summary>
    public static ApiAnswer.Whole Says(int status, string title, params ReadOnlySpan<string> sentences) =>
        Of(status, $"<title>{Text(title)}</title>", $"<h1>{Text(title)}</h1>{string.Concat(sentences.ToArray().Select(sentence => $"<p>{Text(sentence)}</p>"))}");

    public static string Text(string text) => WebUtility.HtmlEncode(text);
}
