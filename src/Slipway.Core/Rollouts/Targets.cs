using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Rollouts;

/// <summary>Questions about the targets of a snapshot.</summary>
public static class Targets
{
    /// <summary>Why nothing can be done with the targets; null when it can. No target at all is no success of all of them.</summary>
    public static TargetProblem? Obstacle(this DeliverySnapshot now) =>
        now.TargetProblem ?? (now.Targets.IsEmpty ? new TargetProblem(TargetProblems.NothingSelected, "spec.targets: there is no workload to update") : null);

    /// <summary>The targets that wave <paramref name="wave"/> and those before it have touched: the first, then all.</summary>
    public static IEnumerable<TargetSnapshot> UpToWave(this DeliverySnapshot now, int wave) => wave == 0 ? now.Targets.Take(1) : now.Targets;

    public static int LastWave(this DeliverySnapshot now) => now.Targets.Length > 1 ? 1 : 0;

    /// <summary>Whether every moved container of the target names this image as Slipway would write it.</summary>
    public static bool Runs(this DeliverySnapshot now, TargetSnapshot target, string? tag, string digest, bool adopted = false) =>
        target.Images.All(image => image.InRepository && Names(image, now.Terms.PinsDigest && !adopted, tag, digest));

    public static bool Runs(this DeliverySnapshot now, TargetSnapshot target, ReleasedImage image) => now.Runs(target, image.Tag, image.Digest, image.Adopted);

    /// <summary>The first container that a person set to another image than <paramref name="tag"/>@<paramref name="digest"/>.</summary>
    public static (TargetSnapshot Target, RunningImage Image)? SetByPerson(this DeliverySnapshot now, IEnumerable<TargetSnapshot> targets, string? tag, string digest, bool adopted = false) =>
        targets
            .SelectMany(target => target.Images, (target, image) => (target, image))
            .Where(found => found.image.Author == ImageWriter.Person && !(found.image.InRepository && Names(found.image, now.Terms.PinsDigest && !adopted, tag, digest)))
            .Select(found => ((TargetSnapshot, RunningImage)?)found)
            .FirstOrDefault();

    /// <summary>The worst of the targets' states counts; the pods of all are added up.</summary>
    public static Health Together(IEnumerable<TargetSnapshot> targets)
    {
        var (available, waiting) = (0, (string?)null);
        foreach (var target in targets)
        {
            switch (target.Health)
            {
                case Health.Failing failing:
                    return failing with { Message = $"{target.Key}: {failing.Message}" };
                case Health.Progressing progressing:
                    available += progressing.Available;
                    waiting ??= $"{target.Key}: {progressing.Message}";
                    break;
                case Health.Healthy healthy:
                    available += healthy.Available;
                    break;
            }
        }

        return waiting is null ? new Health.Healthy(available) : new Health.Progressing(waiting, available);
    }

    // A digest, where there is one, decides: the same digest under another tag is not another image (rule 2).
    private static bool Names(RunningImage image, bool digestNeeded, string? tag, string digest) =>
        image.Digest is { } pinned ? pinned == digest && (!image.Apart || image.Tag == tag) : (!digestNeeded || image.ByTag) && image.Tag == tag;
}
