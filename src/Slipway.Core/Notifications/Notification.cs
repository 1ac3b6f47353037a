using System.Collections.Immutable;

namespace Slipway.Notifications;

/// <summary>What can be told. The names are those that users write in <c>spec.events</c>.</summary>
public enum NotificationEvent
{
    Started,
    Stepping,
    Advancing,
    Draining,
    Succeeded,
    RollingBack,
    RolledBack,
    Failed,
    Superseded,
    Exposed,
    Adopted,
    CorrectingDrift,
    Held,
    AwaitingApproval,
    Resumed,
    RequestRefused,
}

/// <summary>How much it matters.</summary>
public enum NotificationSeverity
{
    Info,

    /// <summary>A person is waited for, or something is not as it was.</summary>
    Warning,

    /// <summary>A version has failed.</summary>
    Error,
}

/// <summary>One message about one Delivery. It is what happened, in no format yet, and holds nothing that not everyone in the namespace may read.</summary>
public sealed record Notification
{
    /// <summary>Letters of a message; more are cut.</summary>
    public const int LongestMessage = 1000;

    /// <summary>Made of its cause: the same cause has the same one.</summary>
    public required string Id { get; init; }

    /// <summary>Of the Delivery.</summary>
    public required string Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Delivery { get; init; }

    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    public required NotificationEvent Event { get; init; }

    public NotificationSeverity Severity { get; init; }

    /// <summary>The version before; null where none is known.</summary>
    public string? From { get; init; }

    public string? FromDigest { get; init; }

    /// <summary>The version that it is about.</summary>
    public string? To { get; init; }

    public string? Repository { get; init; }

    public string? Digest { get; init; }

    /// <summary>Number of the Release; null where it is about none.</summary>
    public long? Release { get; init; }

    /// <summary>Who asked for it, where a person did.</summary>
    public string? By { get; init; }

    /// <summary>CamelCase, for machines.</summary>
    public required string Reason { get; init; }

    /// <summary>A sentence, for people.</summary>
    public required string Message { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Where more is to be seen; null where nobody said.</summary>
    public string? Link { get; init; }
}
