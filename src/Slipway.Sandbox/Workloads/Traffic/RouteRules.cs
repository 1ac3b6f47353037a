using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Traffic;

/// <summary>A request as the rules of an HTTPRoute see it. Names of headers in any case.</summary>
public sealed record RouteRequest(string Path = "/")
{
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Which rule of an HTTPRoute takes a request, and which backend (Gateway API, HTTPRouteRule and HTTPBackendRef). Pure.</summary>
internal static class RouteRules
{
    /// <returns>The rule whose match is the most particular: the exact or longest path, then the most headers, then the first; null for none.</returns>
    public static JsonObject? For(JsonObject route, RouteRequest request) => route.Objects("spec", "rules")
        .SelectMany(rule => MatchesOf(rule).Where(match => Fits(match, request)).Select(match => (Rule: rule, Match: match)))
        .OrderByDescending(one => one.Match.Text("path", "type") == "Exact")
        .ThenByDescending(one => one.Match.Text("path", "value").Length)
        .ThenByDescending(one => one.Match.Objects("headers").Count())
        .Select(one => one.Rule)
        .FirstOrDefault();

    public static ImmutableArray<(string Service, long Weight)> Weights(JsonObject rule) =>
        [.. rule.Objects("backendRefs").Select(backend => (backend.Text("name"), backend.Number("weight") ?? 1))];

    /// <param name="draw">From 0 to 1.</param>
    /// <returns>Null where no backend has a weight above 0.</returns>
    public static string? Choose(JsonObject rule, double draw)
    {
        var weights = Weights(rule);
        var at = draw * weights.Sum(one => one.Weight);
        foreach (var (service, weight) in weights.Where(one => one.Weight > 0))
        {
            at -= weight;
            if (at < 0)
            {
                return service;
            }
        }

        return weights.LastOrDefault(one => one.Weight > 0).Service;
    }

    // A rule that says nothing takes every path.
    private static JsonObject[] MatchesOf(JsonObject rule) => rule.Objects("matches").ToArray() is { Length: > 0 } matches ? matches : [[]];

    private static bool Fits(JsonObject match, RouteRequest request) =>
        FitsPath(match, request.Path)
        && match.Objects("headers").All(header => request.Headers.TryGetValue(header.Text("name"), out var value) && value == header.Text("value"));

    private static bool FitsPath(JsonObject match, string path)
    {
        var wanted = match.Text("path", "value") is { Length: > 0 } value ? value : "/";
        return match.Text("path", "type") == "Exact"
            ? path == wanted
            : path == wanted || path.StartsWith(wanted.TrimEnd('/') + "/", StringComparison.Ordinal);
    }
}
