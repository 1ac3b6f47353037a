namespace Slipway.Sandbox.Api;

/// <summary>
/// What goes wrong, and how often: each number is a probability from 0 to 1. The same seed makes the same trouble for the same
/// n-th request of a kind, whatever happens beside it.
/// </summary>
public sealed record FaultPlan
{
    public static readonly FaultPlan None = new();

    public int Seed { get; init; } = 1;

    /// <summary>Which requests can be hit; null for all.</summary>
    public Func<RequestRecord, bool>? Only { get; init; }

    /// <summary>PUT and PATCH: 409, as if somebody else had been faster. Nothing is written.</summary>
    public double Conflict { get; init; }

    /// <summary>429 with Retry-After: 1. Nothing is done.</summary>
    public double TooManyRequests { get; init; }

    /// <summary>500 or 503. Nothing is done.</summary>
    public double ErrorBefore { get; init; }

    /// <summary>A write is done, and the client is told 504 or finds its connection closed.</summary>
    public double ErrorAfter { get; init; }

    /// <summary>A watch is told 410 in the place of an event, or when it starts.</summary>
    public double WatchExpired { get; init; }

    /// <summary>A watch ends without a word in the place of an event.</summary>
    public double WatchClosed { get; init; }

    /// <summary>A watch says nothing more from an event on, and stays open until its time is over.</summary>
    public double WatchSilent { get; init; }

    /// <summary>An event comes late by up to <see cref="Delay"/>; those after it wait.</summary>
    public double EventDelayed { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(200);

    public double EventDuplicated { get; init; }

    /// <summary>An event never comes, though the watch goes on: no API server does this, a broken proxy might.</summary>
    public double EventDropped { get; init; }

    internal bool IsNone => ReferenceEquals(this, None);
}
