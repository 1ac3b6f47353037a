using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Browser.Harness;

/// <summary>
/// What answers each instant query as Prometheus does (Prometheus, "HTTP API", Instant queries): of the pods beside the stable ones what the test
/// says, of all others always the same.
/// </summary>
internal sealed class Gauge : IAsyncDisposable
{
    private const double OfStable = 0.0018;

    private readonly WebApplication _app;

    private Gauge(WebApplication app) => _app = app;

    /// <summary>Of the new version's pods. Read by the server's threads.</summary>
    public double OfCanary
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    public string Address => _app.Urls.First();

    public static async Task<Gauge> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gauge = new Gauge(builder.Build());
        gauge._app.MapFallback(async context =>
        {
            var query = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync())["query"] : context.Request.Query["query"];
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Answer($"{query}".Contains("canary", StringComparison.Ordinal) ? gauge.OfCanary : OfStable));
        });
        await gauge._app.StartAsync();
        return gauge;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Answer(double value) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0}},"{{value}}"]}]} }""");
}
