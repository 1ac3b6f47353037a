using System.Collections.Immutable;
using Slipway.Images;
using Slipway.Rollouts;

namespace Slipway.Workloads;

/// <summary>
/// The broken pods of an earlier template that keep a StatefulSet from going on to the present one: it waits for each pod to be ready before it
/// replaces the next, also for one that never will be (Kubernetes, "StatefulSets", Forced rollback).
/// </summary>
public static class StuckPods
{
    /// <param name="givenUp">An attempt whose time is over: nobody waits any more for what it has made to become ready.</param>
    public static ImmutableArray<StuckPod> Of(WorkloadSnapshot workload, IReadOnlyList<PodSnapshot> pods, Attempt? givenUp = null) =>
        workload.Key.Kind != WorkloadKinds.StatefulSet.Name || workload.Progress.UpdateStrategy == "OnDelete"
            ? []
            :
            [
                .. pods
                    .Where(pod => pod is { Ready: false, Terminating: false } && ((pod.Problem is { } problem && PodProblems.IsFailing(problem.Reason)) || IsOf(givenUp, pod)))
                    .Where(pod => workload.Containers.Any(container => pod.Images.GetValueOrDefault(container.Container) != container.Image))
                    .Select(pod => new StuckPod(pod.Namespace, pod.Name, pod.Uid)),
            ];

    private static bool IsOf(Attempt? attempt, PodSnapshot pod) => attempt is not null && pod.Images.Values.Any(text =>
        ImageReference.TryParse(text, out var image, out _) && (image.Digest is null ? image.Tag is not null && image.Tag == attempt.Tag : image.Digest == attempt.Digest));
}
