using System.Globalization;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Groups;
using Slipway.Rollouts;
using Slipway.Signatures;
using Slipway.Sources;

namespace Slipway.Gates;

/// <summary>Says why this candidate may not start now, or null when it has nothing against it.</summary>
public delegate HeldStatus? Gate(DeliverySnapshot now, CandidateStatus candidate);

/// <summary>What must be true before a rollout starts, in the order in which a reader of the status wants to hear of it.</summary>
public static class StartGates
{
    public static readonly IReadOnlyList<Gate> All =
    [
        Suspended, Frozen, Rejected, Downgrade, Platform, Unsigned, TooYoung, OtherGates.AfterOthers, Unconfirmed, Approvals.Gate, OutsideWindow, Busy, Strategy, TooCoarse,
        OtherGates.NoRoom, GroupGate.Start,
    ];

    public static HeldStatus? FirstClosed(DeliverySnapshot now, CandidateStatus candidate)
    {
        foreach (var gate in All)
        {
            if (gate(now, candidate) is { } held)
            {
                return held;
            }
        }

        return null;
    }

    private static HeldStatus? Suspended(DeliverySnapshot now, CandidateStatus candidate) =>
        now.Terms.Suspended
            ? new(Reasons.Suspended, $"spec.suspend is true: {candidate.Tag} waits; 'slipway resume {now.Name}' lets it go on")
            : null;

    private static HeldStatus? Frozen(DeliverySnapshot now, CandidateStatus candidate) => Waits(candidate, Closings.Frozen(now));

    private static HeldStatus? OutsideWindow(DeliverySnapshot now, CandidateStatus candidate) => Waits(candidate, Closings.OutsideWindow(now));

    private static HeldStatus? Waits(CandidateStatus candidate, Closing? closing) =>
        closing is null ? null : new(closing.Reason, $"{candidate.Tag} waits: {closing.Clause}", closing.Until);

    private static HeldStatus? Rejected(DeliverySnapshot now, CandidateStatus candidate) =>
        Rejections.Find(now.Status.Rejected, candidate.Digest, now.Terms.Fingerprint) is { } rejection
            ? new(Reasons.Rejected, $"{candidate.Tag} was rejected {(rejection.Reason == Reasons.RejectedByPerson ? "" : $"in release {rejection.Release} ")}({rejection.Reason}: {rejection.Message}); "
                + $"push a newer version, or 'slipway retry {now.Name}' tries it again")
            : null;

    private static HeldStatus? Downgrade(DeliverySnapshot now, CandidateStatus candidate)
    {
        var (newest, built) = now.State is RolloutState.Advancing or RolloutState.Stepping ? (now.State.Attempted!.Tag, now.State.Attempted.Built) : (now.Status.Current?.Tag, now.Status.Current?.Built);
        var isOlder = candidate.Built is not null && built is not null ? candidate.Built < built
            : newest is not null && candidate.Tag is not null && now.Terms.CompareTags(candidate.Tag, newest) < 0;
        return isOlder
            ? new(Reasons.Downgrade, $"{candidate.Tag} is older than {newest}: a version is not lowered because a tag vanished; "
                + $"'slipway rollback {now.Name}' goes back on purpose")
            : null;
    }

    private static HeldStatus? Platform(DeliverySnapshot now, CandidateStatus candidate) =>
        now.PlatformProblem is { } problem
            ? new(Reasons.PlatformMismatch, $"{candidate.Tag}: {problem}; build the image for that platform, or keep the pods off such nodes")
            : null;

    // What was not seen by this process is not verified either: Unconfirmed says so.
    private static HeldStatus? Unsigned(DeliverySnapshot now, CandidateStatus candidate) => now.Verification switch
    {
        Verification.NotRequired => null,
        _ when now.Sighting is not Sighting.Seen => null,
        Verification.Verified verified when verified.Digest == candidate.Digest => null,
        Verification.Refused refused when refused.Digest == candidate.Digest => new(refused.Reason, $"{candidate.Tag}: {refused.Message}"),
        _ => new(Reasons.SignaturePending, $"{candidate.Tag} waits until its signatures were looked for"),
    };

    private static HeldStatus? TooYoung(DeliverySnapshot now, CandidateStatus candidate)
    {
        var due = candidate.FirstSeen + now.Terms.MinimumAge;
        return due > now.Now
            ? new(Reasons.TooYoung, string.Create(CultureInfo.InvariantCulture, $"{candidate.Tag} rests until {due:u} (spec.source.minimumAge)"), due)
            : null;
    }

    private static HeldStatus? Busy(DeliverySnapshot now, CandidateStatus candidate) =>
        now.Targets.Select(target => target.Busy).OfType<string>().FirstOrDefault() is { } busy
            ? new(Reasons.TargetBusy, $"{candidate.Tag} waits: {busy}")
            : null;

    private static HeldStatus? Strategy(DeliverySnapshot now, CandidateStatus candidate) =>
        now.StrategyProblem is { } problem ? new(problem.Reason, $"{candidate.Tag} waits: {problem.Message}") : null;

    // Without a router one pod is the least that can be shown, and of few pods that is much.
    private static HeldStatus? TooCoarse(DeliverySnapshot now, CandidateStatus candidate)
    {
        if (now.Terms.Plan is not { AllowCoarse: false, Traffic.Router: RouterKind.Pods or RouterKind.Partition } plan || now.Targets is not [{ Replicas: > 0 } first, ..])
        {
            return null;
        }

        var weight = plan.Steps.FirstOrDefault(step => step.Exposes)?.Weight ?? 0;
        var least = SideSize.Share(plan.Traffic.Router, SideSize.Of(plan.Traffic.Router, weight, first.Replicas), first.Replicas);
        return least > 2 * weight
            ? new(Reasons.TooCoarse, string.Create(CultureInfo.InvariantCulture,
                $"{candidate.Tag} waits: {weight} % of {first.Replicas} pods is less than one, and one is {least:0.#} %; name a router in spec.strategy.canary.traffic, begin with a larger weight, or set allowCoarse: true"))
            : null;
    }

    // What only the status knows was not checked by this process: whether the registry still has it, and for which platforms (rule 6).
    private static HeldStatus? Unconfirmed(DeliverySnapshot now, CandidateStatus candidate) => now.Sighting switch
    {
        Sighting.Seen => null,
        Sighting.NoMatch none => new(Reasons.NoMatch, $"{candidate.Tag} is no longer what the source has: {none.Why}"),
        Sighting.Problem problem => new(problem.Reason, $"{candidate.Tag} waits until the registry answers: {problem.Message}"),
        Sighting.Pending { Progress: { } progress } => new(Reasons.ReadingBuildTimes, $"{candidate.Tag} waits until it is known what was built last: {progress}"),
        _ => new(Reasons.NotLookedYet, $"{candidate.Tag} waits until {now.Terms.Repository} was looked at"),
    };
}
