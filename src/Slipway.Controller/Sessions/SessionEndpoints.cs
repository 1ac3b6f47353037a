using System.Text.Json;
using Slipway.Controller.Access;
using Slipway.Controller.Api;
using Slipway.Images;
using Slipway.Views;

namespace Slipway.Controller.Sessions;

/// <summary>Browsers sign in with a token, and out. The token goes into the sealed cookie, and no script sees it again.</summary>
internal static partial class SessionEndpoints
{
    public static async Task<ApiAnswer> GetAsync(ApiContext context, HttpContext http)
    {
        if (Credential.Of(http.Request, context.Cookies) is not { } credential)
        {
            return With(context, Problems.NoToken);
        }

        return await context.Access.IdentifyAsync(credential.Token, http.RequestAborted) switch
        {
            Identification.Known { Caller: var caller } => context.Rates.Take(caller.Fingerprint) is { } wait ? Problems.TooOften(wait)
                : ApiAnswer.Json(new SessionView(caller.Name, context.Ways, credential.Session?.Until), ViewJson.Default.SessionView),
            Identification.Unable { Why: var why } => Problems.Unable(why),
            _ => With(context, Problems.Stranger),
        };
    }

    public static async Task<ApiAnswer> SignInAsync(ApiContext context, HttpContext http)
    {
        if (Refusal(context, http) is { } refused)
        {
            return refused;
        }

        var (body, problem) = await RequestGuard.ReadAsync(http.Request, context.Time);
        if (problem is not null || Read(body) is not { } token)
        {
            return problem ?? Problems.Invalid("the body holds no token", """send {"token":"..."} and nothing else""");
        }

        return await BeginAsync(context, http, token, "a token");
    }

    public static Task<ApiAnswer> SignOutAsync(ApiContext context, HttpContext http)
    {
        if (RequestGuard.CookieRefusal(http.Request) is { } forged)
        {
            return Task.FromResult<ApiAnswer>(forged);
        }

        SessionCookies.Remove(http);
        return Task.FromResult<ApiAnswer>(new ApiAnswer.Empty(StatusCodes.Status204NoContent));
    }

    /// <summary>A session for whom the cluster knows by this token.</summary>
    /// <param name="way">By which they came, for the log.</param>
    public static async Task<ApiAnswer> BeginAsync(ApiContext context, HttpContext http, string token, string way)
    {
        var (log, from) = (context.Logs.CreateLogger(typeof(SessionEndpoints).FullName!), ApiCall.AddressOf(http));
        switch (await context.Access.IdentifyAsync(token, http.RequestAborted))
        {
            case Identification.Known { Caller: var caller }:
                var session = BrowserSession.Of(token, context.Time.GetUtcNow());
                if (!context.Cookies.Write(http, session))
                {
                    return Problems.TokenTooLong;
                }

                LogSignedIn(log, UntrustedText.Quote(caller.Name), way, from, session.Until);
                return new ApiAnswer.Empty(StatusCodes.Status204NoContent);
            case Identification.Unable { Why: var why }:
                return Problems.Unable(why);
            default:
                LogRefused(log, way, from);
                return With(context, Problems.Stranger);
        }
    }

    /// <summary>What speaks against signing in from here, whoever it is.</summary>
    public static ApiAnswer.Refused? Refusal(ApiContext context, HttpContext http) =>
        context.SignIns.Take(ApiCall.AddressOf(http)) is { } wait ? Problems.Limited("so many sign-ins come from one address", wait)
        : !SessionCookies.IsPlainLoopback(http.Request) && http.Request.Headers.Origin.ToString().StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? Problems.NotPrivate
        : null;

    private static ApiAnswer.Refused With(ApiContext context, ApiAnswer.Refused refused) => refused with { Problem = refused.Problem with { Ways = context.Ways } };

    private static string? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ViewJson.Default.SessionRequest)?.Token?.Trim() is { Length: > 0 } token ? token : null;
        }
        catch (JsonException)
        {
            // Its message may hold a piece of the token.
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "{User} signed in by {Way} from {Address}, until {Until:u}")]
    private static partial void LogSignedIn(ILogger log, string user, string way, string address, DateTimeOffset until);

    [LoggerMessage(LogLevel.Information, "Somebody tried to sign in by {Way} from {Address}, and the cluster does not know them")]
    private static partial void LogRefused(ILogger log, string way, string address);
}
