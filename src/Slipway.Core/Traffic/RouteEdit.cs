using System.Text.Json.Nodes;
using Slipway.Rollouts;

namespace Slipway.Traffic;

/// <summary>The two Services between which a route divides.</summary>
/// <param name="Canary">Made by Slipway: whatever names it in a route, Slipway has written.</param>
public sealed record RoutePair(string Stable, string Canary);

/// <summary>How a route is to divide.</summary>
/// <param name="Weight">Of the canary, in percent.</param>
/// <param name="Rules">The step whose matches and mirror hold, with its index; null: none.</param>
/// <param name="Restore">Nothing of ours stays.</param>
public sealed record RouteWish(int Weight, PlanStep? Rules = null, int? Step = null, bool Restore = false)
{
    public static RouteWish Of(TrafficWish wish) => new(wish.Weight, wish.Rules, wish.RulesStep, wish.Restore);

    /// <summary>Whether any request is to reach the canary.</summary>
    public bool Exposes => Weight > 0 || Rules is not null;
}

/// <summary>The part of a route in which backends are named, as it is to be.</summary>
/// <param name="Record">What is kept on the route to give it back as it was; null: nothing.</param>
/// <param name="Problem">Why it cannot be made so; then the rest means nothing.</param>
public sealed record RouteEdit(JsonArray Part, string? Record, string? Problem = null)
{
    public static RouteEdit Refused(string problem) => new([], null, problem);
}

/// <summary>What a route says.</summary>
/// <param name="Weight">Of the canary, in percent; the largest where rules differ, because requests of any of them may come.</param>
/// <param name="Services">All Services that it names.</param>
public sealed record RouteReading(int Weight, int? Step, bool Touched, bool Acknowledged, string? Problem, IReadOnlySet<string> Services);

/// <summary>One kind of route: how it is read and edited. Both are functions of the object alone.</summary>
/// <param name="Part">Where in the object its backends are.</param>
public sealed record RouteDialect(
    RouterKind Router, string Group, string Kind, IReadOnlyList<string> Part, Func<JsonObject, RoutePair, RouteReading> Read, Func<JsonObject, RoutePair, RouteWish, RouteEdit> Edit)
{
    public static readonly RouteDialect HttpRoute = new(RouterKind.HttpRoute, "gateway.networking.k8s.io", "HTTPRoute", ["spec", "rules"], HttpRouteReader.Read, HttpRouteEditor.Edit);

    public static readonly RouteDialect TraefikService = new(RouterKind.TraefikService, "traefik.io", "TraefikService", ["spec", "weighted", "services"], TraefikRoute.Read, TraefikRoute.Edit);

    public static RouteDialect? Of(RouterKind router) => router switch
    {
        RouterKind.HttpRoute => HttpRoute,
        RouterKind.TraefikService => TraefikService,
        _ => null,
    };
}
