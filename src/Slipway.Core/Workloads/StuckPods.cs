using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Images;
using Slipway.Rollouts;

namespace Slipway.Workloads;

/// <summary>
/// The broken pods of an earlier template that keep a StatefulSet from going on to the present one: it waits for each pod to be ready before it
/// replaces the next, also for one that never will be (Kubernetes, "StatefulSets", Forced rollback).
/// </summary>
public static class StuckPods
{
    /// <param name="good">What passed last. Nobody waits for a pod of another version than this or the present one to become ready: its time is over.</param>
    /// <param name="moved">The containers whose version that is.</param>
    public static ImmutableArray<StuckPod> Of(WorkloadSnapshot workload, IReadOnlyList<PodSnapshot> pods, ReleasedImage? good = null, IReadOnlyCollection<string>? moved = null) =>
        workload.Key.Kind != WorkloadKinds.StatefulSet.Name || workload.Progress.UpdateStrategy == "OnDelete"
            ? []
            :
            [
                .. pods
                    .Where(pod => pod is { Ready: false, Terminating: false } && ((pod.Problem is { } problem && PodProblems.IsFailing(problem.Reason)) || IsGivenUp(workload, pod, good, moved ?? [])))
                    .Where(pod => workload.Containers.Any(container => pod.Images.GetValueOrDefault(container.Container) != container.Image))
                    .Select(pod => new StuckPod(pod.Namespace, pod.Name, pod.Uid)),
            ];

    private static bool IsGivenUp(WorkloadSnapshot workload, PodSnapshot pod, ReleasedImage? good, IReadOnlyCollection<string> moved) => good is not null && workload.Containers.Any(container =>
        moved.Contains(container.Container) && pod.Images.GetValueOrDefault(container.Container) is { } runs && runs != container.Image && !IsOf(good, runs));

    private static bool IsOf(ReleasedImage version, string runs) =>
        ImageReference.TryParse(runs, out var image, out _) && (image.Digest is null ? image.Tag == version.Tag : image.Digest == version.Digest);
}
