using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Console;
using Slipway.Configuration;
using Slipway.Controller.Api;
using Slipway.Controller.Dashboard;
using Slipway.Controller.Endpoints;
using Slipway.Controller.Memory;
using Slipway.Controller.Options;
using Slipway.Controller.Webhooks;
using Slipway.Controller.Links;
using Slipway.Controller.Sessions;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Notifications;
using Slipway.Signatures;
using Slipway.Telemetry;
using Slipway.Telemetry.Exposition;
using Slipway.Webhooks.Receivers;

namespace Slipway.Controller;

/// <summary>The in-cluster process, put together: connection, election, controller and the few pages it serves.</summary>
public static class ControllerHost
{
    // A webhook that was let in is small; what trickles in for longer is an attack or a broken proxy.
    private static readonly TimeSpan SlowestHeaders = TimeSpan.FromSeconds(10);

    /// <summary>Runs until stopped; then passes under way are finished and the lease is given back.</summary>
    /// <exception cref="ConnectionException">There is no usable kubeconfig, and this is not a pod; or the address to listen at is taken.</exception>
    /// <exception cref="ConfigurationException">The configuration file cannot be used.</exception>
    public static async Task RunAsync(ControllerOptions options, CancellationToken stopping)
    {
        var configuration = options.Config is null ? SlipwayConfiguration.Empty : ConfigurationFile.Read(options.Config);
        var time = TimeProvider.System;
        using var metrics = new SlipwayMetrics();
        ProcessReadings.Show(metrics, Version);

        // The lease has a connection of its own: what blocks or floods the other must not cost the leadership.
        using var leaseConnection = Connect(options, metrics, []);
        var lease = new ObjectKey(options.LeaseNamespace ?? options.Namespace ?? leaseConnection.Namespace, options.LeaseName);
        using var election = new Election(lease, options.Shards, time);
        foreach (var shard in election.Shards)
        {
            shard.Tenure.OnChange(metrics.LeadershipChanged);
        }

        using var connection = Connect(options, metrics, election.Fences());
        var dashboard = FindDashboard(options);
        await using var app = Build(options, dashboard, metrics);
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        using var store = new MetricStore(metrics, logs.CreateLogger<MetricStore>());
        var terms = ApiOptions.Of(configuration.Api) with { Dashboard = dashboard is not null };
        var context = new ControllerContext(connection, options.Namespace, time, Draw, metrics, logs)
        {
            ImagePolicies = ImagePolicyConfiguration.Read(configuration.ImagePolicies),
            Concurrency = LimitsOf(configuration, options.Shards),
            Checks = configuration.Checks,
            Home = lease.Namespace,
            Links = LinksOf(configuration.Api, terms.Keys),
        };
        var registries = ConfiguredRegistries.Read(configuration, Environment.GetEnvironmentVariable) with { PlainHttp = options.PlainHttpRegistries, CacheDirectory = options.CacheDirectory };
        var deliveries = new DeliveryController(context, election.Shards, registries, options.Workers, options.Identity, logs.CreateLogger<DeliveryController>());
        var webhooks = new WebhookContext(hint => deliveries.Hint(hint.Repository, hint.Tag), time, metrics, logs);
        using var receivers = new WebhookReceivers(WebhookReceivers.WithDefault(ReceiverReader.Read(configuration.Receivers ?? []), options.WebhookToken), webhooks);

        // What people ask for over HTTP is their own request, and not the leader's: it goes around the fence.
        using var peoples = Connect(options, metrics, []);
        using var api = new ApiContext(deliveries, peoples, terms, time, logs);
        app.UseSecurityHeaders();
        var readiness = new Readiness(deliveries, election.Describe);
        readiness.Show(metrics);
        MapRoutes(app, readiness, store, receivers, api);
        if (dashboard is not null)
        {
            app.UseDashboardHeaders();
            app.MapDashboard(dashboard);
        }

        await ListenAsync(app, options.Listen, stopping);
        options.Listening?.Invoke(new Uri(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));

        // Whoever takes over starts at once, so the lease is given back only after the last pass has ended.
        using var giveBack = new CancellationTokenSource();
        var electing = ElectAsync(election, deliveries, leaseConnection, options.Identity, logs, giveBack.Token);
        var trimming = HeapTrim.OfThisProcess(time).RunAsync(stopping);
        await deliveries.RunAsync(stopping);
        await trimming;
        await giveBack.CancelAsync();
        await electing;
        await app.StopAsync(CancellationToken.None);
    }

