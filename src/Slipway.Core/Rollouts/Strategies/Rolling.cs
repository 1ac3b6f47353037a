using Slipway.Api;
using Slipway.Checks;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.History;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts.Strategies;

/// <summary>
/// The workload's own rolling update, watched: the first target, its hold, then the targets that follow it.
/// </summary>
public static class Rolling
{
    public static Move Step(DeliverySnapshot now, Advancing at)
    {
        var touched = now.UpToWave(at.Wave).ToArray();
        var placed = touched.All(target => now.Runs(target, at.Attempt.Tag, at.Attempt.Digest));
        return placed ? Watch(now, at, Targets.Together(touched)) : Place(now, at, touched);
    }

    // The image is not, or no longer, on every target of the wave.
    private static Move Place(DeliverySnapshot now, Advancing at, TargetSnapshot[] touched)
    {
        // Before it was seen there, whatever stands there is what stood there before the attempt.
        var seen = at.HighWater is not null ? touched : at.Wave > 0 ? now.UpToWave(at.Wave - 1) : [];
        if (now.SetByPerson(seen, at.Attempt.Tag, at.Attempt.Digest) is { } set)
        {
            var message = $"{set.Image.Manager} set {set.Target.Key} to {Drift.Describe(set.Image)} while {at.Attempt.Tag} was rolling out";
            return Move.End(now, at.Attempt, Outcomes.Superseded, Reasons.Drifted, message, Drift.Left(now, message, at.Attempt.IsByHand)).Before(now, at.Attempt, at.Side, gently: true);
        }

        return now.Now >= Due(now, at)
            ? Ending.Fail(now, at, Reasons.ProgressDeadlineExceeded, $"the image could not be written within {DurationText.Write(now.Terms.ProgressDeadline)}")
            : Unhealthy(now, at);
    }

    // A hold is served without a break, or not at all.
    private static Move Unhealthy(DeliverySnapshot now, Advancing at) => Move.To(now, at with { HealthySince = null }, Due(now, at));

    // A pod that is moved to another node in the second half of a long hold is not yet a failure, though the first deadline is long past.
    private static DateTimeOffset Due(DeliverySnapshot now, Advancing at) =>
        at.FirstHealthy + HoldOf(now, at) + now.Terms.ProgressDeadline is { } due && due > at.Deadline ? due : at.Deadline;

    /// <summary>A target is not there to be watched.</summary>
    public static Move Miss(DeliverySnapshot now, Advancing at, TargetProblem problem) =>
        now.Now >= Due(now, at) ? Ending.Fail(now, at, problem.Reason, problem.Message) : Unhealthy(now, at);

    private static Move Watch(DeliverySnapshot now, Advancing at, Health health) => health switch
    {
        Health.Failing failing => Ending.Fail(now, at, failing.Reason, failing.Message),
        Health.Healthy healthy => Hold(now, at, healthy.Available),
        Health.Progressing progressing => Progress(now, at, progressing),
        _ => throw new System.Diagnostics.UnreachableException($"{health}"),
    };

    // Only more pods than ever before are progress: readiness that comes and goes never moves the deadline (I32).
    private static Move Progress(DeliverySnapshot now, Advancing at, Health.Progressing progressing)
    {
        if (now.Now >= Due(now, at))
        {
            return Ending.Fail(now, at, Reasons.ProgressDeadlineExceeded, $"no progress for {DurationText.Write(now.Terms.ProgressDeadline)}: {progressing.Message}");
        }

        if (at.HighWater is null || progressing.Available > at.HighWater)
        {
            var deadline = now.Now + now.Terms.ProgressDeadline;
            return Move.To(now, at with { HighWater = progressing.Available, Deadline = deadline, HealthySince = null }, deadline);
        }

        return Unhealthy(now, at);
    }

    private static Move Hold(DeliverySnapshot now, Advancing at, int available)
    {
        // A clock that went back must not make the hold longer (I30).
        var since = at.HealthySince <= now.Now ? at.HealthySince.Value : now.Now;
        var checks = at.Wave == 0 ? at.Attempt.Plan?.ChecksOfPromotion() ?? [] : [];
        var taken = Evidence.Taken(now, at.Attempt, Steps.Promotion, checks, at.Checks);
        var healthy = at with
        {
            HealthySince = since,
            FirstHealthy = at.FirstHealthy ?? since,
            HighWater = Math.Max(available, at.HighWater ?? 0),
            Checks = taken ?? at.Checks ?? Evidence.Begin(checks, now.Now),
        };
        var over = now.Now - since >= HoldOf(now, at) || at.HurriedBy is not null;
        var verdict = Evidence.Of(checks, healthy.Checks, over);
        return verdict switch
        {
            Verdict.Failed => Ending.Fail(now, healthy, Reasons.CheckFailed, Evidence.Describe(checks, healthy.Checks, verdict, over)),
            _ when taken is not null || !over => Move.To(now, healthy, over ? Due(now, healthy) : since + HoldOf(now, at)),
            _ when verdict == Verdict.Passed || at.HurriedBy is not null => at.Wave < now.LastWave() ? NextWave(now, healthy, Noted(healthy)) : Together(now, healthy, Noted(healthy)),
            _ when at.Attempt.Plan!.WaitsForEvidence => Move.To(now, healthy),
            _ when now.Now < Due(now, healthy) => Move.To(now, healthy, Due(now, healthy)),
            _ => Ending.Fail(now, healthy, Reasons.NoEvidence, $"no evidence for {at.Attempt.Tag}: {Evidence.Describe(checks, healthy.Checks, verdict, over)}"),
        };

        Attempt Noted(Advancing passed) => Evidence.Noted(passed.Attempt, checks, passed.Checks, Steps.Promotion, over: true);
    }

