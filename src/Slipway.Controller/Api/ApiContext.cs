using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Configuration;
using Slipway.Controller.Access;
using Slipway.Controller.Events;
using Slipway.Controller.Sessions;
using Slipway.Controllers;
using Slipway.Kube;

namespace Slipway.Controller.Api;

/// <summary>The section <c>api:</c> of the configuration file.</summary>
internal sealed record ApiOptions
{
    public static ApiOptions Of(ApiConfiguration? api) => new() { Audiences = [.. api?.Audiences ?? []], Keys = SessionKeys.Read(api?.SessionKeyFile), Login = LoginTerms.Of(api) };

    /// <summary>For whom a token must be; none: the API server's own audience.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    public RateTerms Rate { get; init; } = new();

    /// <summary>How often one address may try to sign in. Behind a proxy many people have the same.</summary>
    public RateTerms SignIns { get; init; } = new(Burst: 30, PerSecond: 2);

    /// <summary>How browsers log in at an issuer; null: they cannot.</summary>
    public LoginTerms? Login { get; init; }

    /// <summary>For what is sealed: sessions, and links in messages.</summary>
    public SessionKeys Keys { get; init; } = SessionKeys.Read(null);

    public StreamTerms Streams { get; init; } = new();

    /// <summary>Whether this process serves the dashboard.</summary>
    public bool Dashboard { get; init; }
}

/// <summary>All that the API is made with.</summary>
/// <param name="deliveries">Whose caches are served: those of this process, whether it leads or not.</param>
/// <param name="connection">A request is its caller's, and so does not pass the leader's fence.</param>
internal sealed class ApiContext(DeliveryController deliveries, ClusterConnection connection, ApiOptions options, TimeProvider time, ILoggerFactory logs) : IDisposable
{
    public ClusterView? Cluster => deliveries.Cluster;

    public ResourceClient<Delivery> Deliveries { get; } = new(connection, ResourceTypes.Deliveries, ApiJson.Default.Delivery);

    public ResourceClient<Release> Releases { get; } = new(connection, ResourceTypes.Releases, ApiJson.Default.Release);

    public AccessControl Access { get; } = new(new ClusterReviews(connection), options.Audiences, time, logs.CreateLogger<AccessControl>());

    public RateLimits Rates { get; } = new(options.Rate);

    public RateLimits SignIns { get; } = new(options.SignIns);

    public SessionKeys Keys { get; } = options.Keys;

    public SessionCookies Cookies { get; } = new(options.Keys, time);

    public OidcLogin? Login { get; } = options.Login is { } terms ? new OidcLogin(terms, time) : null;

    /// <summary>Of signing in, for those who have not.</summary>
    public ImmutableArray<string> Ways { get; } = options.Login is null ? ["token"] : ["token", "oidc"];

    /// <summary>Whether there is a dashboard to send people to.</summary>
    public bool HasDashboard { get; } = options.Dashboard;

    public RowBoard Board { get; } = RowBoard.Following(deliveries);

    public StreamSeats Seats { get; } = new(options.Streams);

    public StreamTerms Streams { get; } = options.Streams;

    public TimeProvider Time { get; } = time;

    public ILoggerFactory Logs { get; } = logs;

    public void Dispose()
    {
        Access.Dispose();
        Rates.Dispose();
        SignIns.Dispose();
        Login?.Dispose();
    }
}
