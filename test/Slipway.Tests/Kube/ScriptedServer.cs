using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Kube;

public sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, string? ContentType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public bool IsWatch => Query.ContainsKey("watch");
}

/// <summary>An HTTP server that answers as the test says, in good and in bad ways, and remembers what it was asked.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _closing = new();

    private int _inFlight;

    private ScriptedServer(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>Ends answers that are held open, when the test is over.</summary>
    public CancellationToken Closing => _closing.Token;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, SeenRequest, Task> answer, Action<IWebHostBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (configure is null)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            configure(builder.WebHost);
        }

        var server = new ScriptedServer(builder.Build());
        server._app.Run(async context => await answer(context, await server.RememberAsync(context)));
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    /// <summary>A connection whose virtual clock, if it has one, waits for answers.</summary>
    public ClusterConnection Connect(ConnectionOptions? options = null)
    {
        options ??= new ConnectionOptions { Version = "test" };
        if (options.Time is VirtualTime time)
        {
            time.Busy = () => Volatile.Read(ref _inFlight) > 0;
            options = options with { Handlers = [.. options.Handlers, new InFlight(this)] };
        }

        return ClusterConnection.To(Address, options);
    }

    public Task HasAsync(int requests) => Eventually.TrueAsync(() => Requests.Count >= requests, $"{requests} requests");

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    /// <summary>Requests whose answer has not begun.</summary>
    private sealed class InFlight(ScriptedServer server) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref server._inFlight);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref server._inFlight);
            }
        }
    }

    private async Task<SeenRequest> RememberAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var seen = new SeenRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            context.Request.ContentType,
            await reader.ReadToEndAsync(),
            context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        Requests.Enqueue(seen);
        return seen;
    }
}
