using System.Collections.Immutable;
using Slipway.Rollouts;

namespace Slipway.Workloads;

/// <summary>The broken pods of an earlier template that keep a StatefulSet from going on to the present one.</summary>
public static class StuckPods
{
    public static ImmutableArray<StuckPod> Of(WorkloadSnapshot workload, IReadOnlyList<PodSnapshot> pods) =>
        workload.Key.Kind != WorkloadKinds.StatefulSet.Name || workload.Progress.UpdateStrategy == "OnDelete"
            ? []
            :
            [
                .. pods
                    .Where(pod => pod is { Ready: false, Terminating: false, Problem: { } problem } && PodProblems.IsFailing(problem.Reason))
                    .Where(pod => workload.Containers.Any(container => pod.Images.GetValueOrDefault(container.Container) != container.Image))
                    .Select(pod => new StuckPod(pod.Namespace, pod.Name, pod.Uid)),
            ];
}
