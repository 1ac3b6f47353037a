using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Workloads;

/// <summary>Which digest really runs where a workload's image names only a tag: the pods tell, by what their kubelet pulled.</summary>
public static class RunningImages
{
    /// <summary>The digest that every running pod of the first target reports for the moved containers; null where they differ or none tells.</summary>
    public static string? Digest(TargetSet targets, ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>> pods)
    {
        if (targets.Targets.FirstOrDefault(target => target.Workload is not null) is not { } first)
        {
            return null;
        }

        var digests = pods.GetValueOrDefault(first.Key, [])
            .Where(pod => !pod.Terminating)
            .SelectMany(pod => first.Containers, (pod, container) => pod.ImageIds.GetValueOrDefault(container))
            .Select(id => ImageReference.TryParse(id, out var image, out _) && image.Repository == targets.Repository ? image.Digest : null)
            .Distinct()
            .Take(2)
            .ToArray();
        return digests is [var only] ? only : null;
    }

    /// <summary>The tag of the first target's moved containers, where they have one and no digest: its digest has to be asked for.</summary>
    public static string? Tag(TargetSet targets)
    {
        var first = targets.Targets.FirstOrDefault(target => target.Workload is not null);
        var images = (first?.Workload?.Containers ?? [])
            .Where(container => first!.Containers.Contains(container.Container))
            .Select(container => ImageReference.TryParse(container.Image, out var image, out _) && image.Repository == targets.Repository ? image : null)
            .ToArray();
        return images.Select(image => image is { Digest: null } ? image.Tag ?? ImageReference.DefaultTag : null).Distinct().ToArray() is [{ } only] ? only : null;
    }
}
