using Slipway.Tests.Controller.Api;

namespace Slipway.Tests.Controller.Sessions;

/// <summary>What a browser does by itself: it keeps cookies, and tells where a request comes from.</summary>
internal static class Browser
{
    public const string Session = "/api/v1/session";

    public static async Task<string> SignInAsync(this ApiWorld world, string token)
    {
        var reply = await world.PostTokenAsync(token);
        Assert.Equal((204, ""), (reply.Code, reply.Text));
        return CookieOf(reply);
    }

    public static Task<ApiReply> PostTokenAsync(this ApiWorld world, string token, params (string, string)[] headers) =>
        world.SendAsync("POST", Session, null, $$"""{"token":"{{token}}"}""", headers: headers.Length > 0 ? headers : FromHere(world));

    /// <summary>What a page of this address sends with what changes something.</summary>
    public static (string, string)[] FromHere(this ApiWorld world, string? cookie = null) =>
        [("Origin", world.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"), ("X-Slipway-Session", "1"), .. cookie is null ? [] : new[] { ("Cookie", cookie) }];

    public static Task<ApiReply> AsAsync(this ApiWorld world, string cookie, string method, string path, string? body = null) =>
        world.SendAsync(method, path, null, body, headers: world.FromHere(cookie));

    /// <summary>As a browser sends back what was set.</summary>
    public static string CookieOf(ApiReply reply) => string.Join("; ", SetCookies(reply).Select(cookie => cookie.Split(';')[0]).Where(cookie => !cookie.EndsWith('=')));

    public static IReadOnlyList<string> SetCookies(ApiReply reply) => reply.Answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [];
}