    // Who stands while its caches are empty keeps one waiting whose caches are full.
    private static async Task ElectAsync(Election election, DeliveryController deliveries, ClusterConnection connection, string identity, ILoggerFactory logs, CancellationToken giveBack)
    {
        try
        {
            await deliveries.WaitUntilWarmAsync(giveBack);
        }
        catch (OperationCanceledException) when (giveBack.IsCancellationRequested)
        {
            return;
        }

        await election.RunAsync(connection, identity, Draw, logs, giveBack);
    }

    private static ConcurrencyLimits LimitsOf(SlipwayConfiguration configuration, int shards) =>
        configuration.Concurrency?.Limits is not { } limits ? new()
        : limits.Cluster < shards ? throw new ConfigurationException(
            $"concurrency.cluster is {limits.Cluster}, and there are {shards} shards, each with a part of it: some would have none; raise the limit, or lower --shards (SLIPWAY_SHARDS)")
        : limits;

    /// <summary>All that the process answers. What is neither health nor metrics asks who is there.</summary>
    internal static void MapRoutes(IEndpointRouteBuilder routes, Readiness readiness, MetricStore metrics, WebhookReceivers receivers, ApiContext api)
    {
        routes.MapHealth(readiness);
        routes.MapMetrics(metrics);
        routes.MapWebhooks(receivers);
        routes.MapApi(api);
    }

    // A link has to outlive the process that made it.
    private static PeoplesLinks? LinksOf(ApiConfiguration? api, SessionKeys keys) =>
        api is { PublicAddress: { } address, SessionKeyFile: not null } ? new PeoplesLinks(new Uri(address), bytes => keys.Seal(ApprovalEndpoints.Purpose, bytes)) : null;

    private static async Task ListenAsync(WebApplication app, string address, CancellationToken stopping)
    {
        try
        {
            await app.StartAsync(stopping);
        }
        catch (IOException e)
        {
            throw new ConnectionException($"cannot listen at {address}: {e.Message}; choose another address with --listen or SLIPWAY_LISTEN", e);
        }
    }

    private static ClusterConnection Connect(ControllerOptions options, SlipwayMetrics metrics, IReadOnlyList<DelegatingHandler> handlers) =>
        ClusterConnection.Open(new ConnectionOptions
        {
            Kubeconfig = options.Kubeconfig,
            Context = options.Context,
            Version = Version,
            Metrics = metrics,
            Handlers = handlers,
        });

    private static string Version => typeof(ControllerHost).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static DashboardFiles? FindDashboard(ControllerOptions options)
    {
        try
        {
            return DashboardFiles.Find(options.Dashboard);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new ConnectionException(e.Message, e);
        }
    }

    /// <summary>The web server tells of each request with its query, where somebody may have put a token.</summary>
    internal static void KeepStrangersQuiet(ILoggingBuilder logging) => logging.AddFilter("Microsoft", LogLevel.Warning);

    private static WebApplication Build(ControllerOptions options, DashboardFiles? dashboard, SlipwayMetrics metrics)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], WebRootPath = dashboard?.WebRoot });
        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = SlowestHeaders;
            kestrel.Limits.MaxConcurrentConnections = 1024;
        });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(options.Logs == LogFormat.Quiet ? LogLevel.Error : LogLevel.Information);
        KeepStrangersQuiet(builder.Logging);
        builder.Logging.AddProvider(new LogCounter(metrics));
        if (options.Logs == LogFormat.Json)
        {
            builder.Logging.AddJsonConsole(format => format.UseUtcTimestamp = true);
        }
        else
        {
            builder.Logging.AddSimpleConsole(format =>
            {
                (format.SingleLine, format.UseUtcTimestamp, format.ColorBehavior) = (true, true, LoggerColorBehavior.Disabled);
                format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            });
        }

        return builder.Build();
    }

    // Jitter, for any thread.
    private static double Draw() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
