using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Traffic;

/// <summary>
/// The second Ingress by which ingress-nginx divides requests: the paths of the first that lead to the stable Service, leading to the
/// canary's, and annotations that say for which requests (ingress-nginx documentation, Annotations, Canary). The first one is not touched.
/// </summary>
public static class CanaryIngress
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";
    private const string ClassAnnotation = "kubernetes.io/ingress.class";
    private const string StepAnnotation = ApiNames.Group + "/step";

    /// <summary>The annotations that say what goes to the canary; all else of it follows from the first Ingress.</summary>
    public static JsonObject Annotations(RouteWish wish)
    {
        var annotations = new JsonObject
        {
            [$"{Prefix}canary"] = "true",
            [$"{Prefix}canary-weight"] = wish.Weight.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var match in wish.Rules?.Match ?? [])
        {
            if (match.Header is { } header)
            {
                annotations[$"{Prefix}canary-by-header"] = header.Name;
                annotations[$"{Prefix}canary-by-header-value"] = header.Value ?? "";
            }
            else
            {
                annotations[$"{Prefix}canary-by-cookie"] = match.Cookie!.Name;
            }
        }

        if (wish is { Rules: not null, Step: { } step })
        {
            annotations[StepAnnotation] = step.ToString(CultureInfo.InvariantCulture);
        }

        return annotations;
    }

    /// <summary>Those that Slipway writes: what is not in <see cref="Annotations"/> of them goes.</summary>
    public static IEnumerable<string> Ours =>
        [$"{Prefix}canary", $"{Prefix}canary-weight", $"{Prefix}canary-by-header", $"{Prefix}canary-by-header-value", $"{Prefix}canary-by-cookie", StepAnnotation];

    /// <param name="ingress">The first one, as it is at the server.</param>
    public static JsonObject Copy(JsonObject ingress, string name, RoutePair pair, RouteWish wish, JsonObject owner)
    {
        var annotations = Annotations(wish);
        if ((ingress["metadata"]?["annotations"] as JsonObject)?[ClassAnnotation] is { } named)
        {
            annotations[ClassAnnotation] = named.DeepClone();
        }

        var spec = new JsonObject { ["rules"] = new JsonArray([.. Rules(ingress, pair)]) };
        if (ingress["spec"]?["ingressClassName"] is { } type)
        {
            spec["ingressClassName"] = type.DeepClone();
        }

        return new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1",
            ["kind"] = "Ingress",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = ingress["metadata"]!["namespace"]?.DeepClone(),
                ["labels"] = new JsonObject { [ApiNames.TrackLabel] = SideNames.Canary },
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(owner.DeepClone()),
            },
            ["spec"] = spec,
        };
    }

    public static RouteReading Read(JsonObject? canary, string? owner, string delivery)
    {
        if (canary is null || owner != delivery)
        {
            return new(0, null, false, true, null, new HashSet<string>());
        }

        var annotations = canary["metadata"]?["annotations"] as JsonObject ?? [];
        var matches = annotations.ContainsKey($"{Prefix}canary-by-header") || annotations.ContainsKey($"{Prefix}canary-by-cookie");
        var isOn = HttpRouteReader.Text(annotations[$"{Prefix}canary"]) == "true";
        return new(
            isOn ? Integer(annotations[$"{Prefix}canary-weight"]) ?? 0 : 0, matches ? Integer(annotations[StepAnnotation]) ?? -1 : null, true, isOn,
            isOn ? null : $"its annotation {Prefix}canary is not true any more", new HashSet<string>());
    }

    /// <summary>The Services that an Ingress names.</summary>
    public static IReadOnlySet<string> Services(JsonObject ingress) =>
        Paths(ingress).Select(path => HttpRouteReader.Text(path["backend"]?["service"]?["name"])).OfType<string>().ToHashSet();

    /// <summary>What of a step ingress-nginx cannot do; null when it can.</summary>
    public static string? Refusal(Rollouts.PlanStep step) =>
        step.Mirror ? "ingress-nginx mirrors by URL, not to a Service; use an HTTPRoute"
        : step.Match?.Count(match => match.Header is not null) > 1 || step.Match?.Count(match => match.Cookie is not null) > 1 ? "ingress-nginx takes one header and one cookie; use an HTTPRoute for more"
        : step.Match?.Any(match => match.Cookie is { Value: not "always" }) == true ? "ingress-nginx sends a cookie's owner to the canary when its value is always; write value: always, or use a header"
        : null;

    private static IEnumerable<JsonObject> Paths(JsonObject ingress) =>
        (ingress["spec"]?["rules"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(rule => (rule["http"]?["paths"] as JsonArray ?? []).OfType<JsonObject>());

    private static IEnumerable<JsonNode> Rules(JsonObject ingress, RoutePair pair)
    {
        foreach (var rule in (ingress["spec"]?["rules"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var copy = rule.DeepClone().AsObject();
            var paths = (copy["http"]?["paths"] as JsonArray ?? []).OfType<JsonObject>().Where(path => HttpRouteReader.Text(path["backend"]?["service"]?["name"]) == pair.Stable).ToArray();
            if (paths.Length > 0)
            {
                foreach (var path in paths)
                {
                    path["backend"]!["service"]!["name"] = pair.Canary;
                }

                copy["http"]!["paths"] = new JsonArray([.. paths.Select(path => path.DeepClone())]);
                yield return copy;
            }
        }
    }

    private static int? Integer(JsonNode? node) => int.TryParse(HttpRouteReader.Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
