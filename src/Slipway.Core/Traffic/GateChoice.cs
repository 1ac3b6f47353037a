using System.Collections.Immutable;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Which pods' gates to open and to close.</summary>
/// <remarks>
/// A pod with a readiness gate that is not True is in no endpoint list as ready, while its containers run (Kubernetes, "Pod Lifecycle",
/// Pod readiness). An open gate is a valve: through it come requests, and closed again it lets those under way end.
/// </remarks>
public static class GateChoice
{
    /// <summary>Closing comes before opening: at no instant are more open than wished.</summary>
    /// <param name="pods">Of the side, as they are at the server now.</param>
    /// <param name="open">How many are to take requests.</param>
    public static (ImmutableArray<PodSnapshot> Open, ImmutableArray<PodSnapshot> Close) Choose(IEnumerable<PodSnapshot> pods, int open, int minReadySeconds, DateTimeOffset now)
    {
        var all = pods.OrderBy(pod => pod.Name, StringComparer.Ordinal).ToArray();
        var opened = all.Where(pod => pod.GateOpen && !pod.Terminating).ToArray();
        if (open <= 0)
        {
            // Those that are ending too: a request that finds them by a list that is late would be their last.
            return ([], [.. all.Where(pod => pod.GateOpen)]);
        }

        if (opened.Length > open)
        {
            return ([], [.. opened.Take(opened.Length - open)]);
        }

        return ([.. all.Where(pod => !pod.GateOpen && IsPrepared(pod, minReadySeconds, now)).Take(open - opened.Length)], []);
    }

    /// <summary>Its containers are ready, and long enough so.</summary>
    public static bool IsPrepared(PodSnapshot pod, int minReadySeconds, DateTimeOffset now) => RipeAt(pod, minReadySeconds) <= now;

    /// <summary>When it will have been ready for long enough; null where it is not on its way there.</summary>
    public static DateTimeOffset? RipeAt(PodSnapshot pod, int minReadySeconds) =>
        pod.Terminating ? null : pod.ContainersReadySince + TimeSpan.FromSeconds(minReadySeconds);

    /// <summary>It takes requests, and has been able to for long enough.</summary>
    public static bool IsAvailable(PodSnapshot pod, int minReadySeconds, DateTimeOffset now) =>
        pod is { Ready: true, Terminating: false } && (minReadySeconds == 0 || pod.ReadySince + TimeSpan.FromSeconds(minReadySeconds) <= now);
}
