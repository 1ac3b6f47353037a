using Slipway.Api;
using Slipway.Gates;
using Slipway.History;

namespace Slipway.Rollouts;

/// <summary>How an attempt begins.</summary>
public static class Starting
{
    /// <summary>The candidate, if it is another image than <paramref name="running"/> and every gate is open.</summary>
    public static CandidateStatus? Startable(DeliverySnapshot now, string? running) =>
        now.Status.Candidate is { } candidate && candidate.Digest != running && StartGates.FirstClosed(now, candidate) is null ? candidate : null;

    public static Move NewImage(DeliverySnapshot now, CandidateStatus candidate) =>
        Advance(now, Draw(now, candidate.Tag, candidate.Digest, Causes.NewImage, by: null));

    public static Move Advance(DeliverySnapshot now, Attempt attempt)
    {
        var deadline = now.Now + now.Terms.ProgressDeadline;
        return new(now.Status with { Rollout = new RolloutState.Advancing(attempt, Wave: 0, deadline), LastRelease = attempt.Number }, deadline);
    }

    /// <summary>Draws the next number. It exceeds every Release that is known, so that a status that was lost does not lead to a name that is taken.</summary>
    public static Attempt Draw(DeliverySnapshot now, string? tag, string digest, string cause, string? by)
    {
        var number = now.History.Select(release => release.Number).Append(now.Status.LastRelease).Max() + 1;
        // A way back to the same image is none.
        var previous = now.Status.Current is { } current && current.Digest != digest ? current : null;
        return new(number, ReleaseName.For(now.Name, now.Uid, number, digest), now.Terms.Repository, tag, digest, previous, cause, by, now.Now);
    }

    /// <summary>When a closed gate may open by itself.</summary>
    public static DateTimeOffset? Opens(DeliverySnapshot now) =>
        now.Status.Candidate is { } candidate && candidate.Digest != now.Status.Current?.Digest ? StartGates.FirstClosed(now, candidate)?.Until : null;
}
