using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Kube;
using Slipway.Rollouts;
using Slipway.Traffic;

namespace Slipway.Cli.Cluster;

/// <summary>The pods of a Delivery's targets, and of what runs beside them.</summary>
internal sealed class PodSight(ClusterConnection connection, string ns)
{
    private const int MostPods = 100;

    private static readonly ResourceType[] Kinds = [ResourceTypes.Deployments, ResourceTypes.StatefulSets, ResourceTypes.DaemonSets];

    private readonly ResourceClient<JsonObject> _pods = Client(connection, ResourceTypes.Pods);

    /// <summary>A line each: side, name, state, image.</summary>
    /// <exception cref="KubeException">This user may not look.</exception>
    public async Task<IReadOnlyList<string>> LinesAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        foreach (var target in delivery.Spec?.Targets ?? [])
        {
            if (Kinds.FirstOrDefault(kind => kind.Kind == (target.Kind ?? "Deployment")) is { } kind && target.Name is { Length: > 0 } name)
            {
                lines.AddRange(await OfAsync(kind, name, "stable", cancellationToken));
            }
        }

        if (delivery.Status?.Rollout is { Beside: { } side, Attempted.Plan.Traffic.Router: not RouterKind.Partition and var router })
        {
            var track = SideNames.Track(router);
            lines.AddRange(await OfAsync(ResourceTypes.Deployments, SideNames.Beside(side.Stable, track), track, cancellationToken));
        }

        return [.. lines.Take(MostPods)];
    }

    private async Task<IEnumerable<string>> OfAsync(ResourceType kind, string name, string side, CancellationToken cancellationToken)
    {
        var workload = await Client(connection, kind).GetAsync(new ObjectKey(ns, name), cancellationToken);
        if (workload?.Value["spec"]?["selector"]?["matchLabels"] is not JsonObject labels)
        {
            return workload is null ? [$"{side}  {kind.Kind} {name} is not there"] : [];
        }

        var selector = string.Join(',', labels.Select(label => $"{label.Key}={label.Value}"));
        var page = await _pods.ListAsync(new ListScope(ns, selector), cancellationToken);
        return page.Items.OrderBy(item => item.Key.Name, StringComparer.Ordinal).Select(item => $"{side}  {item.Key.Name}  {State(item.Value)}");
    }

    private static string State(JsonObject pod)
    {
        var containers = (pod["status"]?["containerStatuses"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var waiting = containers.Select(container => (string?)container["state"]?["waiting"]?["reason"]).FirstOrDefault(reason => reason is not null);
        var restarts = containers.Sum(container => (int?)container["restartCount"] ?? 0);
        var ready = containers.Count(container => (bool?)container["ready"] == true);
        var image = (string?)(pod["spec"]?["containers"] as JsonArray)?.FirstOrDefault()?["image"];
        return $"{ready}/{Math.Max(containers.Length, 1)} {waiting ?? (string?)pod["status"]?["phase"] ?? "Unknown"}{(restarts > 0 ? $", {restarts} restarts" : "")}  {image}";
    }

    private static ResourceClient<JsonObject> Client(ClusterConnection connection, ResourceType type) => new(connection, type, element => JsonObject.Create(element.Clone()));
}
