using Slipway.Controller.Api;
using Slipway.Images;

namespace Slipway.Controller.Sessions;

/// <summary>The way of a browser to the issuer and back. What goes wrong is told by a page, for a person sees it.</summary>
internal static partial class LoginEndpoints
{
    public static async Task<ApiAnswer> BeginAsync(ApiContext context, HttpContext http)
    {
        if (Refusal(context, http) is { } refused)
        {
            return refused;
        }

        var place = http.Request.Query["return"].ToString() is { Length: > 0 } given ? given : "/";
        if (!PendingLogin.IsOurs(place))
        {
            return LoginPage.Refused(400, "The address to return to is not of this site.", "Open the dashboard, and sign in from there.");
        }

        var login = PendingLogin.Begin(place, context.Time.GetUtcNow());
        var (address, trouble) = await context.Login!.AddressAsync(login, http.RequestAborted);
        if (address is null)
        {
            LogFailed(Log(context), ApiCall.AddressOf(http), trouble ?? "");
            return LoginPage.Refused(502, "The issuer cannot be asked.", "Try again; the controller's log has the reason.");
        }

        context.Cookies.WriteLogin(http, login.ToBytes(), PendingLogin.Life);
        http.Response.Headers.Location = address.AbsoluteUri;
        return new ApiAnswer.Empty(StatusCodes.Status302Found);
    }

    public static async Task<ApiAnswer> FinishAsync(ApiContext context, HttpContext http)
    {
        if (Refusal(context, http) is { } refused)
        {
            return refused;
        }

        var query = http.Request.Query;
        var login = context.Cookies.TakeLogin(http) is { } bytes ? PendingLogin.From(bytes) : null;
        if (login is null || !login.Matches(query["state"].ToString()) || context.Time.GetUtcNow() >= login.Until)
        {
            return LoginPage.Refused(400, "This login was not begun in this browser, or too long ago.", $"Open {context.Login!.Terms.PublicAddress} and sign in again.");
        }

        // RFC 9207: which issuer has answered, where it says so.
        var other = query["iss"].ToString() is { Length: > 0 } issuer && issuer != context.Login!.Terms.Issuer;
        if (other || query["code"].ToString() is not { Length: > 0 } code)
        {
            LogFailed(Log(context), ApiCall.AddressOf(http), other ? "another issuer has answered" : $"the issuer says {UntrustedText.Quote(query["error"].ToString())}");
            return LoginPage.Refused(403, "The issuer has not let you in.", "Sign in again, as somebody whom it lets in.");
        }

        var (token, trouble) = await context.Login!.ExchangeAsync(code, login, http.RequestAborted);
        if (token is null)
        {
            LogFailed(Log(context), ApiCall.AddressOf(http), trouble ?? "");
            return LoginPage.Refused(502, "The issuer's answer cannot be used.", "Sign in again; the controller's log has the reason.");
        }

        return await SessionEndpoints.BeginAsync(context, http, token, "the issuer") switch
        {
            ApiAnswer.Empty => LoginPage.GoOn(login.Return),
            ApiAnswer.Refused { Problem.Status: 401 } => LoginPage.Refused(403, "The issuer knows you, and the cluster does not.", "The API server must trust the same issuer and client; docs/guides/access.md says how."),
            var answer => answer,
        };
    }

    private static ApiAnswer.Refused? Refusal(ApiContext context, HttpContext http) =>
        context.Login is null ? Problems.NotFound("no issuer is configured", "sign in with a token; docs/guides/access.md says how an issuer is configured")
        : SessionEndpoints.Refusal(context, http);

    private static ILogger Log(ApiContext context) => context.Logs.CreateLogger(typeof(LoginEndpoints).FullName!);

    [LoggerMessage(LogLevel.Warning, "A login from {Address} has failed: {Why}")]
    private static partial void LogFailed(ILogger log, string address, string why);
}
