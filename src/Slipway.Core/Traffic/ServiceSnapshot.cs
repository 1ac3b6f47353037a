using System.Collections.Immutable;
using Slipway.Rollouts;

namespace Slipway.Traffic;

/// <summary>What Slipway keeps of a Service while a rollout needs it.</summary>
/// <param name="Owner">Uid of the Delivery that made it; null where it is somebody's own.</param>
/// <param name="Kept">The selector that it had before Slipway wrote another one, as noted on it; null where none was written.</param>
public sealed record ServiceSnapshot(string Name, ImmutableDictionary<string, string> Selector, bool Headless, string? Owner, string? Kept)
{
    /// <summary>On a Service whose selector Slipway has changed: what it was, as JSON.</summary>
    public const string KeptAnnotation = Api.ApiNames.Group + "/selector";

    /// <summary>One without a selector gets its endpoints from somebody else, and finds no pods.</summary>
    public bool Finds(IReadOnlyDictionary<string, string> labels) =>
        Selector.Count > 0 && Selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
}

/// <summary>Which Services' requests a rollout divides.</summary>
public static class ServiceChoice
{
    // More than anybody puts before one workload.
    private const int Most = 8;

    /// <param name="labels">Of the stable pods.</param>
    /// <param name="routed">Those that the router names; null where there is none.</param>
    /// <param name="problem">Why there is no answer, with the way out; null where there is one. No Service at all is one where none is needed.</param>
    public static ImmutableArray<string> Choose(
        TrafficPlan traffic, string workload, IReadOnlyDictionary<string, string> labels, IEnumerable<ServiceSnapshot> services, IReadOnlySet<string>? routed, out string? problem)
    {
        problem = null;
        var field = traffic.Router == RouterKind.Selector ? "spec.strategy.blueGreen.service" : "spec.strategy.canary.traffic.service";
        var all = services.Where(service => service.Owner is null && service.Name != traffic.Preview).ToArray();
        var found = all.Where(service => service.Finds(labels)).Select(service => service.Name).Order(StringComparer.Ordinal).ToArray();
        if (traffic.Service is { } named)
        {
            problem = all.All(service => service.Name != named) ? $"{field}: there is no Service {named}; create it, or name another"
                : !found.Contains(named) ? $"{field}: the selector of Service {named} does not match the pods of Deployment {workload}; correct it, or name another Service"
                : routed?.Contains(named) == false ? $"no rule of {Route(traffic)} names Service {named}; add it there, or name another router"
                : null;
            return problem is null ? [named] : [];
        }

        if (traffic.Router == RouterKind.Pods)
        {
            return [.. found.Take(Most)];
        }

        var choice = routed is null ? found : [.. found.Where(routed.Contains)];
        problem = choice switch
        {
            [_] => null,
            [] when found is [] => $"no Service matches the pods of Deployment {workload}, so there are no requests to divide; create one, or name it in {field}",
            [] => $"{Route(traffic)} names none of the Services of Deployment {workload} ({string.Join(", ", found)}); add one there, or name another router",
            _ => $"several Services match the pods of Deployment {workload} ({string.Join(", ", choice)}); name the one whose requests are to be divided in {field}",
        };
        return problem is null ? [choice[0]] : [];
    }

    /// <summary>The router as messages name it.</summary>
    public static string Route(TrafficPlan traffic) => $"{traffic.Router switch { RouterKind.HttpRoute => "HTTPRoute", var other => other.ToString() }} {traffic.Route}";
}
