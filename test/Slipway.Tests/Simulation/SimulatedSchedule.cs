using CsCheck;

namespace Slipway.Tests.Simulation;

/// <summary>What may happen to a Delivery. The list is the fault menu; each kind is drawn with a frequency in <see cref="SimulatedSchedule.Any"/>.</summary>
internal abstract record Happening
{
    public sealed record Push(int Version, bool Good) : Happening;

    public sealed record Tick(int Seconds) : Happening;

    /// <summary>The clock is put right, backwards; also what a leader with another clock is like.</summary>
    public sealed record ClockBack(int Seconds) : Happening;

    public sealed record PodsCome(int Target, int Pods) : Happening;

    public sealed record PodGoes(int Target) : Happening;

    public sealed record ImageSet(int Target, int Version, bool ByPerson) : Happening;

    /// <summary>Deleted, or made again from its manifest.</summary>
    public sealed record TargetGoes(int Target, bool Returns) : Happening;

    public sealed record Registry(RegistryMood Mood) : Happening;

    public sealed record Platform(int Version, bool Fits) : Happening;

    /// <summary>An older tag goes; the one that is picked stays what it is.</summary>
    public sealed record TagDeleted(int Version) : Happening;

    public sealed record Suspend(bool On) : Happening;

    public sealed record Ask(string What) : Happening;

    public sealed record SpecEdit : Happening;

    public sealed record RollbackEdit(bool On) : Happening;

    /// <summary>The API server refuses what is written to a workload (rights, a webhook, a quota).</summary>
    public sealed record WritesRefused(bool On) : Happening;

    public sealed record ReleaseDeleted(int Index) : Happening;

    public sealed record StatusWiped : Happening;

    public sealed record Reconcile(int Lag, int CrashAfter) : Happening;
}

/// <summary>How the registry answers.</summary>
internal enum RegistryMood
{
    Seen,
    NoMatch,
    Problem,
    Pending,
}

/// <param name="Mute">Once the faults are over no pod ever becomes available: all that is left is time (I31).</param>
internal sealed record SimulatedSchedule(int Targets, bool MovingTag, int Hold, int MinimumAge, bool RollsBack, bool Mute, Happening[] Happenings)
{
    private static readonly string[] Asks = ["retry", "retry old", "resume", "rollback", "rollback to 1", "rollback to 2", "rollback to 9", "check"];

    private static readonly Gen<Happening> AnyHappening = Gen.Frequency(
        (6, Gen.Select(Gen.Int[2, 6], Gen.Bool, Happening (version, good) => new Happening.Push(version, good))),
        (8, Gen.Int[1, 400].Select(Happening (seconds) => new Happening.Tick(seconds))),
        (1, Gen.Int[1, 7200].Select(Happening (seconds) => new Happening.ClockBack(seconds))),
        (12, Gen.Select(Gen.Int[0, 1], Gen.Int[1, 3], Happening (target, pods) => new Happening.PodsCome(target, pods))),
        (4, Gen.Int[0, 1].Select(Happening (target) => new Happening.PodGoes(target))),
        (2, Gen.Select(Gen.Int[0, 1], Gen.Int[1, 6], Gen.Bool, Happening (target, version, person) => new Happening.ImageSet(target, version, person))),
        (1, Gen.Select(Gen.Int[0, 1], Gen.Bool, Happening (target, returns) => new Happening.TargetGoes(target, returns))),
        (2, Gen.Enum<RegistryMood>().Select(Happening (mood) => new Happening.Registry(mood))),
        (1, Gen.Select(Gen.Int[2, 6], Gen.Bool, Happening (version, fits) => new Happening.Platform(version, fits))),
        (1, Gen.Int[2, 6].Select(Happening (version) => new Happening.TagDeleted(version))),
        (2, Gen.Bool.Select(Happening (on) => new Happening.Suspend(on))),
        (3, Gen.Int[0, Asks.Length - 1].Select(Happening (which) => new Happening.Ask(Asks[which]))),
        (1, Gen.Const<Happening>(new Happening.SpecEdit())),
        (1, Gen.Bool.Select(Happening (on) => new Happening.RollbackEdit(on))),
        (1, Gen.Bool.Select(Happening (on) => new Happening.WritesRefused(on))),
        (1, Gen.Int[0, 5].Select(Happening (index) => new Happening.ReleaseDeleted(index))),
        (1, Gen.Const<Happening>(new Happening.StatusWiped())),
        (32, Gen.Select(Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 4])), Gen.Frequency((4, Gen.Const(100)), (1, Gen.Int[0, 3])), Happening (lag, crash) => new Happening.Reconcile(lag, crash))));

    public static readonly Gen<SimulatedSchedule> Any = Gen.Select(
        Gen.Select(Gen.Int[1, 2], Gen.Bool, Gen.OneOf(Gen.Const(0), Gen.Const(30), Gen.Const(1200)), Gen.OneOf(Gen.Const(0), Gen.Const(60)), Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))), Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true)))),
        AnyHappening.Array[0, 60],
        (terms, happenings) => new SimulatedSchedule(terms.Item1, terms.Item2, terms.Item3, terms.Item4, terms.Item5, terms.Item6, happenings));
}
