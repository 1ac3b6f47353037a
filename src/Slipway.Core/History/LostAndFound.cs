using Slipway.Api;
using Slipway.Conditions;
using Slipway.Rollouts;

namespace Slipway.History;

/// <summary>
/// What the history knows and the status does not: a status can be lost (deleted by hand, restored from a backup that leaves it out), and
/// the Releases are still there then.
/// </summary>
public static class LostAndFound
{
    /// <summary>The first Release without an outcome that the status knows nothing of: nobody else would ever give it one (I20).</summary>
    public static Move? Orphan(DeliverySnapshot now)
    {
        var orphan = now.History.Where(release => release.Number > now.Status.LastRelease && !Outcomes.IsFinal(release.Outcome)).MinBy(release => release.Number);
        if (orphan is null)
        {
            return null;
        }

        var attempt = new Attempt(orphan.Number, orphan.Name, now.Terms.Repository, orphan.Tag, orphan.Digest, null, Causes.NewImage, null, orphan.StartedAt);
        var move = Move.End(now, attempt, Outcomes.Superseded, Reasons.StatusLost, "the status of the Delivery was lost while this was under way");
        return move with { Status = move.Status with { LastRelease = orphan.Number } };
    }

    /// <summary>The last image that passed, which is what would be current.</summary>
    public static ReleasedImage? Current(DeliverySnapshot now) =>
        now.History.Where(release => release.Outcome == Outcomes.Succeeded).MaxBy(release => release.Number) is { } last
            ? new ReleasedImage(last.Tag, last.Digest, last.Number)
            : null;
}
