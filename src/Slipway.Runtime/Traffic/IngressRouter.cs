using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>ingress-nginx: a second Ingress, which is ours alone, and whose annotations say what goes to the new version. To take it away is to restore.</summary>
public sealed partial class IngressRouter(TrafficView view, SideServices services, LiveSide live, ILogger<IngressRouter> log) : IRouter
{
    private const string Group = "networking.k8s.io";
    private const string Kind = "Ingress";

    public Task RefreshAsync(SidePlace place, CancellationToken cancellationToken) => view.RefreshAsync(Group, Kind, place.Key(CanaryName(place)), cancellationToken);

    public async Task<TrafficSnapshot?> ObserveAsync(SidePlace place, IReadOnlyList<PodSnapshot> pods, CancellationToken cancellationToken)
    {
        var canary = await FindAsync(place, cancellationToken);
        var reading = CanaryIngress.Read(canary, canary is not null && SideServices.IsOwned(canary, place.Uid) ? place.Uid : null, place.Uid);
        return new(reading.Weight, reading.Acknowledged, reading.Problem is { } problem ? $"{Name(place)}: {problem}" : null) { Touched = reading.Touched, Rules = reading.Step };
    }

    public async Task<bool> ApplyAsync(SidePlace place, TrafficWish wish, Fence fence, CancellationToken cancellationToken)
    {
        var (wanted, known) = (RouteWish.Of(wish), await FindAsync(place, cancellationToken));
        if (known is null ? !wanted.Exposes : !wanted.Restore && Says(known, wanted))
        {
            return false;
        }

        var client = await view.ClientAsync(Group, Kind, cancellationToken);
        var canary = await client!.GetAsync(place.Key(CanaryName(place)), cancellationToken);
        if (canary is not null && !SideServices.IsOwned(canary.Value, place.Uid))
        {
            return wanted.Exposes ? throw new TrafficRefusedException(Taken(place)) : false;
        }

        var before = CanaryIngress.Read(canary?.Value, place.Uid, place.Uid);
        if (wanted.Weight > before.Weight || (wanted.Rules is not null && before.Step != wanted.Step))
        {
            await live.RequireCapacityAsync(place, wanted.Weight, cancellationToken);
            await services.EnsureAsync(place, place.CanaryService, fence, cancellationToken);
            await live.RequireEndpointsAsync(place, wanted.Weight, cancellationToken);
        }

        await fence.PassAsync();
        if (wanted.Restore)
        {
            return canary is not null && await client.DeleteAsync(canary.Key, new DeleteTerms(canary.Uid, canary.ResourceVersion), cancellationToken);
        }

        view.Wrote(Kind, canary is null ? await CreateAsync(client, place, wanted, cancellationToken) : await client.MergePatchAsync(canary.Key, Patch(canary, wanted), cancellationToken));
        LogWrote(place.Delivery, CanaryName(place), wanted.Weight, before.Weight);
        return true;
    }

    public async Task<(IReadOnlySet<string>? Services, string? Problem)> NamedAsync(SidePlace place, CancellationToken cancellationToken)
    {
        if (await view.ClientAsync(Group, Kind, cancellationToken) is not { } client)
        {
            return (null, $"the API server has no Ingress ({Group}/v1)");
        }

        var ingress = await client.GetAsync(place.Key(place.Traffic.Route!), cancellationToken);
        return ingress is null
            ? (null, $"there is no {Name(place)} in namespace {place.Namespace}; create it, or name another in spec.strategy.canary.traffic")
            : (CanaryIngress.Services(ingress.Value), null);
    }

    public async Task<string?> RefusalAsync(SidePlace place, IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Select(CanaryIngress.Refusal).FirstOrDefault(refusal => refusal is not null) is { } refusal)
        {
            return $"{Name(place)}: {refusal}";
        }

        var client = await view.ClientAsync(Group, Kind, cancellationToken);
        return await client!.GetAsync(place.Key(CanaryName(place)), cancellationToken) is { } there && !SideServices.IsOwned(there.Value, place.Uid) ? Taken(place) : null;
    }

    private static string CanaryName(SidePlace place) => SideNames.Beside(place.Traffic.Route!, SideNames.Canary);

    private static string Name(SidePlace place) => $"Ingress {place.Traffic.Route}";

    private static string Taken(SidePlace place) => $"Ingress {CanaryName(place)} stands where Slipway would make one beside {place.Traffic.Route}, and is not its own; rename or delete it";

    private Task<JsonObject?> FindAsync(SidePlace place, CancellationToken cancellationToken) => view.RouteAsync(Group, Kind, place.Key(CanaryName(place)), cancellationToken);

    private static bool Says(JsonObject canary, RouteWish wish) => CanaryIngress.Annotations(wish) is var wanted && CanaryIngress.Ours.All(name =>
        (string?)(canary["metadata"]!["annotations"] as JsonObject)?[name] == (string?)wanted[name]);

    private static JsonObject Patch(ResourceItem<JsonObject> canary, RouteWish wish)
    {
        var wanted = CanaryIngress.Annotations(wish);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = canary.ResourceVersion,
                ["annotations"] = new JsonObject(CanaryIngress.Ours.Select(name => KeyValuePair.Create(name, wanted[name]?.DeepClone()))),
            },
        };
    }

    private static async Task<ResourceItem<JsonObject>> CreateAsync(ResourceClient<JsonObject> client, SidePlace place, RouteWish wish, CancellationToken cancellationToken)
    {
        var main = await client.GetAsync(place.Key(place.Traffic.Route!), cancellationToken) ?? throw new TrafficRefusedException($"{Name(place)} is gone; create it again, or abort");
        var copy = CanaryIngress.Copy(main.Value, CanaryName(place), place.Pair, wish, Copies.Owner(place.Delivery.Name, place.Uid));
        return await client.CreateAsync(place.Namespace, copy, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "{Delivery}: Ingress {Ingress} sends {Weight} % to the new version, {Before} % before")]
    private partial void LogWrote(ObjectKey delivery, string ingress, int weight, int before);
}
