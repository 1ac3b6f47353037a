using System.Collections.Immutable;
using System.Text;
using Slipway.Controllers;
using Slipway.Telemetry;

namespace Slipway.Controller.Endpoints;

/// <summary>One part of being ready.</summary>
/// <param name="Problem">What is in the way; null: nothing is.</param>
internal sealed record ReadinessCheck(string Name, Func<string?> Problem);

/// <summary>Whether this process could do its work, check by check.</summary>
/// <param name="leadership">Who this process is among its replicas.</param>
internal sealed class Readiness(DeliveryController deliveries, Func<string> leadership)
{
    /// <summary>A controller that waits for its turn to lead is ready: it is what the other replica is for. A registry that does not answer is no reason either, as no restart helps.</summary>
    private readonly ImmutableArray<ReadinessCheck> _checks =
    [
        new("api-server", () => deliveries.Cluster is null ? deliveries.Problem : null),
        new("informers", () => deliveries.Cluster is null ? "not synced: nothing is known yet" : Unsynced(deliveries.Cluster) ?? deliveries.NotFollowing()),
        new("start", () => deliveries.Problem),
    ];

    /// <summary>Shows each check as a gauge.</summary>
    public void Show(SlipwayMetrics metrics) =>
        metrics.Show(Instruments.Ready, "readiness", () => _checks.Select(check => new Reading(check.Problem() is null ? 1 : 0, check.Name)));

    /// <param name="verbose">Each check on a line of its own, as the API server lists them; so also wherever one fails.</param>
    public (bool Ready, string Text) Report(bool verbose)
    {
        var results = _checks.Select(check => (check.Name, Problem: check.Problem())).ToArray();
        var failed = Array.Find(results, result => result.Problem is not null);
        var text = new StringBuilder();
        if (verbose || failed.Problem is not null)
        {
            foreach (var (name, problem) in results)
            {
                text.Append(problem is null ? $"[+]{name} ok\n" : $"[-]{name} {problem}\n");
            }
        }

        return (failed.Problem is null, text.Append(failed.Problem is { } why ? $"not ready: {failed.Name}: {why}\n" : $"ok: {leadership()}\n").ToString());
    }

    private static string? Unsynced(ClusterView cluster) => cluster.Unsynced().ToArray() is { Length: > 0 } kinds ? $"not synced: {string.Join(", ", kinds)}" : null;
}
