using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Api;

namespace Slipway.Traffic;

/// <summary>
/// Writes the two weights of the rules that name the stable Service, and the rules and filters of ours beside them. All else in the
/// route stays as it is: other rules, other backends, filters, and fields that nobody here knows (I11).
/// </summary>
public static class HttpRouteEditor
{
    // Gateway API, HTTPRouteSpec: at most so many rules, and matches of one rule.
    private const int MostRules = 16;
    private const int MostMatches = 64;

    public static RouteEdit Edit(JsonObject route, RoutePair pair, RouteWish wish)
    {
        var before = RouteRecord.Of(route);
        var theirs = HttpRouteReader.Rules(route).Where(rule => !HttpRouteReader.IsOurs(rule, pair)).Select(rule => rule.DeepClone().AsObject()).ToArray();
        var (part, weights, found) = (new JsonArray(), new Dictionary<int, int?>(), false);
        foreach (var (index, rule) in theirs.Index())
        {
            if (HttpRouteReader.Backend(rule, pair.Stable) is { } stable)
            {
                found = true;
                var original = before.Weights.TryGetValue(index, out var kept) ? kept : RouteRecord.Number(stable["weight"]);
                weights[index] = original;
                if (Divide(rule, stable, pair, wish, before.Weights.ContainsKey(index), original) is { } refusal)
                {
                    return RouteEdit.Refused($"rule {index}: {refusal}");
                }

                SetMirror(rule, stable, pair, wish is { Restore: false, Rules.Mirror: true });
                if (wish is { Restore: false, Rules.Match: { Count: > 0 } matches })
                {
                    part.Add((JsonNode)Matching(rule, stable, pair, matches));
                }
            }

            part.Add((JsonNode)rule);
        }

        return !found ? wish.Restore ? new(part, null) : RouteEdit.Refused($"no rule of it names Service {pair.Stable}")
            : part.Count > MostRules ? RouteEdit.Refused($"with the rules for the matches it would have {part.Count}, and a route has {MostRules} at most")
            : part.OfType<JsonObject>().FirstOrDefault(rule => (rule["matches"] as JsonArray)?.Count > MostMatches) is not null
                ? RouteEdit.Refused($"a rule would have more than {MostMatches} matches")
            : new(part, wish.Restore ? null : new RouteRecord(weights, wish.Rules is null ? null : wish.Step).ToString());
    }

    /// <returns>Why not; null when it is done.</returns>
    private static string? Divide(JsonObject rule, JsonObject stable, RoutePair pair, RouteWish wish, bool recorded, int? original)
    {
        var backends = rule["backendRefs"]!.AsArray();
        var canary = HttpRouteReader.Backend(rule, pair.Canary);
        if (wish.Restore)
        {
            GiveBack(backends, stable, canary, recorded, original);
            return null;
        }

        var total = HttpRouteReader.Weight(stable) + (canary is null ? 0 : HttpRouteReader.Weight(canary));
        var others = HttpRouteReader.Backends(rule).Where(backend => backend != stable && backend != canary).Sum(HttpRouteReader.Weight);
        if (Shares.Divide(total, others == 0, wish.Weight) is not { } shares)
        {
            return $"Service {pair.Stable} has weight {total} beside {others} of others, of which {wish.Weight} % is no whole number; multiply all weights of the rule by 100";
        }

        if (canary is null)
        {
            canary = stable.DeepClone().AsObject();
            canary["name"] = pair.Canary;
            backends.Insert(backends.IndexOf(stable) + 1, canary);
        }

        Set(stable, shares.Stable);
        Set(canary, shares.Canary);
        return null;
    }

    private static void GiveBack(JsonArray backends, JsonObject stable, JsonObject? canary, bool recorded, int? original)
    {
        if (canary is null && !recorded)
        {
            return;
        }

        var total = HttpRouteReader.Weight(stable) + (canary is null ? 0 : HttpRouteReader.Weight(canary));
        if (canary is not null)
        {
            backends.Remove(canary);
        }

        if (recorded && original is null)
        {
            stable.Remove("weight");
        }
        else
        {
            Set(stable, original is { } known && recorded ? known : total);
        }
    }

    private static void SetMirror(JsonObject rule, JsonObject stable, RoutePair pair, bool mirror)
    {
        var there = HttpRouteReader.Mirrors(rule, pair).ToArray();
        if (mirror && there.Length == 0)
        {
            if (rule["filters"] is not JsonArray filters)
            {
                rule["filters"] = filters = [];
            }

            filters.Add((JsonNode)new JsonObject { ["type"] = "RequestMirror", ["requestMirror"] = new JsonObject { ["backendRef"] = Reference(stable, pair) } });
        }
        else if (!mirror && there.Length > 0)
        {
            var filters = rule["filters"]!.AsArray();
            foreach (var filter in there)
            {
                filters.Remove(filter);
            }

            if (filters.Count == 0)
            {
                rule.Remove("filters");
            }
        }
    }

    /// <summary>The rule again, for requests that match what the step says too, and with the canary alone behind it. The more exact match wins (HTTPRouteRule, matches).</summary>
    private static JsonObject Matching(JsonObject rule, JsonObject stable, RoutePair pair, IReadOnlyList<RequestMatch> matches)
    {
        var ours = rule.DeepClone().AsObject();

        // Names of rules are their own, and where they cannot be written they are no help.
        ours.Remove("name");
        SetMirror(ours, stable, pair, mirror: false);
        var backend = stable.DeepClone().AsObject();
        backend["name"] = pair.Canary;
        Set(backend, 1);
        ours["backendRefs"] = new JsonArray(backend);
        var theirs = rule["matches"] is JsonArray { Count: > 0 } written ? written.OfType<JsonObject>()
            : [new JsonObject { ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = "/" } }];
        ours["matches"] = new JsonArray([.. theirs.SelectMany(_ => matches, (match, added) => (JsonNode)With(match, added))]);
        return ours;
    }

    private static JsonObject With(JsonObject match, RequestMatch added)
    {
        var both = match.DeepClone().AsObject();
        if (both["headers"] is not JsonArray headers)
        {
            both["headers"] = headers = [];
        }

        headers.Add((JsonNode)(added.Header is { } header
            ? new JsonObject { ["type"] = "Exact", ["name"] = header.Name, ["value"] = header.Value ?? "" }
            : new JsonObject { ["type"] = "RegularExpression", ["name"] = "Cookie", ["value"] = $"(^|.*;\\s*){Regex.Escape(added.Cookie!.Name!)}={Regex.Escape(added.Cookie.Value ?? "")}(;.*|$)" }));
        return both;
    }

    private static JsonObject Reference(JsonObject stable, RoutePair pair)
    {
        var backend = new JsonObject();
        foreach (var field in (string[])["group", "kind"])
        {
            if (stable[field] is { } value)
            {
                backend[field] = value.DeepClone();
            }
        }

        backend["name"] = pair.Canary;
        backend["port"] = stable["port"]?.DeepClone();
        return backend;
    }

    // What says the same is left as it is written.
    private static void Set(JsonObject backend, int weight)
    {
        if (RouteRecord.Number(backend["weight"]) != weight)
        {
            backend["weight"] = weight;
        }
    }
}
