using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Queue;

namespace Slipway.Traffic;

/// <summary>
/// What is followed of Services, endpoints and routers: only for Deliveries that have something beside their workload, and only as long.
/// Services are followed by namespace, endpoints by Service, and of routers the one object that is named.
/// </summary>
public sealed class TrafficView : IAsyncDisposable
{
    // As pods: the next step finds them followed still, and an idle minute has no watch on them.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    // While something is listed for the first time.
    private static readonly TimeSpan Pending = TimeSpan.FromMilliseconds(250);

    private readonly ControllerContext _context;
    private readonly InformerPool<ServiceSnapshot> _services;
    private readonly InformerPool<EndpointSnapshot> _endpoints;
    private readonly InformerPool<JsonObject> _routes;
    private readonly ApiDiscovery _discovery;
    private readonly ConcurrentDictionary<string, ResourceType> _types = new();

    public TrafficView(ControllerContext context)
    {
        _context = context;
        _discovery = new(context.Connection);
        ServiceClient = Whole(ResourceTypes.Services);
        DeploymentClient = Whole(ResourceTypes.Deployments);
        _services = Pool<ServiceSnapshot>(key => Informer(new ResourceClient<ServiceSnapshot>(context.Connection, ResourceTypes.Services, TrafficReaders.Service), new ListScope(key.Split('/')[1]), key));
        _endpoints = Pool<EndpointSnapshot>(NewEndpointInformer);
        _routes = Pool<JsonObject>(key => key.Split('/') is [var kind, var ns, var name] ? Informer(Whole(_types[kind]), new ListScope(ns, FieldSelector: $"metadata.name={name}"), key) : throw new ArgumentException(key));
    }

    /// <summary>Called, with the key under which it is followed, after a change.</summary>
    public Action<string>? Changed { get; set; }

    /// <summary>Whole Services, as they are now.</summary>
    public ResourceClient<JsonObject> ServiceClient { get; }

    /// <summary>Whole Deployments, as they are now.</summary>
    public ResourceClient<JsonObject> DeploymentClient { get; }

    public static string ServicesKey(string ns) => $"Service/{ns}";

    public static string EndpointsKey(string ns, string service) => $"Endpoints/{ns}/{service}";

    public static string RouteKey(string kind, string ns, string name) => $"{kind}/{ns}/{name}";

    /// <summary>The Services of a namespace.</summary>
    /// <exception cref="NotReadyException">They are being listed.</exception>
    /// <exception cref="KubeException">They may not be read.</exception>
    public Informer<ServiceSnapshot> Services(string ns) => Listed(_services.For(ServicesKey(ns)), "Services");

    /// <summary>The pods that a Service's requests go to; null where that may not be read.</summary>
    /// <exception cref="NotReadyException">They are being listed.</exception>
    public ImmutableHashSet<string>? Endpoints(string ns, string service)
    {
        var informer = _endpoints.For(EndpointsKey(ns, service));
        return informer.HasSynced ? [.. informer.List().Where(slice => slice.Service == service).SelectMany(slice => slice.Ready)]
            : informer.Problem is not null ? null
            : throw new NotReadyException($"the endpoints of Service {ns}/{service} are not known yet", Pending);
    }

    /// <summary>How many pods a Service's requests go to, by the API server itself; null where that may not be read.</summary>
    public async Task<int?> LiveEndpointsAsync(string ns, string service, CancellationToken cancellationToken)
    {
        await EndpointTypeAsync(cancellationToken);
        var (client, scope) = EndpointsOf(EndpointsKey(ns, service));
        try
        {
            return (await client.ListAsync(scope, cancellationToken)).Items.Where(slice => slice.Value.Service == service).SelectMany(slice => slice.Value.Ready).Distinct().Count();
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            return null;
        }
    }

    /// <summary>One object; null where there is none.</summary>
    /// <exception cref="NotReadyException">It is being listed.</exception>
    /// <exception cref="KubeException">It may not be read.</exception>
    public async Task<JsonObject?> RouteAsync(string group, string kind, ObjectKey key, CancellationToken cancellationToken) =>
        await TypeAsync(group, kind, cancellationToken) is null ? null : Listed(_routes.For(RouteKey(kind, key.Namespace, key.Name)), kind).Get(key);

