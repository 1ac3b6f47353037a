using Slipway.Api;
using Slipway.Checks;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.History;
using Slipway.Rollouts.Strategies;

namespace Slipway.Rollouts;

/// <summary>How an attempt begins.</summary>
public static class Starting
{
    /// <summary>
    /// The candidate, if it is another image than <paramref name="running"/> and every gate is open; while it is too young, the newest one before
    /// it that has rested.
    /// </summary>
    public static CandidateStatus? Startable(DeliverySnapshot now, string? running) =>
        now.Status.Candidate is not { } candidate ? null
        : candidate.Digest != running && StartGates.FirstClosed(now, candidate) is null ? candidate
        : Resting.Ripe(now.Status, now.Terms, now.Now) is { } ripe && ripe.Digest != running
            && Resting.StandIn(now, ripe) is { } world && StartGates.FirstClosed(world, ripe) is null ? ripe
        : null;

    public static Move NewImage(DeliverySnapshot now, CandidateStatus candidate) =>
        Begin(now, Approvals.Recorded(now, Draw(now, candidate.Tag, candidate.Digest, Causes.NewImage, by: null) with { Built = candidate.Built, Plan = PlanOf(now), Group = GroupGate.Join(now) }));

    /// <summary>Beside the stable version where the plan says so and there is one; else on the workload itself.</summary>
    public static Move Begin(DeliverySnapshot now, Attempt attempt)
    {
        if (!Stepwise.Applies(now, attempt))
        {
            // There is nothing before its switch, so it begins with that. What would have been measured in its steps is measured then: a version is
            // never spared its checks because there is nothing to run it beside. Only who goes back by hand has chosen a version that had passed.
            var plan = attempt is { IsByHand: false, Plan: { } asked } ? asked with { Steps = [] } : attempt.Plan;
            return Advance(now, attempt with { Plan = plan, Group = attempt.Group is { } group ? group with { Phase = GroupPhase.Switched } : null });
        }

        var move = Stepwise.Begin(now, attempt);
        return move with { Status = move.Status with { LastRelease = attempt.Number } };
    }

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

    // What an edit changes counts from the next attempt on.
    private static RolloutPlan? PlanOf(DeliverySnapshot now)
    {
        var plan = now.Terms.Plan ?? (now.Checks.Count > 0 ? new RolloutPlan() : null);
        if (plan is null)
        {
            return null;
        }

        // What is checked before the first request has a step of its own, in which the pods run and nothing is sent to them.
        var quiet = plan is { Strategy: StrategyKind.Canary, Traffic.Router: not RouterKind.Partition } && now.Checks.Any(check => check.When == CheckMoment.Before);
        return plan with { Checks = now.Checks, Steps = quiet ? [new PlanStep(0), .. plan.Steps] : plan.Steps };
    }

    /// <summary>The gate that keeps the candidate from starting; null where none does, or it is what rolls out or runs already.</summary>
    public static HeldStatus? ClosedGate(DeliverySnapshot now)
    {
        var running = now.State is RolloutState.Advancing or RolloutState.Stepping ? now.State.Attempted!.Digest : now.Status.Current?.Digest;
        return now.Status.Candidate is { } candidate && candidate.Digest != running ? StartGates.FirstClosed(now, candidate) : null;
    }
}
