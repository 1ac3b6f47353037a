using System.Text.Json.Serialization;

namespace Slipway.Groups;

/// <summary>How a Delivery belongs to a group.</summary>
/// <param name="Wait">Longest time that it, being ready, waits for the others.</param>
public sealed record GroupTerms(string Name, int Order, IReadOnlyList<string> DependsOn, TimeSpan Wait);

/// <summary>How far an attempt is in a run of its group; stored with the attempt.</summary>
/// <param name="Run">Number of the run: the same for all that take part.</param>
/// <param name="Since">Since when it is in the phase.</param>
public sealed record GroupProgress(long Run, GroupPhase Phase, DateTimeOffset Since);

/// <summary>The phases of an attempt within a run, in their order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupPhase>))]
public enum GroupPhase
{
    /// <summary>It runs beside the stable version.</summary>
    Underway,

    /// <summary>It could switch, and waits until all can.</summary>
    Ready,

    /// <summary>It is being promoted.</summary>
    Switched,

    /// <summary>It is done, and waits until all are. From here on it does not fail by itself.</summary>
    Settled,
}
