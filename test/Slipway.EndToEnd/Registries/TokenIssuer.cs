using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.EndToEnd.Registries;

/// <summary>
/// A small token server (distribution specification, "Token Authentication"): gives whoever has the password a token for what was asked,
/// and keeps what it was asked.
/// </summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private const string Issuer = "slipway-tests";

    private const string Service = "registry.test";

    private readonly WebApplication _app;
    private readonly RSA _key;
    private readonly X509Certificate2 _certificate;
    private readonly string _rootFile;
    private readonly ConcurrentQueue<string> _asked = new();

    private TokenIssuer(WebApplication app, string directory)
    {
        _app = app;
        _key = RSA.Create(2048);
        var request = new CertificateRequest("CN=slipway-tests", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        _rootFile = Path.Combine(directory, "token-root.pem");
        File.WriteAllText(_rootFile, _certificate.ExportCertificatePem());
    }

    public const string User = "ci";

    public const string Password = "token-s3cret";

    /// <summary>What was asked for, in order: the user and the scope.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public string Address => _app.Urls.First();

    /// <summary>The registry's <c>auth</c> section.</summary>
    public string Auth => $$$"""{token: {realm: "{{{Address}}}/token", service: {{{Service}}}, issuer: {{{Issuer}}}, rootcertbundle: {{{_rootFile}}}}}""";

    public static async Task<TokenIssuer> StartAsync(string directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var issuer = new TokenIssuer(app, directory);
        app.MapGet("/token", (RequestDelegate)issuer.AnswerAsync);
        await app.StartAsync();
        return issuer;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        _key.Dispose();
        File.Delete(_rootFile);
    }

    private Task AnswerAsync(HttpContext http)
    {
        var scope = http.Request.Query["scope"].ToString();
        var login = http.Request.Headers.Authorization.ToString();
        _asked.Enqueue($"{(login.Length == 0 ? "anonymous" : Known(login) ? User : "stranger")} {scope}");
        if (!Known(login))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return http.Response.WriteAsync("""{"errors": [{"code": "UNAUTHORIZED", "message": "wrong user name or password"}]}""");
        }

        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(new JsonObject { ["token"] = Token(scope), ["expires_in"] = 300 }.ToJsonString());
    }

    private static bool Known(string login) => login == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}";

    private string Token(string scope)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)) };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = User,
            ["aud"] = Service,
            ["iat"] = now,
            ["nbf"] = now - 10,
            ["exp"] = now + 300,
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ["access"] = scope.Split(':') is [var type, .. var name, var actions]
                ? new JsonArray(new JsonObject { ["type"] = type, ["name"] = string.Join(':', name), ["actions"] = new JsonArray([.. actions.Split(',').Select(action => JsonValue.Create(action))]) })
                : [],
        };
        var text = $"{Encoded(header)}.{Encoded(claims)}";
        return $"{text}.{Base64Url(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encoded(JsonObject value) => Base64Url(Encoding.UTF8.GetBytes(value.ToJsonString()));

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
