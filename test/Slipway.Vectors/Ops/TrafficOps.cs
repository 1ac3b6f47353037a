using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Rollouts;
using Slipway.Traffic;

namespace Slipway.Vectors.Ops;

/// <summary>Weights of routes, and the pods that a weight takes.</summary>
internal static class TrafficOps
{
    private static readonly RoutePair Pair = new("stable", "canary");

    public static JsonObject WeightToReplicas(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        return new() { [VectorCase.Answer] = Capacity.Pods(Long(input, "weight"), Long(input, "maxWeight"), (int)Long(input, "replicas")) };
    }

    public static JsonObject MayShift(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        return new() { ["mayShift"] = Capacity.Bears((int)Long(input, "available"), Long(input, "weight"), Long(input, "maxWeight"), (int)Long(input, "replicas")) };
    }

    /// <summary>The cases of one file, told apart by what they give.</summary>
    public static JsonObject Route(VectorCase one)
    {
        var input = one.Body.GetProperty("input");
        if (input.TryGetProperty("find", out _))
        {
            var rules = Rules(input)["spec"]!["rules"]!.AsArray();
            return new() { ["ruleIndex"] = rules.IndexOf(rules.First(rule => rule!["backendRefs"]!.AsArray().Any(backend => (string?)backend!["name"] == Pair.Stable) && !IsRefused(rule))) };
        }

        return input.TryGetProperty("setCanaryWeight", out var weight) ? Weighted(Rules(input), weight.GetInt32())
            : input.TryGetProperty("phase", out _) ? Unchanged()
            : Mirrored(input.GetProperty("mirror").GetBoolean(), (int)Long(input, "canary"));
    }

    private static JsonObject Weighted(JsonObject route, int weight)
    {
        var edit = HttpRouteEditor.Edit(route, Pair, new(weight));
        return edit.Problem is null ? new() { ["rules"] = edit.Part.DeepClone() } : new() { ["error"] = true };
    }

    private static JsonObject Mirrored(bool mirror, int weight)
    {
        var part = HttpRouteEditor.Edit(Mirroring(), Pair, new(weight, mirror ? new PlanStep(weight) { Mirror = true } : null)).Part;
        var filters = part[0]!["filters"] as JsonArray ?? [];
        return new()
        {
            ["rules"] = part.Count,
            ["filters"] = filters.Count,
            ["hasRequestMirrorTo"] = (string?)filters.FirstOrDefault(filter => (string?)filter!["type"] == "RequestMirror")?["requestMirror"]!["backendRef"]!["name"],
        };
    }

    // The same wish again, as in every pass while a step lasts.
    private static JsonObject Unchanged()
    {
        var route = Mirroring();
        var wish = new RouteWish(10, new PlanStep(10) { Mirror = true, Match = [new RequestMatch(Header: new NamedValue("x-canary", "always"))] }, 0);
        var written = HttpRouteEditor.Edit(route, Pair, wish).Part;
        route["spec"]!["rules"] = written.DeepClone();
        return new() { ["unchanged"] = JsonNode.DeepEquals(written, HttpRouteEditor.Edit(route, Pair, wish).Part) };
    }

    private static JsonObject Mirroring() => JsonNode.Parse("""
        {"spec":{"rules":[{"backendRefs":[{"name":"stable","port":80,"weight":100},{"name":"canary","port":80,"weight":0}],
          "filters":[{"type":"RequestMirror","requestMirror":{"backendRef":{"name":"canary","port":80}}}]}]}}
        """)!.AsObject();

    private static JsonObject Rules(JsonElement input) => new() { ["spec"] = new JsonObject { ["rules"] = JsonNode.Parse(input.GetProperty("rules").GetRawText()) } };

    private static bool IsRefused(JsonNode rule) =>
        HttpRouteEditor.Edit(new JsonObject { ["spec"] = new JsonObject { ["rules"] = new JsonArray(rule.DeepClone()) } }, Pair, new(10)).Problem is not null;

    private static long Long(JsonElement input, string name) => input.GetProperty(name).GetInt64();
}
