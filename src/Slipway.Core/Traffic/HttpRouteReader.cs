using System.Text.Json.Nodes;

namespace Slipway.Traffic;

/// <summary>Reads what an HTTPRoute says of the two sides (Gateway API, HTTPRoute).</summary>
public static class HttpRouteReader
{
    public static RouteReading Read(JsonObject route, RoutePair pair)
    {
        var rules = Rules(route).ToArray();
        var weights = rules.Where(rule => Backend(rule, pair.Stable) is not null).Select(rule => Share(rule, pair)).ToArray();
        var record = RouteRecord.Of(route);
        var ours = rules.Any(rule => IsOurs(rule, pair) || Mirrors(rule, pair).Any());
        var touched = ours || rules.Any(rule => Backend(rule, pair.Canary) is not null) || (route["metadata"]?["annotations"] as JsonObject)?.ContainsKey(RouteRecord.Annotation) == true;
        var (acknowledged, problem) = Acknowledgement(route);
        problem ??= weights.Length == 0 ? $"no rule of it names Service {pair.Stable} any more" : null;

        // Rules of ours of which the record says nothing: some hand was there, and they are written anew.
        return new(weights.DefaultIfEmpty(0).Max(), ours ? record.Step ?? -1 : null, touched, acknowledged && problem is null, problem, rules.SelectMany(Backends).Where(IsService).Select(Name).ToHashSet());
    }

    internal static IEnumerable<JsonObject> Rules(JsonObject route) => (route["spec"]?["rules"] as JsonArray ?? []).OfType<JsonObject>();

    internal static IEnumerable<JsonObject> Backends(JsonObject rule) => (rule["backendRefs"] as JsonArray ?? []).OfType<JsonObject>();

    internal static JsonObject? Backend(JsonObject rule, string service) => Backends(rule).FirstOrDefault(backend => IsService(backend) && Name(backend) == service);

    /// <summary>Nothing but the canary is behind it: Slipway wrote it for a match.</summary>
    internal static bool IsOurs(JsonObject rule, RoutePair pair) => Backends(rule).Any() && Backends(rule).All(backend => IsService(backend) && Name(backend) == pair.Canary);

    internal static IEnumerable<JsonObject> Mirrors(JsonObject rule, RoutePair pair) =>
        (rule["filters"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(filter => filter["requestMirror"]?["backendRef"] is JsonObject backend && IsService(backend) && Name(backend) == pair.Canary);

    // Left out, a weight is 1: to read it as nothing would be to send requests unseen.
    internal static int Weight(JsonObject backend) => RouteRecord.Number(backend["weight"]) ?? 1;

    // Those of other namespaces are other Services.
    private static bool IsService(JsonObject backend) =>
        Text(backend["kind"]) is null or "Service" && Text(backend["group"]) is null && Text(backend["namespace"]) is null;

    private static string Name(JsonObject backend) => Text(backend["name"]) ?? "";

    private static int Share(JsonObject rule, RoutePair pair)
    {
        var (stable, canary) = (Backend(rule, pair.Stable), Backend(rule, pair.Canary));
        return canary is null ? 0 : Shares.Percent(Weight(stable!), Weight(canary));
    }

    /// <summary>
    /// Every parent has seen this generation, accepts it and finds its backends (Gateway API, RouteStatus: conditions Accepted and
    /// ResolvedRefs, observedGeneration). What a gateway does meanwhile may be any of what was written since.
    /// </summary>
    private static (bool Acknowledged, string? Problem) Acknowledgement(JsonObject route)
    {
        var generation = RouteRecord.Number(route["metadata"]?["generation"]) ?? 0;
        var parents = (route["status"]?["parents"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var wanted = (route["spec"]?["parentRefs"] as JsonArray ?? []).OfType<JsonObject>();
        if (wanted.Any(parent => !parents.Any(one => IsSame(parent, one["parentRef"]))))
        {
            return (false, null);
        }

        var acknowledged = parents.Length > 0;
        foreach (var parent in parents)
        {
            foreach (var type in (string[])["Accepted", "ResolvedRefs"])
            {
                var condition = (parent["conditions"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(one => Text(one["type"]) == type);
                if (condition is null || (RouteRecord.Number(condition["observedGeneration"]) ?? 0) < generation)
                {
                    acknowledged = false;
                }
                else if (Text(condition["status"]) != "True")
                {
                    return (false, $"Gateway {Text(parent["parentRef"]?["name"])} says {type} {Text(condition["status"])}: {Text(condition["reason"])}: {Workloads.BoundedText.Of(Text(condition["message"]))}");
                }
            }
        }

        return (acknowledged, null);
    }

    private static bool IsSame(JsonObject one, JsonNode? other) =>
        other is JsonObject ref2 && ((string[])["name", "namespace", "sectionName"]).All(field => Text(one[field]) is not { } said || said == (Text(ref2[field]) ?? said));

    internal static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
