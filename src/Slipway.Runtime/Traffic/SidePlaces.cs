using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Finds out whose requests a rollout divides, and by which label its pods are told apart.</summary>
public sealed class SidePlaces(TrafficView view, FrozenDictionary<RouterKind, IRouter> routers)
{
    // By these labels of a template, pods are found; a monitor that is not known here finds them by its own.
    private static readonly (string Group, string Kind, Func<JsonObject, IEnumerable<JsonNode?>> Selectors)[] Finders =
    [
        ("networking.k8s.io", "NetworkPolicy", PolicySelectors),
        ("policy", "PodDisruptionBudget", found => [found["spec"]?["selector"]]),
        ("monitoring.coreos.com", "PodMonitor", found => [found["spec"]?["selector"]]),
    ];

    public IRouter? RouterOf(RouterKind kind) => routers.GetValueOrDefault(kind);

    /// <summary>As it was noted on the sibling when that was made.</summary>
    public static SidePlace Of(ObjectKey delivery, string uid, TrafficPlan traffic, SideMark mark) =>
        new(delivery, uid, mark.Stable, traffic, mark.Services, mark.Label) { MinReadySeconds = mark.MinReadySeconds };

    /// <summary>From what is in the cluster now: one look at the API server for each of the things that it hangs on.</summary>
    /// <param name="withLabel">Whether a label has to be chosen, too.</param>
    /// <exception cref="TrafficRefusedException">It cannot be told, or not be done.</exception>
    public async Task<(SidePlace Place, JsonObject Stable)> ResolveAsync(
        ObjectKey delivery, string uid, string stable, TrafficPlan traffic, LiveSide live, bool withLabel, CancellationToken cancellationToken)
    {
        var place = new SidePlace(delivery, uid, stable, traffic, [], null);
        var deployment = await live.StableAsync(place, cancellationToken);
        var labels = Labels(deployment["spec"]?["template"]?["metadata"]?["labels"]);
        IReadOnlySet<string>? routed = null;
        if (RouterOf(traffic.Router) is { } router)
        {
            (routed, var why) = await router.NamedAsync(place, cancellationToken);
            if (why is not null)
            {
                throw new TrafficRefusedException(why);
            }
        }

        var services = await ServicesAsync(delivery.Namespace, cancellationToken);
        var chosen = ServiceChoice.Choose(traffic, stable, labels, services, routed, out var problem);
        if (problem is not null)
        {
            throw new TrafficRefusedException(problem);
        }

        place = place with { Services = chosen, MinReadySeconds = RouteRecord.Number(deployment["spec"]?["minReadySeconds"]) ?? 0 };
        return (withLabel && traffic.Router != RouterKind.Pods ? place with { Label = await LabelAsync(place, labels, services, cancellationToken) } : place, deployment);
    }

    private async Task<LabelOverride> LabelAsync(SidePlace place, ImmutableDictionary<string, string> labels, IReadOnlyList<ServiceSnapshot> services, CancellationToken cancellationToken)
    {
        List<PodFinder> finders =
        [
            .. services.Where(service => service.Owner is null && service.Name != place.Service && service.Name != place.Traffic.Preview && service.Selector.Count > 0)
                .Select(service => new PodFinder("Service", service.Name, [new Api.LabelSelector { MatchLabels = service.Selector }])),
        ];
        foreach (var (group, kind, selectors) in Finders)
        {
            if (await view.ClientAsync(group, kind, cancellationToken) is { } client)
            {
                finders.AddRange((await client.ListAsync(new ListScope(place.Namespace), cancellationToken)).Items
                    .Select(found => new PodFinder(kind, found.Key.Name, [.. selectors(found.Value).Select(Selector).OfType<Api.LabelSelector>()])));
            }
        }

        var service = services.First(one => one.Name == place.Service);
        var choice = LabelChoices.Choose(service.Name, service.Selector, labels, place.Track, finders);
        return choice.Label ?? throw new TrafficRefusedException(choice.Refusal!);
    }

    private async Task<IReadOnlyList<ServiceSnapshot>> ServicesAsync(string ns, CancellationToken cancellationToken)
    {
        var found = await view.ServiceClient.ListAsync(new ListScope(ns), cancellationToken);
        return
        [
            .. found.Items.Select(service =>
            {
                using var json = JsonDocument.Parse(service.Value.ToJsonString());
                return TrafficReaders.Service(json.RootElement);
            }),
        ];
    }

    private static ImmutableDictionary<string, string> Labels(JsonNode? map) =>
        (map as JsonObject ?? []).ToImmutableDictionary(entry => entry.Key, entry => (string?)entry.Value ?? "");

    // Which pods it is for, and, of those of the same namespace, which it lets in or out (NetworkPolicyPeer).
    private static IEnumerable<JsonNode?> PolicySelectors(JsonObject policy) =>
    [
        policy["spec"]?["podSelector"],
        .. ((string[])["ingress", "egress"])
            .SelectMany(way => policy["spec"]?[way] as JsonArray ?? [])
            .SelectMany(rule => (rule?["from"] ?? rule?["to"]) as JsonArray ?? [])
            .Select(peer => peer?["podSelector"]),
    ];

    private static Api.LabelSelector? Selector(JsonNode? written)
    {
        if (written is not JsonObject)
        {
            return null;
        }

        using var json = JsonDocument.Parse(written.ToJsonString());
        return new PodSpecReader(new ValuePool()).Selector(JsonField.Root(json.RootElement, "selector"));
    }
}
