using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Rollouts;
using Slipway.Rollouts.Strategies;
using Slipway.Sources;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Conditions;

/// <summary>
/// The conditions of a Delivery after the kstatus contract: Reconciling and Stalled are there only while they are true, and Ready is
/// computed from the rest. They are a function of the state, so that a status that did not move is not written.
/// </summary>
/// <remarks>kstatus: sigs.k8s.io/cli-utils, pkg/kstatus, "Conditions".</remarks>
public static class DeliveryConditions
{
    public const string Ready = nameof(Ready);
    public const string Reconciling = nameof(Reconciling);
    public const string Stalled = nameof(Stalled);

    /// <summary>Whether the registry answers and the policy finds an image there.</summary>
    public const string SourceReady = nameof(SourceReady);

    /// <summary>Whether the running version stands where spec.publish says; only there while it says so.</summary>
    public const string Published = nameof(Published);

    private const string True = "True";
    private const string False = "False";

    /// <summary>The status with what it shows to people: conditions and the reason why nothing starts.</summary>
    public static DeliveryStatus Describe(DeliverySnapshot now, DeliveryStatus status)
    {
        var after = now with { Status = status };
        var held = Held(after);
        var described = status with { ObservedGeneration = now.Generation, Held = held };
        return described with { Conditions = Keep(now.Status.Conditions, All(after, held), now) };
    }

    /// <summary>The status of a Delivery whose spec cannot be read: what was known is kept, and only an edit helps.</summary>
    public static DeliveryStatus Invalid(DeliveryStatus? status, long generation, string reason, string message, DateTimeOffset now)
    {
        Verdict[] verdicts = [new(Ready, False, reason, message), new(Stalled, True, reason, message)];
        var known = status ?? new DeliveryStatus();
        return known with
        {
            ObservedGeneration = generation,
            Conditions = Keep(known.Conditions, verdicts, generation, now),
        };
    }

    private sealed record Verdict(string Type, string Status, string Reason, string Message);

    private static HeldStatus? Held(DeliverySnapshot now) => now.State switch
    {
        Held held => new(held.Reason, held.Message),
        Stepping at when !now.Terms.Suspended && Stepwise.WaitsFor(now, at) is { } waits => waits,
        Advancing at when !now.Terms.Suspended && Rolling.WaitsFor(now, at) is { } waits => waits,
        Draining at when Drain.Blocked(now, at) is { } blocked => new(Reasons.DrainBlocked, blocked),
        _ when Starting.ClosedGate(now) is { } closed => closed,
        _ when now.Terms.Suspended => new(Reasons.Suspended, $"spec.suspend is true; 'slipway resume {now.Name}' lets it go on"),
        _ => null,
    };

    private static IEnumerable<Verdict> All(DeliverySnapshot now, HeldStatus? held)
    {
        var source = Source(now);
        var underWay = UnderWay(now);
        yield return ReadyOf(now, held, source, underWay);
        yield return source;

        // Never both: what waits for its deadline goes on by itself, what is stalled does not.
        if (underWay is not null && !StandsStill(now))
        {
            yield return underWay;
        }
        else if (now.Obstacle() is { } problem)
        {
            yield return new(Stalled, True, problem.Reason, problem.Message);
        }

        if (Publication(now) is { } published)
        {
            yield return published;
        }
    }

    // What this process has not tried yet (a restart, a rollout under way) was true when it was told.
    private static Verdict? Publication(DeliverySnapshot now) => (now.Terms.Publish, now.Publication) switch
    {
        (null, _) => null,
        ({ } place, { } done) when done.Wish.Place == place => done.Problem is { } problem
            ? new(Published, False, problem.Reason, problem.Message)
            : new(Published, True, Reasons.Published, $"{done.Wish.Version} is in {place}"),
        _ => now.Status.Conditions?.FirstOrDefault(condition => condition.Type == Published) is { } known ? new(Published, known.Status, known.Reason, known.Message) : null,
    };

    // The history is written in any case.
    private static bool StandsStill(DeliverySnapshot now) => now.Terms.Suspended && now.State is not (Recording or Draining);

