using System.Net.Http.Headers;

namespace Slipway.Controller.Api;

/// <summary>What is refused of a request before anybody asks whose it is: forgeries from other sites, wrong types, bodies without end.</summary>
internal static class RequestGuard
{
    /// <summary>Bytes of a body. The largest action has four short fields.</summary>
    public const int MaxBody = 16 << 10;

    /// <summary>Which no form can send, and no page of another origin without asking us first (Fetch, CORS-preflight).</summary>
    public const string SessionHeader = "X-Slipway-Session";

    private static readonly TimeSpan LongestBody = TimeSpan.FromSeconds(10);

    /// <summary>Null where nothing speaks against it.</summary>
    /// <param name="isForm">The route is answered by a form.</param>
    public static ApiAnswer.Refused? Refusal(HttpRequest request, bool isForm = false) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null
        : CrossSite(request) is { } why ? Problems.CrossSite(why)
        : !Is(isForm ? "application/x-www-form-urlencoded" : "application/json", request.ContentType) && !IsEmptyDelete(request) ? Problems.WrongType
        : request.ContentLength > MaxBody ? Problems.TooLarge(MaxBody)
        : null;

    /// <summary>Null where a page of this address has sent the request, so that its cookie may count.</summary>
    public static ApiAnswer.Refused? CookieRefusal(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            // Who follows a link from elsewhere comes with Strict cookies only where the browser knows no better; what is embedded elsewhere never does.
            return site is "cross-site" or "same-site" && request.Headers["Sec-Fetch-Mode"] != "navigate" ? Problems.Unasked("Sec-Fetch-Site says that another site has sent it") : null;
        }

        return request.Headers[SessionHeader] != "1" ? Problems.Unasked($"it has a session's cookie, and not the header {SessionHeader}: 1")
            : site.Length == 0 && request.Headers.Origin.Count == 0 ? Problems.Unasked("it has a session's cookie, and neither Origin nor Sec-Fetch-Site, which browsers send")
            : null;
    }

    /// <summary>The body, or why there is none.</summary>
    public static async Task<(byte[] Body, ApiAnswer? Problem)> ReadAsync(HttpRequest request, TimeProvider time)
    {
        var aborted = request.HttpContext.RequestAborted;
        using var patience = new CancellationTokenSource(LongestBody, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborted);
        try
        {
            return await Webhooks.BoundedStream.ReadAsync(request.Body, MaxBody, either.Token) is { } body ? (body, null) : ([], Problems.TooLarge(MaxBody));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return ([], Problems.TooSlow(LongestBody));
        }
        catch (BadHttpRequestException e)
        {
            return ([], e.StatusCode is StatusCodes.Status408RequestTimeout ? Problems.TooSlow(LongestBody) : Problems.Invalid(e.Message, "send a body of HTTP"));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller is gone; nobody reads the answer.
            return ([], new ApiAnswer.Done());
        }
    }

    // Browsers tell where a request comes from (Fetch Metadata, Sec-Fetch-Site; Fetch, Origin), and no page can make them not to; programs tell nothing.
    private static string? CrossSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            // It decides alone: of a page that sends no Referer, as ours do, a form's Origin is null.
            return site is "same-origin" or "none" ? null : "Sec-Fetch-Site says that another site has sent it";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase))
            ? null
            : "its Origin is not this address";
    }

    private static bool IsEmptyDelete(HttpRequest request) => HttpMethods.IsDelete(request.Method) && request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding");

    private static bool Is(string mediaType, string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && string.Equals(type.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);
}
