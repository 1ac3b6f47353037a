using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Sandbox.Workloads.Traffic;

/// <summary>A pod that a client may be led to.</summary>
/// <param name="Image">Of its first container.</param>
/// <param name="Answers">Whether its containers still run, so that a request to it is answered at all.</param>
public sealed record Backend(string Pod, string Uid, string Image, bool Answers, double ErrorRate);

/// <summary>What came of a request.</summary>
/// <param name="Backend">Null where there was nobody to lead it to.</param>
/// <param name="Failure">Null for a good answer.</param>
/// <param name="IsError">An answer of the pod itself that says that it failed; other failures are of the way there.</param>
public sealed record Reply(Backend? Backend, string? Failure, bool IsError = false)
{
    /// <summary>No answer at all: what a rollout must never cause.</summary>
    public bool IsDropped => Failure is not null && !IsError;
}

/// <summary>
/// The traffic of the cluster, as its data plane would lead it at this moment: kube-proxy by the EndpointSlices, a gateway by the HTTPRoutes.
/// Nothing is sent; a test asks who would answer, and counts.
/// </summary>
/// <remarks>Both planes hear of changes late, by a lag that the test sets; within it they lead traffic as before.</remarks>
public sealed class SandboxTraffic
{
    private static readonly GroupResource Services = Known.Services;

    private readonly Lock _gate = new();
    private readonly ObjectStore _store;
    private readonly Dictionary<(string Namespace, string Service), Lagged<ImmutableSortedDictionary<string, ImmutableArray<Endpoint>>>> _proxies = [];
    private readonly Dictionary<ObjectKey, Lagged<JsonObject?>> _routes = [];

    internal SandboxTraffic(ObjectStore store) => _store = store;

    private sealed record Endpoint(string Pod, string Uid, bool Ready, bool Serving);

    /// <summary>From the write of an EndpointSlice until the proxies lead traffic by it.</summary>
    public TimeSpan ProxyLag { get; set; }

    /// <summary>From the write of an HTTPRoute until the gateway leads traffic by it.</summary>
    public TimeSpan RouteLag { get; set; }

    /// <summary>From the write of an HTTPRoute until its status says so. One shorter than <see cref="RouteLag"/> says it too early, as some gateways do.</summary>
    public TimeSpan StatusLag { get; set; }

    /// <summary>Why the gateway does not accept a route (the reason of its condition); null where it does.</summary>
    public Func<JsonObject, string?> Refusal { get; set; } = _ => null;

    private DateTimeOffset Now => _store.Time.GetUtcNow();

    /// <summary>Those that a client of the Service may be led to now. Where none is ready, those that are ending and still serve.</summary>
    public ImmutableArray<Backend> Backends(string ns, string service)
    {
        ImmutableArray<Endpoint> known;
        lock (_gate)
        {
            known = _proxies.TryGetValue((ns, service), out var slices) ? [.. slices.At(Now - ProxyLag).Values.SelectMany(endpoints => endpoints)] : [];
        }

        var ready = known.Where(endpoint => endpoint.Ready).ToArray();
        return [.. (ready.Length > 0 ? ready : known.Where(endpoint => endpoint.Serving)).Select(endpoint => Look(ns, endpoint))];
    }

    /// <summary>One request to a Service.</summary>
    /// <param name="dice">Numbers from 0 to 1, of which this takes one to choose the pod and one for its errors.</param>
    public Reply Send(string ns, string service, Func<double> dice)
    {
        var backends = Backends(ns, service);
        if (backends.IsEmpty)
        {
            return new Reply(null, $"service {ns}/{service} has no endpoints");
        }

        var backend = backends[Math.Min((int)(dice() * backends.Length), backends.Length - 1)];
        return !backend.Answers ? new Reply(backend, $"pod {backend.Pod} runs no more")
            : dice() < backend.ErrorRate ? new Reply(backend, $"pod {backend.Pod} answered with an error", IsError: true)
            : new Reply(backend, null);
    }

    /// <summary>One request through the gateway.</summary>
    public Reply Send(string ns, string route, RouteRequest request, Func<double> dice)
    {
        if (Programmed(ns, route) is not { } programmed || RouteRules.For(programmed, request) is not { } rule)
        {
            return new Reply(null, $"no rule of HTTPRoute {ns}/{route} takes the request");
        }

        return RouteRules.Choose(rule, dice()) is not { } service
            ? new Reply(null, $"no backend of HTTPRoute {ns}/{route} has a weight")
            : _store.Find(Services, ns, service) is null
                ? new Reply(null, $"service {ns}/{service} is not there")
                : Send(ns, service, dice);
    }

    /// <summary>The weights that a rule of a route has in the data plane now; one that is not written is 1 (Gateway API, BackendRef).</summary>
    public ImmutableArray<(string Service, long Weight)> Weights(string ns, string route, int rule = 0) =>
        Programmed(ns, route)?.Objects("spec", "rules").ElementAtOrDefault(rule) is { } found ? RouteRules.Weights(found) : [];

    internal void Notice(WatchEvent change)
    {
        if (change.Key.Resource != Known.EndpointSlices || change.Value.Label("kubernetes.io/service-name") is not { } service)
        {
            return;
        }

        lock (_gate)
        {
            var key = (change.Key.Namespace, service);
            if (!_proxies.TryGetValue(key, out var slices))
            {
                _proxies[key] = slices = new(ImmutableSortedDictionary<string, ImmutableArray<Endpoint>>.Empty);
            }

            slices.Set(Now, ProxyLag, change.Type is WatchEventType.Deleted
                ? slices.Latest.Remove(change.Key.Name)
                : slices.Latest.SetItem(change.Key.Name, [.. change.Value.Objects("endpoints").Select(Read)]));
        }
    }

    /// <summary>Hands a route to the data plane, or takes it from it.</summary>
    internal void Program(ObjectKey key, JsonObject? route)
    {
        lock (_gate)
        {
            if (!_routes.TryGetValue(key, out var versions))
            {
                _routes[key] = versions = new(null);
            }

            versions.Set(Now, RouteLag, route);
        }
    }

    private JsonObject? Programmed(string ns, string route)
    {
        lock (_gate)
        {
            return _routes.TryGetValue(new(GatewayController.Routes, ns, route), out var versions) ? versions.At(Now - RouteLag) : null;
        }
    }

    // A condition that is absent is to be read as ready and not as terminating (EndpointConditions).
    private static Endpoint Read(JsonObject endpoint) => new(
        endpoint.Text("targetRef", "name"),
        endpoint.Text("targetRef", "uid"),
        endpoint.Field("conditions", "ready") is null || endpoint.Flag("conditions", "ready"),
        endpoint.Flag("conditions", "serving"));

    private Backend Look(string ns, Endpoint endpoint)
    {
        var pod = _store.Find(Known.Pods, ns, endpoint.Pod) is { } found && found.Uid() == endpoint.Uid ? found : [];
        var answers = pod.Objects("status", "containerStatuses").FirstOrDefault()?.Section("state", "running") is not null;
        var rate = double.TryParse(pod.Annotation(ImageBehaviour.ErrorRateLabel), NumberStyles.Float, CultureInfo.InvariantCulture, out var told) ? told : 0;
        return new Backend(endpoint.Pod, endpoint.Uid, pod.Objects("spec", "containers").FirstOrDefault()?.Text("image") ?? "", answers, rate);
    }
}
