using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Tests.Webhooks;

/// <summary>
/// An issuer of tokens on loopback, with keys made here. Tokens are put together by hand, so that a test can make those that no library would.
/// </summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    private static readonly RSA SharedRsa = RSA.Create(2048);
    private static readonly ECDsa SharedEc = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly WebApplication _app;
    private readonly JsonArray _keys = [];

    private LocalIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ServeAsync);
        Publish(Rsa, "rsa-1");
        _keys.Add(EcKey(Ec, "ec-1"));
    }

    /// <summary>The same for all tests: making one takes longer than a test.</summary>
    public static RSA Rsa => SharedRsa;

    public static ECDsa Ec => SharedEc;

    /// <summary>Paths that were asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public string Issuer => _app.Urls.First();

    /// <summary>What the discovery document says of its issuer and of the keys' place; null: the truth.</summary>
    public (string? Issuer, string? Keys) Claimed { get; set; }

    /// <summary>Answers in the issuer's place where it is not null.</summary>
    public int? Status { get; set; }

    /// <summary>Answers in the place of a path, whatever else is said here.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Paths { get; } = new(StringComparer.Ordinal);

    public static async Task<LocalIssuer> StartAsync()
    {
        var issuer = new LocalIssuer();
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    public void Publish(RSA key, string id, string? algorithm = null)
    {
        var parameters = key.ExportParameters(false);
        var published = new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = id, ["n"] = Text(parameters.Modulus!), ["e"] = Text(parameters.Exponent!) };
        if (algorithm is not null)
        {
            published["alg"] = algorithm;
        }

        _keys.Add(published);
    }

    public void PublishSymmetric(byte[] key, string id) => _keys.Add(new JsonObject { ["kty"] = "oct", ["use"] = "sig", ["kid"] = id, ["k"] = Text(key) });

    public void Withdraw() => _keys.Clear();

    /// <summary>The claims of a CI job, valid for five minutes around this instant.</summary>
    public JsonObject Claims(DateTimeOffset now) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = "slipway",
        ["sub"] = "repo:acme/shop:ref:refs/heads/main",
        ["repository"] = "acme/shop",
        ["ref"] = "refs/heads/main",
        ["ref_protected"] = true,
        ["run_number"] = 7,
        ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
        ["iat"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
    };

    public static JsonObject Head(string algorithm, string? key) => new() { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = key };

    public static string Signed(JsonObject claims, string algorithm = "RS256", string? key = "rsa-1") => Signed(Head(algorithm, key), claims.ToJsonString());

    public static string Signed(JsonObject head, string claims)
    {
        var content = $"{Text(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{Text(Encoding.UTF8.GetBytes(claims))}";
        var bytes = Encoding.ASCII.GetBytes(content);
        var signature = (string)head["alg"]! switch
        {
            "ES256" => Ec.SignData(bytes, HashAlgorithmName.SHA256),
            "PS256" => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "RS512" => Rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            _ => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{content}.{Text(signature)}";
    }

    /// <summary>HS256 with bytes that everybody knows.</summary>
    public static string SignedWith(byte[] secret, JsonObject head, JsonObject claims)
    {
        var content = $"{Text(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{Text(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{content}.{Text(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content)))}";
    }

    public static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static JsonObject EcKey(ECDsa key, string id)
    {
        var point = key.ExportParameters(false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = id, ["x"] = Text(point.X!), ["y"] = Text(point.Y!) };
    }

    private async Task ServeAsync(HttpContext http)
    {
        Requests.Enqueue(http.Request.Path);
        if (Paths.TryGetValue(http.Request.Path, out var answer))
        {
            await answer(http);
            return;
        }

        http.Response.StatusCode = Status ?? 200;
        if (Status is 302)
        {
            http.Response.Headers.Location = "/elsewhere";
        }

        await http.Response.WriteAsync(http.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => new JsonObject { ["issuer"] = Claimed.Issuer ?? Issuer, ["jwks_uri"] = Claimed.Keys ?? $"{Issuer}/keys" }.ToJsonString(),
            "/keys" => new JsonObject { ["keys"] = _keys.DeepClone() }.ToJsonString(),
            _ => "{}",
        });
    }
}
