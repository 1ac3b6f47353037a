using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.History;
using Slipway.Rollouts.Strategies;
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
        (not Stepping, Advancing at) => new(false, Reasons.Started, $"release {at.Attempt.Number}: {at.Attempt.Previous?.Tag ?? "nothing known"} → {at.Attempt.Tag} ({at.Attempt.Digest})"),
        (Stepping a, Stepping b) when a.Step == b.Step && a.Stage == b.Stage => null,
        (Stepping, Stepping { Stage: Stage.Holding } at) => new(false, Reasons.Stepping, $"release {at.Attempt.Number}: step {at.Step + 1} of {at.Attempt.Plan!.Steps.Count}: {SideSize.Told(at.Side, at.Attempt.Plan)} is in effect"),
        (Stepping, Stepping { Stage: Stage.Preparing } at) => new(false, Reasons.Stepping, $"release {at.Attempt.Number}: step {at.Step + 1} of {at.Attempt.Plan!.Steps.Count} begins"),
        (Stepping, Stepping) => null,
        (Draining, Stepping) => null,
        (_, Stepping at) => new(false, Reasons.Started, $"release {at.Attempt.Number}: {at.Attempt.Previous?.Tag} → {at.Attempt.Tag} ({at.Attempt.Digest}), beside {at.Side.Stable} in {at.Attempt.Plan!.Steps.Count} steps"),
        (Stepping, Advancing at) => new(false, Reasons.Advancing, $"release {at.Attempt.Number}: {at.Attempt.Tag} has passed every step beside the stable version and goes to every pod"),
        (Draining, Draining) => null,
        (_, Draining { Then: Reverting back }) => new(true, Reasons.RollingBack, $"release {back.Attempt.Number}: {back.Reason}: {back.Message}; requests are taken from {back.Attempt.Tag}"),
        (_, Draining at) => new(false, Reasons.Draining, at.Attempt is { } attempt ? $"release {attempt.Number}: {Drain.Describe(at)}" : $"something runs beside {at.Side.Stable} that no rollout knows of: it is removed"),
        (Draining, Reverting) => null,
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