    private static Verdict ReadyOf(DeliverySnapshot now, HeldStatus? held, Verdict source, Verdict? underWay) => now switch
    {
        _ when now.Obstacle() is { } problem => new(Ready, False, problem.Reason, problem.Message),
        _ when underWay is not null && StandsStill(now) => new(Ready, False, Reasons.Suspended, $"{underWay.Message}; {held?.Message}"),
        _ when underWay is not null => new(Ready, False, underWay.Reason, underWay.Message),
        { State: Held { Reason: not Reasons.ManualRollback } stuck } => new(Ready, False, stuck.Reason, stuck.Message),
        { Status.Current: null } when source.Status != True => new(Ready, False, source.Reason, source.Message),
        { Status.Current: null } => new(Ready, False, Reasons.Adopting, held?.Message ?? "waiting for the workload to settle, to learn what it runs"),
        // The newest version failed: that the one before runs well does not make the Delivery ready.
        _ when held?.Reason == Reasons.Rejected => new(Ready, False, Reasons.RolledBack, held.Message),
        { Status.Current: { } current } => new(Ready, True, held?.Reason ?? Reasons.UpToDate, held is null ? $"{current.Tag ?? current.Digest} runs" : $"{current.Tag ?? current.Digest} runs; {held.Message}"),
    };

    private static string Pace(Sighting sighting) => sighting.Pace is { } pace ? $"; {pace}" : "";

    private static Verdict Source(DeliverySnapshot now) => now.Sighting switch
    {
        Sighting.Seen seen => new(SourceReady, True, Reasons.Found, $"{now.Terms.Repository}: {seen.Tag}{(now.PlatformNote is null ? "" : "; ")}{now.PlatformNote}{Pace(seen)}"),
        Sighting.NoMatch none => new(SourceReady, False, Reasons.NoMatch, $"{now.Terms.Repository}: {none.Why}{Pace(none)}"),
        Sighting.Problem problem => new(SourceReady, False, problem.Reason, problem.Message),
        Sighting.Pending { Progress: { } progress } => new(SourceReady, "Unknown", Reasons.ReadingBuildTimes, $"{now.Terms.Repository}: {progress}"),
        // Not looked yet (a restart): what was known stands.
        _ when now.Status.Conditions?.FirstOrDefault(condition => condition.Type == SourceReady) is { } known => new(SourceReady, known.Status, known.Reason, known.Message),
        _ => new(SourceReady, "Unknown", Reasons.NotLookedYet, now.Terms.Repository.Length == 0 ? "the repository is not known yet" : $"{now.Terms.Repository} was not looked at yet"),
    };

    private static Verdict? UnderWay(DeliverySnapshot now) => now.State switch
    {
        Advancing { HighWater: null } at => Is(Reasons.Advancing, $"release {at.Attempt.Number}: writing {at.Attempt.Tag}"),
        Advancing { HealthySince: { } since } at => Is(Reasons.Advancing, $"release {at.Attempt.Number}: {at.Attempt.Tag} is healthy since {since:u} and is held for {DurationText.Write(Rolling.HoldOf(now, at))}"),
        Advancing at => Is(Reasons.Advancing, $"release {at.Attempt.Number}: {at.Attempt.Tag}, {at.HighWater} pods available"),

        // While it stands still nothing wakes it, and so nothing may be told that comes true by time alone (I25).
        Stepping at => Is(Reasons.Stepping, $"release {at.Attempt.Number}: {(now.Terms.Suspended ? null : Stepwise.WaitsFor(now, at)?.Message) ?? Stepwise.Describe(now, at)}"),
        Draining at => Is(Reasons.Draining, $"{(at.Attempt is null ? "" : $"release {at.Attempt.Number}: ")}{Drain.Describe(at)}"),
        Reverting back => Is(Reasons.RollingBack, $"release {back.Attempt.Number}: {back.Reason}: {back.Message}; going back to {back.Attempt.Previous?.Tag}"),
        Recording done => Is(Reasons.Recording, $"release {done.Attempt.Number}: {done.Result.Outcome}"),
        Correcting correcting => Is(Reasons.CorrectingDrift, correcting.By),
        _ => null,
    };

    private static Verdict Is(string reason, string message) => new(Reconciling, True, reason, message);

    private static List<Condition> Keep(IReadOnlyList<Condition>? before, IEnumerable<Verdict> verdicts, DeliverySnapshot now) =>
        Keep(before, verdicts, now.Generation, now.Now);

    // The instant of a transition is that of the status value, not of its message (API conventions).
    private static List<Condition> Keep(IReadOnlyList<Condition>? before, IEnumerable<Verdict> verdicts, long generation, DateTimeOffset now) =>
    [
        .. verdicts.Select(verdict => new Condition(
            verdict.Type,
            verdict.Status,
            verdict.Reason,
            verdict.Message,
            before?.FirstOrDefault(condition => condition.Type == verdict.Type && condition.Status == verdict.Status)?.LastTransitionTime ?? now,
            generation)),
    ];
}
