using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Routers in whose object the backends and their weights are: HTTPRoute, TraefikService. The object is the user's; in it are two weights of ours, and rules.</summary>
public sealed partial class RouteRouter(RouteDialect dialect, TrafficView view, SideServices services, LiveSide live, ILogger<RouteRouter> log) : IRouter
{
    public Task RefreshAsync(SidePlace place, CancellationToken cancellationToken) =>
        place.Traffic.Route is { } name ? view.RefreshAsync(dialect.Group, dialect.Kind, place.Key(name), cancellationToken) : Task.CompletedTask;

    public async Task<TrafficSnapshot?> ObserveAsync(SidePlace place, IReadOnlyList<PodSnapshot> pods, CancellationToken cancellationToken)
    {
        if (await FindAsync(place, cancellationToken) is not { } route)
        {
            return null;
        }

        var reading = dialect.Read(route, place.Pair);
        return new(reading.Weight, reading.Acknowledged, reading.Problem is { } problem ? $"{Name(place)}: {problem}" : null) { Touched = reading.Touched, Rules = reading.Step };
    }

    public async Task<bool> ApplyAsync(SidePlace place, TrafficWish wish, Fence fence, CancellationToken cancellationToken)
    {
        var wanted = RouteWish.Of(wish);
        if (await FindAsync(place, cancellationToken) is not { } known)
        {
            return wanted.Exposes ? throw new TrafficRefusedException($"{Name(place)} is gone; create it again, or abort") : false;
        }

        // What was never written is not touched for nothing.
        if (!Differs(known, dialect.Edit(known, place.Pair, wanted)) || (!wanted.Exposes && !dialect.Read(known, place.Pair).Touched))
        {
            return false;
        }

        var client = await view.ClientAsync(dialect.Group, dialect.Kind, cancellationToken);
        if (await client!.GetAsync(place.Key(place.Traffic.Route!), cancellationToken) is not { } route)
        {
            return false;
        }

        var (before, edit) = (dialect.Read(route.Value, place.Pair), dialect.Edit(route.Value, place.Pair, wanted));
        if (edit.Problem is { } problem)
        {
            throw new TrafficRefusedException($"{Name(place)}: {problem}");
        }

        if (wanted.Weight > before.Weight || (wanted.Rules is not null && before.Step != wanted.Step))
        {
            await live.RequireCapacityAsync(place, wanted.Weight, cancellationToken);
            await services.EnsureAsync(place, place.CanaryService, fence, cancellationToken);
            await live.RequireEndpointsAsync(place, wanted.Weight, cancellationToken);
        }

        if (!Differs(route.Value, edit))
        {
            view.Wrote(dialect.Kind, route);
            return false;
        }

        await fence.PassAsync();
        view.Wrote(dialect.Kind, await client.JsonPatchAsync(route.Key, Patch(route, edit), cancellationToken));
        LogWrote(place.Delivery, Name(place), wanted.Weight, before.Weight);
        return true;
    }

    public async Task<(IReadOnlySet<string>? Services, string? Problem)> NamedAsync(SidePlace place, CancellationToken cancellationToken)
    {
        if (await view.ClientAsync(dialect.Group, dialect.Kind, cancellationToken) is not { } client)
        {
            return (null, $"the API server has no {dialect.Kind} ({dialect.Group}); install its definitions, or take the router away and let the pods be the weight");
        }

        var route = await client.GetAsync(place.Key(place.Traffic.Route!), cancellationToken);
        return route is null
            ? (null, $"there is no {Name(place)} in namespace {place.Namespace}; create it, or name another in spec.strategy.canary.traffic")
            : (dialect.Read(route.Value, new("", "")).Services, null);
    }

    public async Task<string?> RefusalAsync(SidePlace place, IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        var client = await view.ClientAsync(dialect.Group, dialect.Kind, cancellationToken);
        if (client is null || await client.GetAsync(place.Key(place.Traffic.Route!), cancellationToken) is not { } route)
        {
            return null;
        }

        foreach (var (index, step) in steps.Index())
        {
            var rules = step.Match is not null || step.Mirror ? step : null;
            if (dialect.Edit(route.Value, place.Pair, new(step.Weight, rules, index)).Problem is { } problem)
            {
                return $"{Name(place)}: {problem}";
            }
        }

        return null;
    }

    private async Task<JsonObject?> FindAsync(SidePlace place, CancellationToken cancellationToken) =>
        place.Traffic.Route is { } name ? await view.RouteAsync(dialect.Group, dialect.Kind, place.Key(name), cancellationToken) : null;

    private string Name(SidePlace place) => $"{dialect.Kind} {place.Traffic.Route}";

    private bool Differs(JsonObject route, RouteEdit edit) =>
        edit.Problem is not null || !JsonNode.DeepEquals(PartOf(route), edit.Part) || Record(route) != edit.Record;

    private JsonNode? PartOf(JsonObject route) => dialect.Part.Aggregate((JsonNode?)route, (node, name) => node?[name]);

    private static string? Record(JsonObject route) => (string?)(route["metadata"]?["annotations"] as JsonObject)?[RouteRecord.Annotation];

    /// <summary>The version is the fence, and nothing but the two parts is named.</summary>
    private JsonArray Patch(ResourceItem<JsonObject> route, RouteEdit edit)
    {
        var patch = new JsonArray((JsonNode)Operation("test", "/metadata/resourceVersion", route.ResourceVersion));
        if (!JsonNode.DeepEquals(PartOf(route.Value), edit.Part))
        {
            patch.Add((JsonNode)Operation("replace", $"/{string.Join('/', dialect.Part)}", edit.Part.DeepClone()));
        }

        const string path = "/metadata/annotations/slipway.dev~1canary";
        var before = Record(route.Value);
        if (before is not null && edit.Record is null)
        {
            patch.Add((JsonNode)Operation("remove", path, null));
        }
        else if (before != edit.Record)
        {
            if (route.Value["metadata"]!["annotations"] is null)
            {
                patch.Add((JsonNode)Operation("add", "/metadata/annotations", new JsonObject()));
            }

            patch.Add((JsonNode)Operation("add", path, edit.Record));
        }

        return patch;
    }

    private static JsonObject Operation(string op, string path, JsonNode? value)
    {
        var operation = new JsonObject { ["op"] = op, ["path"] = path };
        if (value is not null)
        {
            operation["value"] = value;
        }

        return operation;
    }

    [LoggerMessage(LogLevel.Information, "{Delivery}: {Route} sends {Weight} % to the new version, {Before} % before")]
    private partial void LogWrote(ObjectKey delivery, string route, int weight, int before);
}
