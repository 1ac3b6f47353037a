using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>What is told as Kubernetes Events: one sentence for each move of the state, none for a pass that moved nothing.</summary>
public static class Announcements
{
    public static ImmutableArray<Announcement> Of(DeliveryStatus before, DeliveryStatus after, string? refusal)
    {
        var said = ImmutableArray.CreateBuilder<Announcement>();
        if (refusal is not null)
        {
            said.Add(new(true, Reasons.RequestRefused, refusal));
        }

        var (from, to) = (before.Rollout ?? new Idle(), after.Rollout ?? new Idle());
        if (from != to && Sentence(from, to) is { } announcement)
        {
            said.Add(announcement);
        }

        return said.ToImmutable();
    }

    private static Announcement? Sentence(RolloutState from, RolloutState to) => (from, to) switch
    {
        (Advancing a, Advancing b) when a.Attempt.Number == b.Attempt.Number && a.Wave == b.Wave => null,
        (Advancing, Advancing { Wave: > 0 } at) => new(false, Reasons.Advancing, $"release {at.Attempt.Number}: {at.Attempt.Tag} passed on the first target; the others follow"),
        (_, Advancing at) => new(false, Reasons.Started, $"release {at.Attempt.Number}: {at.Attempt.Previous?.Tag ?? "nothing known"} → {at.Attempt.Tag} ({at.Attempt.Digest})"),
        (Reverting, Reverting) => null,
        (_, Reverting back) => new(true, Reasons.RollingBack, $"release {back.Attempt.Number}: {back.Reason}: {back.Message}; going back to {back.Attempt.Previous?.Tag}"),
        (Recording, Recording) => null,
        (_, Recording done) => new(
            done.Result.Outcome is Outcomes.Failed or Outcomes.RolledBack,
            done.Result.Reason == Causes.Adopted ? Reasons.Adopted : done.Result.Outcome,
            $"release {done.Attempt.Number}: {done.Result.Message}"),
        (_, Correcting correcting) => new(false, Reasons.CorrectingDrift, $"{correcting.By}: the current image is written again"),
        (_, Held held) => new(true, held.Reason, held.Message),
        (Held held, _) => new(false, Reasons.Resumed, $"no longer held ({held.Reason})"),
        _ => null,
    };
}
