using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Tests.Registry.Logins;

/// <summary>One request as a cloud's service got it.</summary>
internal sealed record Asked(string Method, string Host, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Empty where it was not sent.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public IReadOnlyDictionary<string, string> Form => Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1]));

    /// <summary>Signs it as AWS would, from what came over the wire and by another hand than the product's; null where that is what it says.</summary>
    public string? SignatureProblem(string secret, string region, string service)
    {
        var given = Header("Authorization");
        var names = given.Split("SignedHeaders=")[1].Split(',')[0];
        var lines = string.Concat(names.Split(';').Select(name => $"{name}:{(name == "host" ? Host : Header(name))}\n"));
        var time = Header("X-Amz-Date");
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        var canonical = string.Join('\n', Method, Path, Query.TrimStart('?'), lines, names, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Body))));
        var text = string.Join('\n', "AWS4-HMAC-SHA256", time, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = new[] { time[..8], region, service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        return given.EndsWith($"Signature={Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))}", StringComparison.Ordinal) && given.Contains($"/{scope},", StringComparison.Ordinal) ? null : given;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>A service of a cloud on loopback: it remembers what it was asked, and answers what a test says.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Status and body by what is asked; nothing means 404.</summary>
    public Func<Asked, (int Status, string Body)?> Answers { get; set; } = _ => null;

    public Uri Address => new(_app.Urls.First());

    public static async Task<StandIn> StartAsync()
    {
        var service = new StandIn();
        await service._app.StartAsync();
        return service;
    }

    /// <summary>"POST /a, GET /b", and forgotten.</summary>
    public string Drain()
    {
        var text = string.Join(", ", Requests.Select(asked => $"{asked.Method} {asked.Path}"));
        Requests.Clear();
        return text;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var asked = new Asked(http.Request.Method, http.Request.Host.Value!, http.Request.Path.Value!, http.Request.QueryString.Value!, headers, await reader.ReadToEndAsync());
        Requests.Enqueue(asked);
        var (status, body) = Answers(asked) ?? (404, "");
        http.Response.StatusCode = status;
        await http.Response.WriteAsync(body);
    }
}

/// <summary>Leads requests for hosts of the world to servers on loopback, under the names that they were for.</summary>
internal sealed class Rewired : DelegatingHandler
{
    private readonly Dictionary<string, Uri> _routes;

    public Rewired(Dictionary<string, Uri> routes)
    {
        _routes = routes;
        InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri!;
        if (_routes.TryGetValue(asked.Authority, out var target))
        {
            request.Headers.Host = asked.Authority;
            request.RequestUri = new Uri(target, asked.PathAndQuery);
        }
        else if (!asked.IsLoopback)
        {
            throw new HttpRequestException(HttpRequestError.NameResolutionError, string.Create(CultureInfo.InvariantCulture, $"no way to {asked.Authority}"));
        }

        return base.SendAsync(request, cancellationToken);
    }
}
