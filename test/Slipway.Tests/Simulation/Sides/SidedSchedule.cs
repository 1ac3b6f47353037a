using CsCheck;
using Slipway.Rollouts;

namespace Slipway.Tests.Simulation.Sides;

/// <summary>What becomes of a version: known to the world, and to nobody else before it is tried.</summary>
internal enum Fate
{
    Good,

    /// <summary>Its pods crash wherever they run.</summary>
    Crashes,

    /// <summary>Its pods run, and every check of it fails.</summary>
    FailsChecks,

    /// <summary>It runs well beside the stable version, and crashes once it has taken its place.</summary>
    CrashesInPlace,
}

/// <summary>How the source of the checks answers.</summary>
internal enum SourceMood
{
    Tells,
    IsDown,
    Empty,
    Unclear,
}

/// <summary>What may happen while something runs beside the stable workload. The list is the fault menu of the rollout engine.</summary>
internal abstract record Event
{
    public sealed record Push(int Version, Fate Fate) : Event;

    public sealed record Tick(int Seconds) : Event;

    public sealed record ClockBack(int Seconds) : Event;

    public sealed record PodsReady(bool Beside, int Pods) : Event;

    public sealed record PodGone(bool Beside) : Event;

    /// <summary>Endpoints follow the pods, and what is deleted is gone.</summary>
    public sealed record Propagated : Event;

    /// <summary>Who serves the route has taken over what is written there.</summary>
    public sealed record Acknowledged : Event;

    public sealed record Scaled(int Replicas) : Event;

    public sealed record Measured : Event;

    public sealed record Mood(SourceMood Source) : Event;

    public sealed record ImageSet(int Version, bool ByPerson) : Event;

    /// <summary>A tool writes the route, or the selector, as its manifest says.</summary>
    public sealed record RouteReverted : Event;

    public sealed record SideDeleted : Event;

    public sealed record Ask(string What) : Event;

    public sealed record Suspend(bool On) : Event;

    public sealed record Refuse(bool On) : Event;

    public sealed record StatusWiped : Event;

    public sealed record PlanEdited(int Plan) : Event;

    /// <param name="Lag">Versions by which the caches are behind.</param>
    /// <param name="CrashAfter">Writes after which the process dies.</param>
    /// <param name="Second">The other of two controllers, each of which believes that it leads.</param>
    public sealed record Reconcile(int Lag, int CrashAfter, bool Second) : Event;
}

internal sealed record SidedSchedule(RouterKind Router, int Replicas, int Plan, bool Leaves, bool Waits, Event[] Events)
{
    public static readonly string[] Asks = ["abort", "promote", "promote all", "approve", "rollback", "resume", "retry"];

    public static readonly RouterKind[] Routers = [RouterKind.Pods, RouterKind.HttpRoute, RouterKind.Selector, RouterKind.Partition];

    private static readonly Gen<Event> AnyEvent = Gen.Frequency(
        (5, Gen.Select(Gen.Int[2, 6], Gen.Enum<Fate>(), Event (version, fate) => new Event.Push(version, fate))),
        (9, Gen.Frequency((4, Gen.Int[1, 40]), (1, Gen.Int[100, 900])).Select(Event (seconds) => new Event.Tick(seconds))),
        (1, Gen.Int[1, 600].Select(Event (seconds) => new Event.ClockBack(seconds))),
        (14, Gen.Select(Gen.Bool, Gen.Int[1, 10], Event (beside, pods) => new Event.PodsReady(beside, pods))),
        (2, Gen.Bool.Select(Event (beside) => new Event.PodGone(beside))),
        (9, Gen.Const<Event>(new Event.Propagated())),
        (6, Gen.Const<Event>(new Event.Acknowledged())),
        (2, Gen.Int[0, 12].Select(Event (replicas) => new Event.Scaled(replicas))),
        (8, Gen.Const<Event>(new Event.Measured())),
        (1, Gen.Enum<SourceMood>().Select(Event (mood) => new Event.Mood(mood))),
        (1, Gen.Select(Gen.Int[1, 6], Gen.Bool, Event (version, person) => new Event.ImageSet(version, person))),
        (1, Gen.Const<Event>(new Event.RouteReverted())),
        (1, Gen.Const<Event>(new Event.SideDeleted())),
        (4, Gen.Int[0, Asks.Length - 1].Select(Event (which) => new Event.Ask(Asks[which]))),
        (1, Gen.Bool.Select(Event (on) => new Event.Suspend(on))),
        (1, Gen.Bool.Select(Event (on) => new Event.Refuse(on))),
        (1, Gen.Const<Event>(new Event.StatusWiped())),
        (1, Gen.Int[0, 7].Select(Event (plan) => new Event.PlanEdited(plan))),
        (34, Gen.Select(
            Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 4])),
            Gen.Frequency((4, Gen.Const(100)), (1, Gen.Int[0, 3])),
            Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))),
            Event (lag, crash, second) => new Event.Reconcile(lag, crash, second))));

    public static readonly Gen<SidedSchedule> Any = Gen.Select(
        Gen.Int[0, Routers.Length - 1], Gen.Int[1, 12], Gen.Int[0, 7], Gen.Frequency((6, Gen.Const(false)), (1, Gen.Const(true))), Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))), AnyEvent.Array[0, 90],
        (router, replicas, plan, leaves, waits, events) => new SidedSchedule(Routers[router], replicas, plan, leaves, waits, events));
}
