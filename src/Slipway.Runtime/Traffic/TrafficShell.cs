using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Slipway.Controllers;
using Slipway.Rollouts;

namespace Slipway.Traffic;

/// <summary>All that sees and writes what is beside workloads, put together.</summary>
public sealed record TrafficShell(SideObserver Observer, SideApplier Applier)
{
    public static TrafficShell For(ClusterView cluster, SideInterest interest, ControllerContext context)
    {
        var (view, troubles, logs) = (cluster.Traffic, new TrafficTroubles(), context.Logs);
        var live = new LiveSide(cluster.PodClient, view, context.Time);
        var services = new SideServices(view, logs.CreateLogger<SideServices>());
        var routers = new Dictionary<RouterKind, IRouter>
        {
            [RouterKind.Selector] = new SelectorRouter(view, services, live, logs.CreateLogger<SelectorRouter>()),
            [RouterKind.HttpRoute] = new RouteRouter(RouteDialect.HttpRoute, view, services, live, logs.CreateLogger<RouteRouter>()),
            [RouterKind.TraefikService] = new RouteRouter(RouteDialect.TraefikService, view, services, live, logs.CreateLogger<RouteRouter>()),
            [RouterKind.Ingress] = new IngressRouter(view, services, live, logs.CreateLogger<IngressRouter>()),
        }.ToFrozenDictionary();
        var places = new SidePlaces(view, routers);
        var gates = new ServingGates(cluster, live, logs.CreateLogger<ServingGates>());
        return new(
            new SideObserver(cluster, places, new Preflight(places, live, cluster, context.Time), interest, troubles, live),
            new SideApplier(cluster, places, services, gates, live, troubles, logs.CreateLogger<SideApplier>()));
    }
}