    /// <summary>What the promotion waits for beside time and pods; null where it waits for nothing of that kind.</summary>
    public static HeldStatus? WaitsFor(DeliverySnapshot now, Advancing at)
    {
        if (at.Attempt.Group is { Phase: GroupPhase.Settled })
        {
            return GroupGate.Pass(now, at.Attempt).Wait;
        }

        if (at.Wave < now.LastWave() && RaiseGates.FirstClosed(now, at.Attempt) is { } closed)
        {
            return closed;
        }

        var checks = at.Attempt.Plan?.ChecksOfPromotion() ?? [];
        if (at.Wave > 0 || at.HealthySince is null || checks.Count == 0)
        {
            return null;
        }

        return Evidence.Of(checks, at.Checks, over: true) is var verdict and (Verdict.Inconclusive or Verdict.NoData)
            ? new(Reasons.Inconclusive, $"{at.Attempt.Tag} runs on every pod, and it is not known whether it is good: {Evidence.Describe(checks, at.Checks, verdict, over: true)}; "
                + $"'slipway promote {now.Name}' lets it pass, 'slipway abort {now.Name}' goes back", at.Attempt.Plan!.WaitsForEvidence ? null : Due(now, at))
            : null;
    }

    // The followers owe no hold: the strategy acts on the first target, and they follow once it has passed.
    public static TimeSpan HoldOf(DeliverySnapshot now, Advancing at) => at.Wave > 0 ? TimeSpan.Zero
        : at.Attempt.Plan is { Strategy: not StrategyKind.Rolling } plan ? plan.Bake : now.Terms.Hold;

    // The targets that follow are more requests for the new version (I18).
    private static Move NextWave(DeliverySnapshot now, Advancing at, Attempt noted)
    {
        if (RaiseGates.FirstClosed(now, at.Attempt) is { } closed)
        {
            return Move.To(now, at, closed.Until);
        }

        var deadline = now.Now + now.Terms.ProgressDeadline;
        return Move.To(now, new Advancing(noted, at.Wave + 1, deadline) { Side = at.Side }, deadline);
    }

    // Nobody of a group has passed before all have.
    private static Move Together(DeliverySnapshot now, Advancing at, Attempt noted)
    {
        var turn = GroupGate.Pass(now, at.Attempt);
        var together = at with { Attempt = noted with { Group = turn.Attempt.Group } };
        return turn.Wait is { } wait ? Move.To(now, together, wait.Until) : Pass(now, together);
    }

    /// <summary>It has promised the others to stay, and is not judged any more: it passes when they have promised too.</summary>
    public static Move Settled(DeliverySnapshot now, Advancing at) => Together(now, at, at.Attempt);

    private static Move Pass(DeliverySnapshot now, Advancing at)
    {
        var attempt = at.Attempt;
        RolloutState then = attempt.IsByHand
            ? new Held(Reasons.ManualRollback, $"rolled back to {attempt.Tag} by {attempt.By ?? "hand"}; 'slipway resume {now.Name}' follows the source again", now.Now, now.Status.Candidate?.Digest)
            : new Idle();
        var passed = Move.End(now, attempt, Outcomes.Succeeded, Reasons.Succeeded, $"{attempt.Tag} is healthy on every target", then)
            .Passing(new ReleasedImage(attempt.Tag, attempt.Digest, attempt.Number) { Built = attempt.Built });

        // What a person left is rejected when the way is done, not before: until then it is what would be gone back to.
        return (attempt is { IsByHand: true, Previous: { } left }
            ? passed.Rejecting(now, left.Tag, left.Digest, left.Release, Reasons.ManualRollback, $"{left.Tag} was rolled back to {attempt.Tag} by {attempt.By ?? "a person"}")
            : passed).Before(now, attempt, at.Side, gently: true);
    }
}
