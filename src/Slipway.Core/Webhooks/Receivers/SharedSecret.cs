using System.Security.Cryptography;
using System.Text;

namespace Slipway.Webhooks.Receivers;

/// <summary>What a sender and its receiver both know. It prints itself nowhere.</summary>
public abstract record SharedSecret
{
    // RFC 7617 section 2: user, colon, password, in base64.
    private const string BasicScheme = "Basic ";

    private const string BearerScheme = "Bearer ";

    private SharedSecret() { }

    /// <summary>A token that comes as it is.</summary>
    public sealed record Token(string Value) : SharedSecret
    {
        public override string ToString() => "a token";
    }

    /// <summary>A key with which the body is signed.</summary>
    public sealed record Key(string Value) : SharedSecret
    {
        public override string ToString() => "a key";
    }

    /// <summary>A user's name and password.</summary>
    public sealed record Login(string User, string Password) : SharedSecret
    {
        public override string ToString() => "a login";
    }

    /// <summary>Null where the request proves that it knows the secret; else what to send. The answer depends on nothing but the request's form.</summary>
    /// <param name="request">Its body is read for a <see cref="Key"/> only.</param>
    public string? Refusal(ReceiverType type, WebhookRequest request) => this switch
    {
        Token token => TokenRefusal(type, token.Value, request),
        Key key => type.Signature is { } scheme ? scheme.Refusal(key.Value, request) : $"{type.Vendor} signs nothing",
        Login login => LoginRefusal(login, request),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The token behind <c>Bearer</c>; null where there is none.</summary>
    public static string? BearerOf(WebhookRequest request) =>
        request.Header("Authorization") is { } header && header.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase) ? header[BearerScheme.Length..].Trim() : null;

    private static string? TokenRefusal(ReceiverType type, string token, WebhookRequest request)
    {
        // A token in an address is written into the logs of whatever stands between; that is taken of those who can do nothing else.
        var given = type.TokenInQuery
            ? request.Parameter("secret")
            : BearerOf(request) ?? (type.TokenHeader is { } header ? request.Header(header) : null) ?? request.Header("Authorization");
        return AreSame(given, token) ? null
            : type.TokenInQuery ? "the secret is missing or wrong: end the webhook's address with ?secret=SECRET"
            : $"the token is missing or wrong: send it as 'Authorization: Bearer TOKEN'{(type.TokenHeader is { } other ? $" or '{other}: TOKEN'" : "")}";
    }

    private static string? LoginRefusal(Login login, WebhookRequest request)
    {
        var header = request.Header("Authorization");
        var given = header?.StartsWith(BasicScheme, StringComparison.OrdinalIgnoreCase) == true ? Decoded(header[BasicScheme.Length..].Trim()) : null;
        return login.Password.Length > 0 && AreSame(given, $"{login.User}:{login.Password}") ? null : "the login is missing or wrong: send user and password by basic authentication";
    }

    private static string? Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    // Of hashes, so that neither the secret's content nor its length shows in the time that the comparison takes. Nothing is the same as an empty secret.
    private static bool AreSame(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(expected)))
        && expected.Length > 0;
}
