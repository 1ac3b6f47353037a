using Slipway.Controller.Access;
using Slipway.Kube;
using Slipway.Views;

namespace Slipway.Controller.Api;

/// <summary>Every answer that is a no (RFC 9457): what is wrong, and the way out.</summary>
internal static class Problems
{
    public static ApiAnswer.Refused NoToken { get; } = Of(
        401, "Unauthenticated", "Nobody is known to ask", "the request has no bearer token, and no session", "send 'Authorization: Bearer TOKEN' with a token of the cluster, such as 'kubectl create token' makes; sign in, in a browser");

    public static ApiAnswer.Refused Stranger { get; } = Of(
        401, "Unauthenticated", "Nobody is known to ask", "the token is nobody's, is for another audience, or has expired", "get a new one, for the audience of the API server or the one in api.audiences");

    public static ApiAnswer.Refused Denied(Caller caller, Right right) =>
        Of(403, "Forbidden", "The cluster's roles do not permit it", right.Refusal(caller.Name), $"ask for {right.Rule}; docs/guides/access.md has roles that hold it");

    public static ApiAnswer.Refused CrossSite(string why) => Of(403, "CrossSite", "The request comes from another site", why, "send it from a page of this address, or from a program, which sends neither Origin nor Sec-Fetch-Site");

    /// <summary>A cookie comes along by itself; that a page of ours has sent it must be seen.</summary>
    public static ApiAnswer.Refused Unasked(string why) => Of(403, "CrossSite", "The request comes from another site", why, $"send it from a page of this address, with the header {RequestGuard.SessionHeader}: 1; programs send a token instead");

    public static ApiAnswer.Refused NotPrivate { get; } =
        Of(400, "NotPrivate", "A session needs TLS", "the page came over plain HTTP, where anybody on the way could take the session", "put TLS before the controller, or reach it by 'kubectl port-forward' at http://localhost");

    public static ApiAnswer.Refused TokenTooLong { get; } =
        Of(413, "TokenTooLong", "The token is too long for a browser", "browsers keep 4096 bytes in a cookie, and the token fills more than two", "ask the issuer for fewer claims, above all of groups; or use the command line");

    public static ApiAnswer.Refused TooOften(TimeSpan wait) => Limited("one caller may ask so often, and no more", wait);

    public static ApiAnswer.Refused Unable(string why) =>
        Of(503, "AccessUnknown", "Who may do what is not known at present", why, "try again; the controller's log has the reason") with { RetryAfter = TimeSpan.FromSeconds(2) };

    public static ApiAnswer.Refused NotReady(string why) =>
        Of(503, "NotReady", "The cluster is not followed yet", why, "try again") with { RetryAfter = TimeSpan.FromSeconds(2) };

    public static ApiAnswer.Refused Limited(string why, TimeSpan wait) => Of(429, "TooManyRequests", "There are too many requests", why, "send fewer; the header Retry-After says when") with { RetryAfter = wait };

    public static ApiAnswer.Refused NotFound(string what, string wayOut) => Of(404, "NotFound", "There is no such object", what, wayOut);

    public static ApiAnswer.Refused Invalid(string why, string wayOut, string reason = "Invalid") => Of(400, reason, "The request cannot be read", why, wayOut);

    public static ApiAnswer.Refused TooLarge(int limit) => Of(413, "TooLarge", "The request is too large", $"the body is longer than {limit} bytes", "send only the fields that the action takes");

    public static ApiAnswer.Refused TooSlow(TimeSpan limit) => Of(408, "TooSlow", "The request is too slow", $"the body did not come within {limit.TotalSeconds:0} s", "send it at once");

    public static ApiAnswer.Refused WrongType => Of(415, "WrongContentType", "The request is of a wrong type", "a request that changes something is JSON", "send it with 'Content-Type: application/json'");

    public static ApiAnswer.Refused Conflict(string reason, string why, string wayOut) => Of(409, reason, "It does not fit what the Delivery does now", why, wayOut);

    /// <summary>What the API server said to the controller: its rights are no concern of the caller's, so a no to it is a defect here.</summary>
    public static ApiAnswer.Refused Of(KubeException e) => e switch
    {
        { IsNotFound: true } => NotFound(e.Message, "list what there is"),
        { IsConflict: true } => Conflict("Conflict", e.Message, "try again"),
        { Reason: KubeException.Invalid } => Invalid(e.Message, "write a name of Kubernetes"),
        { IsForbidden: true } => Of(502, "ControllerForbidden", "The controller may not do it", e.Message, "'slipway install' shows the roles that the controller needs"),
        { IsTransient: true } => Of(503, "ApiServerUnavailable", "The API server has not answered", e.Message, "try again") with { RetryAfter = e.RetryAfter ?? TimeSpan.FromSeconds(2) },
        _ => Of(502, "ApiServerRefused", "The API server has refused it", e.Message, "the message says what it takes offence at"),
    };

    private static ApiAnswer.Refused Of(int status, string reason, string title, string detail, string wayOut) => new(new ProblemView($"urn:slipway:problem:{reason}", title, status, detail, reason, wayOut));
}
