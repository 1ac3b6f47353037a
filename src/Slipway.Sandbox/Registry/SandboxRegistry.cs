using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Slipway.Sandbox.Registry;

/// <summary>
/// An OCI registry on loopback that keeps everything in memory: the OCI distribution spec 1.1, with the manners of docker-registry where the
/// spec leaves a choice. It does what its options, its faults and its clients tell it, and nothing by itself.
/// </summary>
public sealed class SandboxRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxRegistryOptions _options;
    private readonly RegistryPipeline _pipeline;
    private readonly CancellationTokenSource _stopping = new();

    private SandboxRegistry(SandboxRegistryOptions options)
    {
        _options = options;
        _pipeline = new RegistryPipeline(Content, options);
        Notifiers = [.. options.Notifications.Select(endpoint => new RegistryNotifier(endpoint, options.Time))];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Limits.MaxRequestBodySize = options.MaxBlobBytes;
            kestrel.AddServerHeader = false;
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Host and port, as an image reference begins: <c>127.0.0.1:41234</c>.</summary>
    public string Address { get; private set; } = "";

    public Uri Url => new($"http://{Address}");

    public RegistryContent Content { get; } = new();

    public RegistryFaults Faults { get; } = new();

    public RequestLog Log { get; } = new();

    /// <summary>In the order of <see cref="SandboxRegistryOptions.Notifications"/>; those that came later behind them.</summary>
    public ImmutableArray<RegistryNotifier> Notifiers { get; private set; }

    public static async Task<SandboxRegistry> StartAsync(SandboxRegistryOptions? options = null, CancellationToken cancellationToken = default)
    {
        var registry = new SandboxRegistry(options ?? new SandboxRegistryOptions());
        await registry._app.StartAsync(cancellationToken);
        registry.Address = new Uri(registry._app.Urls.Single()).Authority;
        return registry;
    }

    /// <summary>From now on this endpoint is told, too: who listens may be known only after the registry has started.</summary>
    public void Notify(NotificationEndpoint endpoint) => Notifiers = Notifiers.Add(new RegistryNotifier(endpoint, _options.Time));

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        // Requests that stall on purpose would hold the server open for half a minute.
        await _stopping.CancelAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        foreach (var notifier in Notifiers)
        {
            await notifier.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        RegistryRequest? request = null;
        try
        {
            request = await ReadAsync(http, ending.Token);
            await ServeAsync(http, request, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            if (request is not null)
            {
                Log.Add(new LoggedRequest(request, 0, _options.Time.GetUtcNow()));
            }

            http.Abort();
        }
    }

    private async Task ServeAsync(HttpContext http, RegistryRequest request, CancellationToken cancellationToken)
    {
        var fault = Faults.Next(request);
        switch (fault)
        {
            case RegistryFault.Stalling:
                await Task.Delay(Timeout.InfiniteTimeSpan, _options.Time, cancellationToken);
                break;
            case RegistryFault.Slow slow:
                await Task.Delay(slow.By, _options.Time, cancellationToken);
                break;
        }

        var (answer, user) = FaultEffects.Before(fault, request, () => _pipeline.Challenge(request)) is { } wrong ? (wrong, "") : _pipeline.Answer(request);
        answer = FaultEffects.After(fault, request, answer);
        Log.Add(new LoggedRequest(request, answer.Status, _options.Time.GetUtcNow()));
        foreach (var notifier in Notifiers)
        {
            notifier.Tell(request, user, answer.Events);
        }

        await WriteAsync(http, request, answer, truncated: fault is RegistryFault.TruncatedBody, cancellationToken);
    }

    private static async Task<RegistryRequest> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellationToken);
        var path = http.Request.Path.Value ?? "";
        return new RegistryRequest(http.Request.Method, RegistryRoute.Parse(path), path)
        {
            Host = http.Request.Host.Value ?? "",
            Query = [.. http.Request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")))],
            Headers = RegistryRequest.NoHeaders.AddRange(http.Request.Headers.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))),
            Body = body.ToArray(),
            Client = $"{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}",
        };
    }

    private static async Task WriteAsync(HttpContext http, RegistryRequest request, RegistryAnswer answer, bool truncated, CancellationToken cancellationToken)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Status is 204 or 304)
        {
            return;
        }

        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        if (request.Method == "HEAD")
        {
            return;
        }

        await response.Body.WriteAsync(truncated ? answer.Body[..(answer.Body.Length / 2)] : answer.Body, cancellationToken);
        if (truncated)
        {
            await response.Body.FlushAsync(cancellationToken);
            http.Abort();
        }
    }
}
