using Slipway.Api;

namespace Slipway.Views;

/// <summary>One Release in a list.</summary>
/// <param name="Outcome">Running, Succeeded, RolledBack, Failed, Superseded or Exposed; Unknown while it was not written yet.</param>
public sealed record ReleaseRow(long Number, string? Tag, string Digest, string Outcome, DateTimeOffset StartedAt);

/// <summary>One attempt to deploy: who, what, why, how it ended.</summary>
public sealed record ReleaseView(ReleaseRow Row, string Namespace, string Delivery, string Repository, string Cause)
{
    /// <summary>Who asked, where a person did.</summary>
    public string? By { get; init; }

    public VersionView? Previous { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What happened on the way, the oldest first; bounded.</summary>
    public IReadOnlyList<Transition>? Transitions { get; init; }

    public IReadOnlyList<CheckView>? Checks { get; init; }
}
