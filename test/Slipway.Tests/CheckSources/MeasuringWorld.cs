using Microsoft.AspNetCore.Http;
using Slipway.Checks;
using Slipway.CheckSources;
using Slipway.Kube;
using Slipway.Tests.Kube;

namespace Slipway.Tests.CheckSources;

/// <summary>A small HTTP server for a source, and what measures by it. There is no API server; where one is needed, a test brings its own.</summary>
internal sealed class MeasuringWorld : IAsyncDisposable
{
    private readonly ClusterConnection _nobody = ClusterConnection.To(new Uri("http://127.0.0.1:1"));

    private MeasuringWorld(ScriptedServer server) => Server = server;

    public ScriptedServer Server { get; }

    public string Address => Server.Address.AbsoluteUri.TrimEnd('/');

    public static async Task<MeasuringWorld> AnsweringAsync(string body, int status = 200) => await StartAsync((context, _) => AnswerAsync(context, body, status));

    public static async Task<MeasuringWorld> StartAsync(Func<HttpContext, SeenRequest, Task> answer) => new(await ScriptedServer.StartAsync(answer));

    public static async Task AnswerAsync(HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    public static MeasureWish Wish(CheckSource source, string? pass = null, CheckPlan? plan = null) => new(
        (plan ?? new CheckPlan { Name = "errors" }) with { Source = source, Pass = pass ?? plan?.Pass },
        0,
        0,
        DateTimeOffset.UnixEpoch,
        new MeasureContext("default", "shop", "uid-1", "shop-7", "shop", "shop-canary", "1.2", "sha256:aa", "1.1", "sha256:bb"));

    public async Task<Measurement> MeasureAsync(MeasureWish wish, CheckConfiguration? configuration = null, ClusterConnection? cluster = null)
    {
        using var measuring = new Measuring(cluster ?? _nobody, configuration ?? new CheckConfiguration { AllowedHosts = [Server.Address.Authority] }, TimeProvider.System);
        return await measuring.MeasureAsync(wish, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _nobody.Dispose();
        await Server.DisposeAsync();
    }
}
