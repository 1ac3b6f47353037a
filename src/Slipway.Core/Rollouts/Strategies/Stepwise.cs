using Slipway.Api;
using Slipway.Checks;
using Slipway.Conditions;
using Slipway.Deliveries;
using Slipway.Explanations;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.History;
using Slipway.Workloads;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts.Strategies;

/// <summary>
/// Canary and blue/green: steps in which the new version runs beside the stable one and takes a share of the requests. Each step is three
/// stages: its pods come up, its share is written and waited for, then it is judged.
/// </summary>
public static class Stepwise
{
    /// <summary>Whether there is anything to step beside: a stable version that runs, and pods of it.</summary>
    public static bool Applies(DeliverySnapshot now, Attempt attempt) =>
        attempt is { Plan.Steps.Count: > 0, Previous: not null, IsByHand: false } && now.Targets is [{ Replicas: > 0 } first, ..] && now.Runs(first, attempt.Previous);

    public static Move Begin(DeliverySnapshot now, Attempt attempt) =>
        Enter(now, attempt, 0, new Side(now.Targets[0].Key.Name, 0, now.Targets[0].Replicas), by: null);

    public static Move Step(DeliverySnapshot now, Stepping at)
    {
        if (now.Obstacle() is { } problem)
        {
            return now.Now >= Due(now, at) ? Ending.Fail(now, at, problem.Reason, problem.Message) : Move.Stay(now, Due(now, at));
        }

        if ((Disturbed(now, at) ?? Resized(now, at)) is { } changed)
        {
            return changed;
        }

        return at.Stage switch
        {
            Stage.Preparing => Prepare(now, at),
            Stage.Shifting => Shift(now, at),
            _ => Hold(now, at),
        };
    }

    /// <summary>Asked before all else: neither an error nor a missing pod keeps an exposure open (I33).</summary>
    public static bool HasRunOut(DeliverySnapshot now, Stepping at) => at.BoxEnds <= now.Now;

