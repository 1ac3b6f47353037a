using Slipway.Api;
using Slipway.History;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Rollouts;

/// <summary>
/// How a Delivery takes over what runs already. What is healthy becomes the first good version, without a write to the workload:
/// installing Slipway restarts no pod, and the first bad rollout has somewhere to go back to.
/// </summary>
public static class Adoption
{
    public static Move Step(DeliverySnapshot now)
    {
        var first = now.Targets[0];
        var (tag, digest) = Found(now, first);
        return first.Health switch
        {
            Health.Healthy when digest is not null => Adopt(now, tag, digest, first),
            // The registry has answered and does not know the running tag (any more): there is no digest to go back to.
            Health.Healthy when now.Sighting is Sighting.Seen => WithoutBaseline(now),
            Health.Healthy => Move.Stay(now),
            Health.Progressing when now.Now < Patience(now) => Move.Stay(now, Patience(now)),
            _ => WithoutBaseline(now),
        };
    }

    /// <summary>Until this instant a workload that is still settling is waited for. It hangs on no pass, so no pass can move it.</summary>
    private static DateTimeOffset Patience(DeliverySnapshot now) => now.CreatedAt + now.Terms.ProgressDeadline;

    private static Move Adopt(DeliverySnapshot now, string? tag, string digest, TargetSnapshot first)
    {
        var attempt = Starting.Draw(now, tag, digest, Causes.Adopted, by: null);
        var recording = Move.End(now, attempt, Outcomes.Succeeded, Causes.Adopted, $"{tag ?? digest} was running when Slipway took over");
        var current = new ReleasedImage(tag, digest, attempt.Number, Adopted: first.Images.Any(image => image.Digest is null));
        var adopted = recording.Passing(current);
        return adopted with { Status = adopted.Status with { LastRelease = attempt.Number } };
    }

    // An unhealthy stable never blocks the rollout that replaces it (I34). What passed before the status was lost is a baseline still.
    private static Move WithoutBaseline(DeliverySnapshot now) =>
        LostAndFound.Current(now) is { } known ? new(now.Status with { Current = known })
        : Starting.Startable(now, running: null) is { } candidate ? Starting.NewImage(now, candidate) : Move.Stay(now);

    private static (string? Tag, string? Digest) Found(DeliverySnapshot now, TargetSnapshot first)
    {
        var images = first.Images.Select(image => (image.Tag, image.Digest)).Distinct().ToArray();
        return images is [var only] && first.Images.All(image => image.InRepository) ? (only.Tag, only.Digest ?? now.RunningDigest) : (null, null);
    }
}
