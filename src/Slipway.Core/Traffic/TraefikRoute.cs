using System.Text.Json.Nodes;

namespace Slipway.Traffic;

/// <summary>
/// The weighted form of a TraefikService (Traefik documentation, Kubernetes IngressRoute, TraefikService: <c>spec.weighted.services</c>). It has
/// no status: what is written counts as acknowledged, and the settle time has to do.
/// </summary>
public static class TraefikRoute
{
    public static RouteReading Read(JsonObject route, RoutePair pair)
    {
        var (stable, canary) = (Find(route, pair.Stable), Find(route, pair.Canary));
        var touched = canary is not null || (route["metadata"]?["annotations"] as JsonObject)?.ContainsKey(RouteRecord.Annotation) == true;
        var problem = stable is null ? $"its spec.weighted.services do not name Service {pair.Stable}" : null;
        var weight = canary is null ? 0 : Shares.Percent(stable is null ? 0 : HttpRouteReader.Weight(stable), HttpRouteReader.Weight(canary));
        return new(weight, null, touched, problem is null, problem, Services(route).Select(Name).ToHashSet());
    }

    public static RouteEdit Edit(JsonObject route, RoutePair pair, RouteWish wish)
    {
        var part = new JsonArray([.. Services(route).Select(service => service.DeepClone())]);
        var stable = part.OfType<JsonObject>().FirstOrDefault(service => IsOne(service, pair.Stable));
        var canary = part.OfType<JsonObject>().FirstOrDefault(service => IsOne(service, pair.Canary));
        var before = RouteRecord.Of(route);
        if (wish.Restore)
        {
            return new(Restored(part, stable, canary, before), null);
        }

        if (stable is null)
        {
            return RouteEdit.Refused($"its spec.weighted.services do not name Service {pair.Stable}");
        }

        if (wish.Rules is not null)
        {
            return RouteEdit.Refused("a TraefikService knows no matches and no mirror beside weights; use an HTTPRoute");
        }

        var original = before.Weights.TryGetValue(0, out var kept) ? kept : RouteRecord.Number(stable["weight"]);
        var total = HttpRouteReader.Weight(stable) + (canary is null ? 0 : HttpRouteReader.Weight(canary));
        var others = part.OfType<JsonObject>().Where(service => service != stable && service != canary).Sum(HttpRouteReader.Weight);
        if (Shares.Divide(total, others == 0, wish.Weight) is not { } shares)
        {
            return RouteEdit.Refused($"Service {pair.Stable} has weight {total} beside {others} of others, of which {wish.Weight} % is no whole number; multiply all weights by 100");
        }

        if (canary is null)
        {
            canary = stable.DeepClone().AsObject();
            canary["name"] = pair.Canary;
            part.Insert(part.IndexOf(stable) + 1, canary);
        }

        (stable["weight"], canary["weight"]) = (shares.Stable, shares.Canary);
        return new(part, new RouteRecord(new Dictionary<int, int?> { [0] = original }, null).ToString());
    }

    private static JsonArray Restored(JsonArray part, JsonObject? stable, JsonObject? canary, RouteRecord before)
    {
        var total = (stable is null ? 0 : HttpRouteReader.Weight(stable)) + (canary is null ? 0 : HttpRouteReader.Weight(canary));
        if (canary is not null)
        {
            part.Remove(canary);
        }

        if (stable is not null && before.Weights.TryGetValue(0, out var original) && original is null)
        {
            stable.Remove("weight");
        }
        else if (stable is not null && (canary is not null || before.Weights.ContainsKey(0)))
        {
            stable["weight"] = before.Weights.GetValueOrDefault(0) ?? total;
        }

        return part;
    }

    private static IEnumerable<JsonObject> Services(JsonObject route) => (route["spec"]?["weighted"]?["services"] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonObject? Find(JsonObject route, string service) => Services(route).FirstOrDefault(one => IsOne(one, service));

    private static bool IsOne(JsonObject service, string name) =>
        HttpRouteReader.Text(service["kind"]) is null or "Service" && HttpRouteReader.Text(service["namespace"]) is null && Name(service) == name;

    private static string Name(JsonObject service) => HttpRouteReader.Text(service["name"]) ?? "";
}