    /// <summary>Reads it at the API server; what is followed is no older from then on.</summary>
    public async Task RefreshAsync(string group, string kind, ObjectKey key, CancellationToken cancellationToken)
    {
        if (await ClientAsync(group, kind, cancellationToken) is { } client && await client.GetAsync(key, cancellationToken) is { } live)
        {
            Wrote(kind, live);
        }
    }

    /// <summary>Takes the answer to a write of one that is followed.</summary>
    public void Wrote(string kind, ResourceItem<JsonObject> item) => _routes.For(RouteKey(kind, item.Key.Namespace, item.Key.Name)).Wrote(item);

    /// <summary>Takes the answer to a write of a Service.</summary>
    public void Wrote(ResourceItem<JsonObject> service)
    {
        using var json = JsonDocument.Parse(service.Value.ToJsonString());
        _services.For(ServicesKey(service.Key.Namespace)).Wrote(new(service.Key, service.Uid, service.ResourceVersion, TrafficReaders.Service(json.RootElement)));
    }

    /// <summary>A client of whole objects; null where the server has no such kind.</summary>
    public async Task<ResourceClient<JsonObject>?> ClientAsync(string group, string kind, CancellationToken cancellationToken) =>
        await TypeAsync(group, kind, cancellationToken) is { } type ? Whole(type) : null;

    /// <summary>Which endpoints the server has is found out once: EndpointSlices, in whichever version, or else Endpoints.</summary>
    public async Task<ResourceType> EndpointTypeAsync(CancellationToken cancellationToken) =>
        _types.TryGetValue("EndpointSlice", out var known) ? known
            : await TypeAsync("discovery.k8s.io", "EndpointSlice", cancellationToken) ?? (_types["EndpointSlice"] = ResourceTypes.Endpoints);

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(_services.RunAsync(stopping), _endpoints.RunAsync(stopping), _routes.RunAsync(stopping));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _endpoints.DisposeAsync();
        await _routes.DisposeAsync();
        _discovery.Dispose();
    }

    private async Task<ResourceType?> TypeAsync(string group, string kind, CancellationToken cancellationToken)
    {
        if (!_types.TryGetValue(kind, out var type) && await _discovery.FindAsync(group, kind, cancellationToken) is { } found)
        {
            _types[kind] = type = found;
        }

        return type;
    }

    private ResourceClient<JsonObject> Whole(ResourceType type) => new(_context.Connection, type, json => JsonNode.Parse(json.GetRawText())!.AsObject());

    private Informer<EndpointSnapshot> NewEndpointInformer(string key)
    {
        var (client, scope) = EndpointsOf(key);
        return Informer(client, scope, key);
    }

    private (ResourceClient<EndpointSnapshot> Client, ListScope Scope) EndpointsOf(string key)
    {
        var (type, parts) = (_types["EndpointSlice"], key.Split('/'));
        return type == ResourceTypes.Endpoints
            ? (new(_context.Connection, type, TrafficReaders.Endpoints), new ListScope(parts[1], FieldSelector: $"metadata.name={parts[2]}"))
            : (new(_context.Connection, type, TrafficReaders.Slice), new ListScope(parts[1], LabelSelector: $"{TrafficReaders.ServiceLabel}={parts[2]}"));
    }

    private Informer<T> Informer<T>(ResourceClient<T> client, ListScope scope, string key)
        where T : class
    {
        var informer = new Informer<T>(client, scope, _context.Random, _context.Logs.CreateLogger<Informer<T>>());
        informer.OnChange(_ => Changed?.Invoke(key));
        return informer;
    }

    private InformerPool<T> Pool<T>(Func<string, Informer<T>> create)
        where T : class => new(create, Idle, _context.Time, _context.Logs.CreateLogger<InformerPool<T>>());

    private static Informer<T> Listed<T>(Informer<T> informer, string what)
        where T : class => informer.HasSynced ? informer
            : informer.Problem is { } problem ? throw new KubeException(problem) { Reason = informer.IsForbidden ? "Forbidden" : "", Code = informer.IsForbidden ? 403 : 0 }
            : throw new NotReadyException($"{what} are not known yet", Pending);
}
