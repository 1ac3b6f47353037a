using Slipway.Api;
using Slipway.Conditions;
using Slipway.Deliveries;
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
            return Move.End(now, at.Attempt, Outcomes.Superseded, Reasons.Drifted, message, Drift.Left(now, message, at.Attempt.IsByHand));
        }

        return now.Now >= Due(now, at)
            ? Fail(now, at.Attempt, Reasons.ProgressDeadlineExceeded, $"the image could not be written within {DurationText.Write(now.Terms.ProgressDeadline)}")
            : Unhealthy(now, at);
    }

    // A hold is served without a break, or not at all.
    private static Move Unhealthy(DeliverySnapshot now, Advancing at) => Move.To(now, at with { HealthySince = null }, Due(now, at));

    // A pod that is moved to another node in the second half of a long hold is not yet a failure, though the first deadline is long past.
    private static DateTimeOffset Due(DeliverySnapshot now, Advancing at) =>
        at.FirstHealthy + now.Terms.Hold + now.Terms.ProgressDeadline is { } due && due > at.Deadline ? due : at.Deadline;

    /// <summary>A target is not there to be watched.</summary>
    public static Move Miss(DeliverySnapshot now, Advancing at, TargetProblem problem) =>
        now.Now >= Due(now, at) ? Fail(now, at.Attempt, problem.Reason, problem.Message) : Unhealthy(now, at);

    private static Move Watch(DeliverySnapshot now, Advancing at, Health health) => health switch
    {
        Health.Failing failing => Fail(now, at.Attempt, failing.Reason, failing.Message),
        Health.Healthy healthy => Hold(now, at, healthy.Available),
        Health.Progressing progressing => Progress(now, at, progressing),
        _ => throw new System.Diagnostics.UnreachableException($"{health}"),
    };

    // Only more pods than ever before are progress: readiness that comes and goes never moves the deadline (I32).
    private static Move Progress(DeliverySnapshot now, Advancing at, Health.Progressing progressing)
    {
        if (now.Now >= Due(now, at))
        {
            return Fail(now, at.Attempt, Reasons.ProgressDeadlineExceeded, $"no progress for {DurationText.Write(now.Terms.ProgressDeadline)}: {progressing.Message}");
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
        // The followers owe no hold: the strategy acts on the first target, and they follow once it has passed.
        var hold = at.Wave == 0 ? now.Terms.Hold : TimeSpan.Zero;
        // A clock that went back must not make the hold longer (I30).
        var since = at.HealthySince <= now.Now ? at.HealthySince.Value : now.Now;
        if (now.Now - since < hold)
        {
            var healthy = at with { HealthySince = since, FirstHealthy = at.FirstHealthy ?? since, HighWater = Math.Max(available, at.HighWater ?? 0) };
            return Move.To(now, healthy, since + hold);
        }

        return at.Wave < now.LastWave() ? NextWave(now, at) : Pass(now, at.Attempt);
    }

    private static Move NextWave(DeliverySnapshot now, Advancing at)
    {
        var deadline = now.Now + now.Terms.ProgressDeadline;
        return Move.To(now, new Advancing(at.Attempt, at.Wave + 1, deadline), deadline);
    }

    private static Move Pass(DeliverySnapshot now, Attempt attempt)
    {
        RolloutState then = attempt.IsByHand
            ? new Held(Reasons.ManualRollback, $"rolled back to {attempt.Tag} by hand; 'slipway resume {now.Name}' follows the source again", now.Now, now.Status.Candidate?.Digest)
            : new Idle();
        var passed = Move.End(now, attempt, Outcomes.Succeeded, Reasons.Succeeded, $"{attempt.Tag} is healthy on every target", then)
            .Passing(new ReleasedImage(attempt.Tag, attempt.Digest, attempt.Number) { Built = attempt.Built });

        // What a person left is rejected when the way is done, not before: until then it is what would be gone back to.
        return attempt is { IsByHand: true, Previous: { } left }
            ? passed.Rejecting(now, left.Tag, left.Digest, left.Release, Reasons.ManualRollback, $"{left.Tag} was rolled back to {attempt.Tag} by {attempt.By ?? "a person"}")
            : passed;
    }

    /// <summary>The attempt did not pass. Its digest is rejected in the same write as the way back is begun, so that no crash can forget it (I16).</summary>
    public static Move Fail(DeliverySnapshot now, Attempt attempt, string reason, string message)
    {
        var move = attempt.Previous switch
        {
            null => Left(Reasons.NothingToRollBackTo, "no earlier version is known to be good", $"push a fixed version, or 'slipway retry {now.Name}'"),
            _ when !now.Terms.RollsBack =>
                Left(Reasons.RollbackDisabled, "spec.rollback is Never", $"push a fixed version, 'slipway rollback {now.Name}' or 'slipway retry {now.Name}'"),
            _ => Revert(now, attempt, reason, message),
        };
        // What once passed and is the current one is not forbidden by a way back to it that failed.
        return attempt.Digest == now.Status.Current?.Digest ? move : move.Rejecting(now, attempt.Tag, attempt.Digest, attempt.Number, reason, message);

        Move Left(string hold, string why, string wayOut)
        {
            wayOut = attempt.IsByHand ? $"'slipway rollback {now.Name} --to NUMBER' goes elsewhere, 'slipway resume {now.Name}' follows the source again" : wayOut;
            // Every candidate but this one is newer, also one that had to wait while this one rolled out.
            var held = new Held(hold, $"{attempt.Tag} failed ({reason}) and {why}: left as it is; {wayOut}", now.Now, attempt.Digest, Pinned: attempt.IsByHand);
            return Move.End(now, attempt, Outcomes.Failed, reason, message, held);
        }
    }

    public static Move Revert(DeliverySnapshot now, Attempt attempt, string reason, string message)
    {
        var deadline = now.Now + now.Terms.ProgressDeadline;
        return Move.To(now, new Reverting(attempt, reason, message, deadline), deadline);
    }
}
