using Slipway.Api;
using Slipway.Conditions;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Rollouts;

/// <summary>What to do when a target does not run the current image though nothing is under way (rule 9).</summary>
public static class Drift
{
    // A tool that writes back at once would otherwise be fought for ever, one rollout of the workload at a time.
    private const int MaxCorrections = 5;
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Null where every target runs <paramref name="current"/>.</summary>
    public static Move? Step(DeliverySnapshot now, ReleasedImage current, RolloutState then)
    {
        if (now.Targets.FirstOrDefault(target => !now.Runs(target, current)) is not { } drifted || IsOfTheRepositoryBefore(now, drifted, current))
        {
            return null;
        }

        if (SetByPerson(now, current) is { } set)
        {
            // Held already by a person's rollback: that hold must outlast this one (I17).
            return then is RolloutState.Held ? Move.Stay(now) : Hold(now, Reasons.Drifted, $"{set.Target.Key} container {set.Image.Container} was set to {Describe(set.Image)} by {set.Image.Manager}: "
                + $"left as it is until a newer version comes or 'slipway resume {now.Name}' takes over again");
        }

        return Correct(now, drifted, then);
    }

    /// <summary>
    /// The first container that a person took the current image from. What Slipway never wrote to has joined by label or by an edit of the
    /// spec: nobody decided against the current image there.
    /// </summary>
    public static (TargetSnapshot Target, RunningImage Image)? SetByPerson(DeliverySnapshot now, ReleasedImage current) =>
        now.SetByPerson(now.Targets.Where(target => target.Managed || current.Adopted), current.Tag, current.Digest, current.Adopted);

    public static string Describe(RunningImage image) => image.Digest is null ? image.Tag ?? "latest" : $"{image.Tag}@{image.Digest}";

    /// <summary>What a person set during an attempt stays. <paramref name="pinned"/>: only a person ends that (I17).</summary>
    public static RolloutState.Held Left(DeliverySnapshot now, string message, bool pinned)
    {
        var until = pinned ? $"'slipway resume {now.Name}'" : $"a newer version comes or 'slipway resume {now.Name}'";
        return new(Reasons.Drifted, $"{message}: left as it is until {until}", now.Now, now.Status.Candidate?.Digest, Pinned: pinned);
    }

    public static Move Hold(DeliverySnapshot now, string reason, string message) =>
        Move.To(now, new RolloutState.Held(reason, message, now.Now, now.Status.Candidate?.Digest));

    // The spec follows another repository since. Whether the current digest is there too, only the registry can say; written there unseen, it
    // would take down what runs. The first candidate from there replaces it.
    private static bool IsOfTheRepositoryBefore(DeliverySnapshot now, TargetSnapshot drifted, ReleasedImage current) =>
        drifted.Images.All(image => image is { Author: ImageWriter.Ours, InRepository: false })
        && (now.Sighting as Sighting.Seen)?.Digest != current.Digest;

    private static Move Correct(DeliverySnapshot now, TargetSnapshot drifted, RolloutState then)
    {
        var image = drifted.Images.First(image => !now.Runs(drifted with { Images = [image] }, now.Status.Current!));
        var before = then switch
        {
            RolloutState.Idle idle => idle.Corrections,
            RolloutState.Held held => held.Corrections,
            _ => null,
        };
        var corrections = before is not null && now.Now - before.LastAt < Memory ? new Corrections(before.Count + 1, now.Now) : new Corrections(1, now.Now);
        if (corrections.Count > MaxCorrections)
        {
            return then is RolloutState.Held ? Move.Stay(now, before!.LastAt + Memory) : Hold(now, Reasons.Contested,
                $"{image.Manager} writes another image to {drifted.Key} as often as it is put right, {MaxCorrections} times in a row: "
                + $"take the image out of what it applies, then 'slipway resume {now.Name}'");
        }

        var deadline = now.Now + now.Terms.ProgressDeadline;
        RolloutState after = then is RolloutState.Held hold ? hold with { Corrections = corrections } : new RolloutState.Idle(corrections);
        return Move.To(now, new RolloutState.Correcting($"{image.Manager} set {drifted.Key} to {Describe(image)}", deadline, after), deadline);
    }
}