    /// <summary>The next step, or the promotion. What raises the exposure asks the gates first (I18).</summary>
    /// <param name="by">Who does not want to wait for the step's end; null: it is over.</param>
    public static Move Next(DeliverySnapshot now, Stepping at, string? by)
    {
        if (RaiseGates.FirstClosed(now, at.Attempt) is { } closed)
        {
            return Move.Stay(now, closed.Until);
        }

        var (plan, step) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step]);
        var attempt = Evidence.Noted(at.Attempt, plan.ChecksOf(step), at.Checks, at.Step, over: true);
        if (at.Step + 1 < plan.Steps.Count)
        {
            return Enter(now, attempt, at.Step + 1, at.Side, by);
        }

        // What moves together switches together: how far this one is, the others read in its status.
        var turn = GroupGate.Switch(now, at.Attempt);
        return turn.Wait is { } wait ? Move.To(now, at with { Attempt = turn.Attempt }, wait.Until) : Promote(now, attempt with { Group = turn.Attempt.Group }, at.Side, by);
    }

    /// <summary>Every step that is left is left out; a person has said so, and it is recorded.</summary>
    public static Move Promote(DeliverySnapshot now, Attempt attempt, Side? side, string? by)
    {
        var deadline = now.Now + now.Terms.ProgressDeadline;
        var noted = attempt.Noted(now, Journal.Promoting, $"{attempt.Tag} goes to every pod of {now.Targets[0].Key}", by);
        var kept = attempt.Plan?.Traffic.Router == RouterKind.Partition ? null : side;
        return Move.To(now, new Advancing(GroupGate.Switched(now, noted), Wave: 0, deadline) { Side = kept }, deadline);
    }

    /// <summary>The exposure was to last so long and no longer.</summary>
    public static Move EndBox(DeliverySnapshot now, Stepping at)
    {
        var (plan, step) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step]);
        var verdict = Evidence.Of(plan.ChecksOf(step), at.Checks, over: true);
        if (step.Then == BoxEnd.Promote && verdict == Verdict.Passed && MayGoOn(now, at) && Next(now, at, by: null) is { Status.Rollout: var next } raised && next != now.State)
        {
            return raised;
        }

        var attempt = Evidence.Noted(at.Attempt, plan.ChecksOf(step), at.Checks, at.Step, over: true);
        var message = $"{attempt.Tag} had its {DurationText.Write(step.For ?? TimeSpan.Zero)} at {step.Weight} %";
        return step.Then == BoxEnd.Revert
            ? Ending.Conclude(now, at with { Attempt = attempt }, Outcomes.Exposed, Reasons.ExposureEnded, $"{message}, as asked", null)
                .Rejecting(now, attempt.Tag, attempt.Digest, attempt.Number, Reasons.ExposureEnded, $"{message}; that is no failure")
            : Ending.Conclude(now, at with { Attempt = attempt }, Outcomes.Exposed, Reasons.ExposureEnded, message, new Held(
                Reasons.ExposureEnded, $"{message}, and a person decides: 'slipway promote {now.Name}' ships it, 'slipway reject {now.Name}' does not", now.Now, attempt.Digest));
    }

    // The end of a box leaves out nothing that the end of a step asks for: a yes, and pods that keep their share.
    private static bool MayGoOn(DeliverySnapshot now, Stepping at) =>
        at.Stage == Stage.Holding && now.Obstacle() is null && Disturbed(now, at) is null && IsServing(now, at) && !NeedsApproval(now, at);

    /// <summary>What the step waits for beside time and pods; null where it waits for nothing of that kind.</summary>
    public static HeldStatus? WaitsFor(DeliverySnapshot now, Stepping at)
    {
        if (at.Stage != Stage.Holding)
        {
            return null;
        }

        var (plan, step, over) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step], IsOver(now, at));
        var verdict = Evidence.Of(plan.ChecksOf(step), at.Checks, over);
        return verdict switch
        {
            Verdict.Inconclusive or Verdict.NoData => new(Reasons.Inconclusive, $"step {at.Step + 1} of {at.Attempt.Tag} is paused: {Evidence.Describe(plan.ChecksOf(step), at.Checks, verdict, over)}; "
                + $"'slipway promote {now.Name}' goes on without it, 'slipway abort {now.Name}' goes back", plan.WaitsForEvidence ? null : Due(now, at)),
            Verdict.Passed when over && NeedsApproval(now, at) => new(Reasons.AwaitingApproval, $"step {at.Step + 1} of {at.Attempt.Tag} has passed and waits for a person: "
                + $"'slipway approve {now.Name}' or 'slipway reject {now.Name}'", step.ApprovalExpires is { } expires ? at.Since + step.Hold + expires : null),
            Verdict.Passed when over && step.For is null =>
                RaiseGates.FirstClosed(now, at.Attempt) ?? (at.Step + 1 == plan.Steps.Count ? GroupGate.Switch(now, at.Attempt).Wait : null),
            _ => null,
        };
    }

    /// <summary>What is told while it goes on.</summary>
    public static string Describe(DeliverySnapshot now, Stepping at)
    {
        var (plan, step) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step]);
        var where = $"step {at.Step + 1} of {plan.Steps.Count} of {at.Attempt.Tag}";
        return at.Stage switch
        {
            Stage.Preparing => $"{where}: {Prepared(now, at)} of {at.Side.Replicas} pods are ready",
            Stage.Shifting => $"{where}: {SideSize.Told(at.Side, plan)}, not yet in effect",
            _ => $"{where}: {SideSize.Told(at.Side, plan)} since {at.Since:u}{(step.Hold > TimeSpan.Zero ? $", held for {DurationText.Write(step.Hold)}" : "")}{(at.BoxEnds is { } ends ? $", until {ends:u} at the latest" : "")}",
        };
    }

    // What the step needs is prepared before any more requests can come.
    private static Move Enter(DeliverySnapshot now, Attempt attempt, int index, Side side, string? by)
    {
        var (plan, step) = (attempt.Plan!, attempt.Plan!.Steps[index]);
        var (router, wanted) = (plan.Traffic.Router, now.Targets is [{ Replicas: > 0 and var pods }, ..] ? pods : side.Of);
        var sized = side with { Replicas = Math.Max(side.Replicas, SideSize.Of(router, Shown(plan, index), wanted)), Of = wanted };

        // Its pods are replaced in place: from here on requests reach them.
        sized = router == RouterKind.Partition ? Exposed(sized, plan, index) : sized;
        var deadline = now.Now + now.Terms.ProgressDeadline;
        var noted = attempt.Noted(now, Journal.StepStarted, $"step {index + 1} of {plan.Steps.Count}: {step.Weight} %, {Words.Pods(sized.Replicas)} beside {sized.Of}", by);
        return Move.To(now, new Stepping(noted, index, Stage.Preparing, sized, deadline, HighWater: 0, BoxEnds: router == RouterKind.Partition ? now.Now + step.For : null), deadline);
    }

    // A quiet step has the pods that the first loud one needs: they are what is tried.
    private static int Shown(RolloutPlan plan, int index) => plan.Steps.Skip(index).FirstOrDefault(step => step.Exposes)?.Weight ?? plan.Steps[index].Weight;

    private static Move Prepare(DeliverySnapshot now, Stepping at)
    {
        var prepared = Prepared(now, at);
        if (prepared >= at.Side.Replicas)
        {
            return Expose(now, at);
        }

        if (now.Now >= at.Deadline)
        {
            return Ending.Fail(now, at, Reasons.ProgressDeadlineExceeded,
                $"no progress for {DurationText.Write(now.Terms.ProgressDeadline)}: {prepared} of {at.Side.Replicas} pods of {at.Attempt.Tag} are ready{Why(now, at)}");
        }

        if (prepared > (at.HighWater ?? 0))
        {
            var deadline = now.Now + now.Terms.ProgressDeadline;
            return Move.To(now, at with { HighWater = prepared, Deadline = deadline }, deadline);
        }

        return Move.Stay(now, at.Deadline);
    }

    // The intent to send requests, with the instant at which that ends, is stored before the first one can come.
    private static Move Expose(DeliverySnapshot now, Stepping at)
    {
        var (plan, step) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step]);
        var side = Exposed(at.Side, plan, at.Step);
        if (side == at.Side)
        {
            return Judge(now, at with { BoxEnds = at.BoxEnds ?? now.Now + step.For });
        }

        var deadline = now.Now + now.Terms.ProgressDeadline;
        var noted = at.Attempt.Noted(now, Journal.Shifting, SideSize.Told(side, plan));
        return Move.To(now, at with { Attempt = noted, Stage = Stage.Shifting, Side = side, Deadline = deadline, BoxEnds = at.BoxEnds ?? now.Now + step.For }, deadline);
    }

    private static Side Exposed(Side side, RolloutPlan plan, int index)
    {
        var (step, router) = (plan.Steps[index], plan.Traffic.Router);
        int? rules = step.Match is not null || step.Mirror ? index : null;
        if (!step.Exposes)
        {
            return side;
        }

        // In place no pod is kept beside the share: as many are to be ready as have the new version, also where the workload was made smaller.
        var size = SideSize.Of(router, step.Weight, side.Of);
        var (replicas, open, weight) = router switch
        {
            RouterKind.Partition => (size, size, 0),
            RouterKind.Pods => (side.Replicas, Math.Min(side.Replicas, size), 0),
            _ => (side.Replicas, 0, step.Weight),
        };
        return (side.Replicas, side.Open, side.Weight, side.Rules) == (replicas, open, weight, rules)
            ? side : side with { Replicas = replicas, Open = open, Weight = weight, Rules = rules, InEffectSince = null };
    }

    private static Move Shift(DeliverySnapshot now, Stepping at)
    {
        if (!IsInEffect(now, at))
        {
            return now.Now >= at.Deadline
                ? Ending.Fail(now, at, Reasons.TrafficNotShifted, $"the share of {at.Attempt.Tag} did not come into effect within {DurationText.Write(now.Terms.ProgressDeadline)}{Why(now, at)}")
                : Move.To(now, at with { Side = at.Side with { InEffectSince = null } }, at.Deadline);
        }

        var since = at.Side.InEffectSince <= now.Now ? at.Side.InEffectSince.Value : now.Now;
        var settled = since + at.Attempt.Plan!.Traffic.Settle;
        return now.Now < settled
            ? Move.To(now, at with { Side = at.Side with { InEffectSince = since } }, settled)
            : Judge(now, at with { Side = at.Side with { InEffectSince = since } });
    }

    // The clock of the step, and of all that is measured in it, starts here.
    private static Move Judge(DeliverySnapshot now, Stepping at)
    {
        var (plan, step) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step]);
        var holding = at with { Stage = Stage.Holding, Since = now.Now, Checks = Evidence.Begin(plan.ChecksOf(step), now.Now) };
        return Move.To(now, holding, now.Now + step.Hold);
    }

    private static Move Hold(DeliverySnapshot now, Stepping at)
    {
        // A clock that went back does not make the hold longer (I30).
        at = at.Since > now.Now ? at with { Since = now.Now } : at;
        var (plan, step) = (at.Attempt.Plan!, at.Attempt.Plan!.Steps[at.Step]);
        var checks = plan.ChecksOf(step);
        var taken = Evidence.Taken(now, at.Attempt, at.Step, checks, at.Checks);
        var (over, judged) = (IsOver(now, at), at with { Checks = taken ?? at.Checks });
        var verdict = Evidence.Of(checks, judged.Checks, over);
        if (verdict == Verdict.Failed)
        {
            return Ending.Fail(now, judged, Reasons.CheckFailed, Evidence.Describe(checks, judged.Checks, verdict, over));
        }

        if (taken is not null || !over)
        {
            return Move.To(now, judged, Wake(now, judged));
        }

        return verdict == Verdict.Passed && IsServing(now, judged) ? Decide(now, judged) : Wait(now, judged, checks, verdict);
    }

    private static Move Decide(DeliverySnapshot now, Stepping at)
    {
        var step = at.Attempt.Plan!.Steps[at.Step];
        if (NeedsApproval(now, at))
        {
            var expires = at.Since + step.Hold + step.ApprovalExpires;
            return expires <= now.Now ? Ending.Fail(now, at, Reasons.ApprovalExpired, $"nobody said yes within {DurationText.Write(step.ApprovalExpires!.Value)}")
                : Move.To(now, at, expires);
        }

        // A time box lasts as long as it says; what follows is said there.
        return step.For is not null ? Move.To(now, at) : Next(now, at, by: null);
    }

    // The time is over, and it is not known to be good: too few of its pods serve, or nothing could be measured.
    private static Move Wait(DeliverySnapshot now, Stepping at, IReadOnlyList<CheckPlan> checks, Verdict verdict)
    {
        var due = Due(now, at);
        var waits = verdict != Verdict.Passed && at.Attempt.Plan!.WaitsForEvidence;
        if (now.Now < due || waits)
        {
            return Move.To(now, at, waits ? null : due);
        }

        return verdict == Verdict.Passed
            ? Ending.Fail(now, at, Reasons.ProgressDeadlineExceeded, $"the pods of {at.Attempt.Tag} did not keep their share{Why(now, at)}")
            : Ending.Fail(now, at, Reasons.NoEvidence, $"no evidence for {at.Attempt.Tag} within {DurationText.Write(now.Terms.ProgressDeadline)} after its hold: {Evidence.Describe(checks, at.Checks, verdict, over: true)}");
    }

    // An autoscaler or a person has changed the stable side's size: the share stays what it is. Pods are only ever added before the drain (I2).
    private static Move? Resized(DeliverySnapshot now, Stepping at)
    {
        var (plan, wanted) = (at.Attempt.Plan!, now.Targets[0].Replicas);
        if (wanted == at.Side.Of)
        {
            return null;
        }

        var size = SideSize.Of(plan.Traffic.Router, Shown(plan, at.Step), wanted);
        var grown = at.Side with { Replicas = Math.Max(at.Side.Replicas, size), Of = wanted };

        // Until its own share is written, what is open is what the step before had opened.
        var side = at.Side.IsExposed ? Exposed(grown, plan, at.Stage == Stage.Preparing && plan.Traffic.Router != RouterKind.Partition ? at.Step - 1 : at.Step) with { InEffectSince = at.Side.InEffectSince } : grown;

        // An autoscaler that changes nothing of it is not written down, but where the ordinal is reckoned from that number.
        return (plan.Traffic.Router == RouterKind.Partition ? side : side with { Of = at.Side.Of }) == at.Side ? null
            : Move.To(now, at with { Attempt = at.Attempt.Noted(now, Journal.Resized, $"{at.Side.Stable} has {wanted} pods now: {SideSize.Told(side, plan)}"), Side = side }, at.Since is null ? at.Deadline : Wake(now, at));
    }

    private static Move? Disturbed(DeliverySnapshot now, Stepping at)
    {
        var (attempt, first) = (at.Attempt, now.Targets[0]);
        var partition = attempt.Plan!.Traffic.Router == RouterKind.Partition;
        if (first.Key.Name != at.Side.Stable)
        {
            return Cut($"the first target is {first.Key} now, and {attempt.Tag} ran beside {at.Side.Stable}", Reasons.Superseded, null);
        }

        // Beside nothing there is no share; the next attempt writes the image, and pods come with it when they are wanted again.
        if (first.Replicas == 0)
        {
            return Ending.Conclude(now, at, Outcomes.Superseded, Reasons.Superseded, $"{first.Key} was scaled to zero", null);
        }

        // Where the stable side itself is stepped, both images stand there in their time.
        var (untouched, previous) = (now.Runs(first, attempt.Previous!), attempt.Previous!);
        if (!untouched && !(partition && now.Runs(first, attempt.Tag, attempt.Digest)))
        {
            return now.SetByPerson([first], partition ? attempt.Tag : previous.Tag, partition ? attempt.Digest : previous.Digest, previous.Adopted) is { } set
                ? Drifted($"{set.Image.Manager} set {set.Target.Key} to {Drift.Describe(set.Image)} while {attempt.Tag} ran beside it")
                : Cut($"{first.Images[0].Manager} changed the image of {first.Key} while {attempt.Tag} ran beside it", Reasons.Drifted, null);
        }

        var seen = Seen(now, at);
        if (seen is { Health: Health.Failing failing })
        {
            return Ending.Fail(now, at, failing.Reason, failing.Message);
        }

        // Whatever it is, it is not what is to be tried: a side is never given another image (I8).
        // Then the step begins again, with its pods: where one of it was open, no request may come before they are ready.
        return !partition && seen is { Digest: var digest } && digest != attempt.Digest
            ? Move.To(now, at with { Stage = Stage.Preparing, Side = at.Side.Close(), HighWater = 0, Since = null, Checks = null }).Before(now, attempt, at.Side, gently: false)
            : null;

        Move Drifted(string message) => Cut(message, Reasons.Drifted, Drift.Left(now, message, pinned: false));

        Move Cut(string message, string reason, RolloutState? then) =>
            Move.End(now, attempt, Outcomes.Superseded, reason, message, then).Before(now, attempt, at.Side, gently: true);
    }

    /// <summary>What is seen of the new version's pods; where the stable workload itself is stepped, that is a part of it.</summary>
    private static SideSnapshot? Seen(DeliverySnapshot now, Stepping at)
    {
        if (at.Attempt.Plan!.Traffic.Router != RouterKind.Partition)
        {
            return now.Side;
        }

        var first = now.Targets[0];
        var placed = now.Runs(first, at.Attempt.Tag, at.Attempt.Digest) && first.Partition == Math.Max(0, at.Side.Of - at.Side.Open);
        var ready = placed && first.Health is Health.Healthy ? at.Side.Open : placed ? Math.Min(first.Updated, at.Side.Open - 1) : 0;
        return new SideSnapshot(first.Key.Name, at.Attempt.Digest, at.Side.Replicas, ready, ready, placed ? first.Health : new Health.Progressing("the image is being written", 0));
    }

    private static int Prepared(DeliverySnapshot now, Stepping at) => Seen(now, at) is { Going: false } side && side.Replicas >= at.Side.Replicas ? side.Prepared : 0;

    private static bool IsInEffect(DeliverySnapshot now, Stepping at) => at.Attempt.Plan!.Traffic.Router switch
    {
        RouterKind.Partition => true,
        RouterKind.Pods => now.Side is { } side && side.Open == at.Side.Open && side.Serving >= at.Side.Open && now.Traffic is null or { InEffect: true },
        _ => now.Traffic is { InEffect: true, Problem: null } traffic && traffic.Weight == at.Side.Weight && traffic.Rules == at.Side.Rules,
    };

    // At the end of the hold the share must be what it was at its beginning.
    private static bool IsServing(DeliverySnapshot now, Stepping at) =>
        Prepared(now, at) >= at.Side.Replicas && (!at.Attempt.Plan!.Steps[at.Step].Exposes || IsInEffect(now, at));

    private static bool IsOver(DeliverySnapshot now, Stepping at) => now.Now >= at.Since + at.Attempt.Plan!.Steps[at.Step].Hold;

    private static bool NeedsApproval(DeliverySnapshot now, Stepping at) =>
        at.Attempt.Plan!.Steps[at.Step].Approval && now.Status.Approvals?.Any(yes => yes.Digest == at.Attempt.Digest && yes.At >= at.Since) != true;

    private static DateTimeOffset Due(DeliverySnapshot now, Stepping at) =>
        at.Since is { } since ? since + at.Attempt.Plan!.Steps[at.Step].Hold + now.Terms.ProgressDeadline : at.Deadline;

    private static DateTimeOffset? Wake(DeliverySnapshot now, Stepping at)
    {
        var over = at.Since!.Value + at.Attempt.Plan!.Steps[at.Step].Hold;
        return over > now.Now ? over : now.Now < Due(now, at) ? Due(now, at) : null;
    }

    private static string Why(DeliverySnapshot now, Stepping at) => (now.Traffic?.Problem ?? (Seen(now, at)?.Health as Health.Progressing)?.Message) is { } why ? $": {why}" : "";
}
