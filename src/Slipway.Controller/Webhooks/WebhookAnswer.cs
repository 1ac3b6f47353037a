using System.Globalization;

namespace Slipway.Controller.Webhooks;

/// <summary>What a sender is told: always what to do, and to a stranger nothing of what there is.</summary>
/// <param name="Outcome">One of a few words, for the metric.</param>
internal sealed record WebhookAnswer(int Status, string Outcome, string Text, TimeSpan? RetryAfter = null)
{
    public static WebhookAnswer Form(int status, string why) => new(status, "form", why);

    public static WebhookAnswer TooLarge(long limit) => new(StatusCodes.Status413PayloadTooLarge, "too_large", $"the body is longer than {limit} bytes; send the vendor's notification as it is");

    public static WebhookAnswer TooSlow(TimeSpan limit) => new(StatusCodes.Status408RequestTimeout, "too_slow", $"the body did not come within {limit.TotalSeconds:0} s; send it at once");

    public static WebhookAnswer Broken(string why) => new(StatusCodes.Status400BadRequest, "broken", $"the body could not be read: {why}");

    public static WebhookAnswer Stranger(string why) => new(StatusCodes.Status401Unauthorized, "unauthenticated", why);

    public static WebhookAnswer Limited(TimeSpan wait) => new(StatusCodes.Status429TooManyRequests, "limited", "too many requests; send them again later", wait);

    public static WebhookAnswer Busy => new(StatusCodes.Status503ServiceUnavailable, "busy", "too many requests at once; send it again", TimeSpan.FromSeconds(1));

    public static WebhookAnswer Unable =>
        new(StatusCodes.Status503ServiceUnavailable, "unable", "the sender cannot be verified at present; the controller's log has the reason", IssuerKeys.BetweenTries);

    public static WebhookAnswer Invalid(string why) => new(StatusCodes.Status400BadRequest, "invalid", why);

    public static WebhookAnswer Ignored(string why) => new(StatusCodes.Status200OK, "ignored", $"nothing to look at: {why}");

    public static WebhookAnswer Forbidden(string repository) =>
        new(StatusCodes.Status403Forbidden, "forbidden", $"this receiver may not speak for {repository}; its repositories are in the controller's configuration");

    public static WebhookAnswer Taken(int looks) => new(StatusCodes.Status202Accepted, "taken", $"{looks} feeds look");

    public async Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        response.ContentType = "text/plain; charset=utf-8";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (Status is StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = HttpMethods.Post;
        }

        if (Status is StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        // What was not read of a body is not waited for.
        if (Status is not (StatusCodes.Status200OK or StatusCodes.Status202Accepted))
        {
            response.Headers.Connection = "close";
        }

        await response.WriteAsync(Text + "\n", http.RequestAborted);
    }
}
