using Slipway.Images;
using Slipway.Rollouts;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>What the planner is told of a side.</summary>
public static class SideReading
{
    /// <param name="containers">Those that the Delivery moves.</param>
    /// <param name="pods">Of the side.</param>
    public static SideSnapshot Of(WorkloadSnapshot sibling, SideMark mark, IReadOnlyCollection<string> containers, IReadOnlyList<PodSnapshot> pods, DateTimeOffset now)
    {
        var prepared = pods.Count(pod => GateChoice.IsPrepared(pod, mark.MinReadySeconds, now));
        return new SideSnapshot(
            mark.Stable, DigestOf(sibling, mark, containers), sibling.Progress.Desired, prepared, pods.Count(pod => pod is { Ready: true, Terminating: false }), HealthOf(sibling, prepared, pods))
        {
            Open = mark.Gated ? pods.Count(pod => pod.GateOpen) : pods.Count(pod => !pod.Terminating),
            Going = sibling.Deleting,
        };
    }

    /// <summary>When the next of its pods will have been ready for long enough: nobody tells.</summary>
    public static DateTimeOffset? NextRipe(SideMark mark, IReadOnlyList<PodSnapshot> pods, DateTimeOffset now) =>
        pods.Select(pod => GateChoice.RipeAt(pod, mark.MinReadySeconds)).Where(at => at > now).Min();

    /// <summary>What its template runs. What was noted when it was made counts only while the images say nothing else (I8).</summary>
    private static string? DigestOf(WorkloadSnapshot sibling, SideMark mark, IReadOnlyCollection<string> containers)
    {
        var digests = sibling.Containers
            .Where(container => containers.Contains(container.Container))
            .Select(container => !ImageReference.TryParse(container.Image, out var image, out _) ? null
                : image.Digest ?? (image.Tag == mark.Version ? mark.Digest : null))
            .Distinct()
            .Take(2)
            .ToArray();
        return digests is [var only] ? only : null;
    }

    // Closed pods are not available, and its own controller would wait for them for ever; so it is judged by their containers.
    private static Health HealthOf(WorkloadSnapshot sibling, int prepared, IReadOnlyList<PodSnapshot> pods)
    {
        var (health, wanted) = (WorkloadHealth.Of(sibling, pods), sibling.Progress.Desired);
        return health is Health.Failing ? health
            : prepared >= wanted && wanted > 0 ? new Health.Healthy(prepared)
            : new Health.Progressing($"{prepared} of {wanted} pods of {sibling.Key.Name} are ready{Why(pods)}", prepared);
    }

    private static string Why(IReadOnlyList<PodSnapshot> pods) =>
        pods.FirstOrDefault(pod => pod is { Terminating: false, ContainersReadySince: null, Problem: not null }) is { Problem: { } problem } pod
            ? $"; pod {pod.Name}: {problem.Reason}: {problem.Message}"
            : "";
}
