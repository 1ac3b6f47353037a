using System.Collections.Immutable;

namespace Slipway.Tests.Simulation.Whole;

internal enum Way
{
    CanaryByPods,
    CanaryByRoute,
    BlueGreen,
    Rolling,
    Partition,
}

/// <summary>What goes wrong between the controllers and the API server for a while.</summary>
internal enum Trouble
{
    Conflicts,
    TooManyRequests,
    Errors,
    AnswersLost,
    WatchesClosed,
    WatchesExpired,
    WatchesSilent,
    EventsLate,
    EventsTwice,
    Timeouts,
}

/// <summary>What may happen. The list is the fault menu of the whole controller.</summary>
internal abstract record Happening
{
    private Happening() { }

    public sealed record Wait(int Seconds) : Happening;

    public sealed record Push(int Version, Fate Fate) : Happening;

    /// <summary>An autoscaler writes <c>replicas</c>.</summary>
    public sealed record Scale(int Replicas) : Happening;

    /// <summary>A person edits the pod template or its labels, not the image.</summary>
    public sealed record Edit(bool Env, int Value) : Happening;

    /// <summary>An image of a good version is written by hand, or by the tool that declared the workload.</summary>
    public sealed record SetImage(int Version, bool ByPerson) : Happening;

    public sealed record Ask(string What) : Happening;

    public sealed record Suspend(bool On) : Happening;

    /// <summary>A tool writes the HTTPRoute, or the Service, as its manifest says.</summary>
    public sealed record RouteReverted : Happening;

    /// <summary>The process dies at one of its next writes.</summary>
    /// <param name="Done">After the write has reached the API server; else before.</param>
    public sealed record Crash(int Replica, int Write, bool Done, int DownFor) : Happening;

    /// <summary>A process is told to end, and starts anew.</summary>
    public sealed record Restart(int Replica) : Happening;

    /// <summary>One process can reach the API server, but not its Lease.</summary>
    public sealed record LeaseCut(int Replica, int Seconds, bool Hangs) : Happening;

    /// <summary>One process can reach nothing at all.</summary>
    public sealed record Partitioned(int Replica, int Seconds) : Happening;

    public sealed record ClockSet(int Replica, int Seconds) : Happening;

    public sealed record Begin(Trouble Trouble, int Seconds) : Happening;
}

/// <summary>One seed's schedule, all of which follows from it.</summary>
/// <param name="Replicas">Processes of the controller.</param>
internal sealed record WholeSchedule(int Seed, Way Way, int Pods, int Replicas, bool Checks, ImmutableArray<Happening> Happenings)
{
    public static readonly ImmutableArray<Way> Ways = [.. Enum.GetValues<Way>()];

    private static readonly string[] Requests = ["abort", "promote", "promote all", "retry", "resume", "rollback", "check"];

    private static readonly ImmutableArray<(int Weight, Func<Random, Happening> Draw)> Menu =
    [
        (10, dice => new Happening.Wait(dice.Next(1, 25))),
        (3, dice => new Happening.Wait(dice.Next(40, 150))),
        (7, dice => new Happening.Push(dice.Next(2, SharedImages.Versions + 1), Draw<Fate>(dice, 5, 2, 2, 3))),
        (2, dice => new Happening.Scale(dice.Next(2, 7))),
        (2, dice => new Happening.Edit(dice.Next(2) == 0, dice.Next(100))),
        (1, dice => new Happening.SetImage(dice.Next(1, 4), dice.Next(2) == 0)),
        (4, dice => new Happening.Ask(Requests[dice.Next(Requests.Length)])),
        (1, dice => new Happening.Suspend(dice.Next(2) == 0)),
        (1, _ => new Happening.RouteReverted()),
        (6, dice => new Happening.Crash(dice.Next(2), dice.Next(1, 12), dice.Next(2) == 0, dice.Next(2) * dice.Next(60))),
        (1, dice => new Happening.Restart(dice.Next(2))),
        (4, dice => new Happening.LeaseCut(dice.Next(2), dice.Next(15, 90), dice.Next(2) == 0)),
        (1, dice => new Happening.Partitioned(dice.Next(2), dice.Next(10, 90))),
        (1, dice => new Happening.ClockSet(dice.Next(2), dice.Next(2) == 0 ? -dice.Next(1, 30) : dice.Next(5, 600))),
        (9, dice => new Happening.Begin((Trouble)dice.Next(Enum.GetValues<Trouble>().Length), dice.Next(5, 60))),
    ];

    public static WholeSchedule Of(int seed)
    {
        var dice = new Random(seed);
        var way = Ways[seed % Ways.Length];
        var (pods, replicas, checks) = (dice.Next(2, 5), dice.Next(1, 3), dice.Next(3) > 0);

        // Something to roll out, so that not all that follows falls on an idle controller.
        ImmutableArray<Happening> first = [new Happening.Push(2, Draw<Fate>(dice, 6, 1, 1, 2)), new Happening.Wait(dice.Next(1, 20))];
        return new WholeSchedule(seed, way, pods, replicas, checks, [.. first, .. Enumerable.Range(0, dice.Next(4, 26)).Select(_ => Any(dice))]);
    }

    public override string ToString() => $"{Way}, {Pods} pods, {Replicas} processes, {(Checks ? "checked" : "unchecked")}\n  {string.Join("\n  ", Happenings)}";

    private static Happening Any(Random dice)
    {
        var at = dice.Next(Menu.Sum(entry => entry.Weight));
        var index = 0;
        while ((at -= Menu[index].Weight) >= 0)
        {
            index++;
        }

        return Menu[index].Draw(dice);
    }

    private static T Draw<T>(Random dice, params ReadOnlySpan<int> weights)
        where T : struct, Enum
    {
        var at = dice.Next(Sum(weights));
        var index = 0;
        while ((at -= weights[index]) >= 0)
        {
            index++;
        }

        return Enum.GetValues<T>()[index];
    }

    private static int Sum(ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        return sum;
    }
}
