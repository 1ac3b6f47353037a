using System.Globalization;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Leadership;
using Slipway.Telemetry;

namespace Slipway.Controllers;

/// <summary>What the gauges show of the caches. Only the process that leads a shard shows what is in it, so that a sum over all of them is the number of the cluster.</summary>
internal static class ClusterReadings
{
    private const string Source = "cluster";

    public static void Show(SlipwayMetrics metrics, ClusterView cluster, IReadOnlyList<Shard> shards)
    {
        metrics.Show(Instruments.Leader, Source, () => shards.Select(shard => new Reading(shard.Tenure.IsLeader ? 1 : 0, shard.Scope.Index.ToString(CultureInfo.InvariantCulture))));
        metrics.Show(Instruments.Deliveries, Source, () => Led().GroupBy(State).Select(state => new Reading(state.Count(), state.Key)));
        metrics.Show(Instruments.Held, Source, () => [new(Led().Count(delivery => delivery.Status?.Held is not null))]);
        metrics.Show(Instruments.Releases, Source, () => [new(shards[0].Tenure.IsLeader ? cluster.Releases.List().Count : 0)]);

        IEnumerable<Delivery> Led()
        {
            var led = shards.Where(shard => shard.Tenure.IsLeader).Select(shard => shard.Scope).ToArray();
            return led.Length == 0 ? [] : cluster.Deliveries.List().Where(delivery => Array.Exists(led, scope => scope.Holds(delivery.Metadata.Namespace)));
        }
    }

    /// <summary>One of four, so that their sum is the number of Deliveries.</summary>
    internal static string State(Delivery delivery) =>
        Is(delivery, DeliveryConditions.Stalled) ? "stalled"
        : Is(delivery, DeliveryConditions.Reconciling) ? "progressing"
        : Is(delivery, DeliveryConditions.Ready) ? "ready"
        : "waiting";

    private static bool Is(Delivery delivery, string type) => (delivery.Status?.Conditions ?? []).Any(condition => condition.Type == type && condition.Status == "True");
}
