using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Explanations;

namespace Slipway.Views;

/// <summary>One Delivery, whole: the row of it, why it is so, and what is under way.</summary>
/// <param name="Why">The sentences of <c>slipway why</c>.</param>
public sealed record DeliveryView(DeliveryRow Row, ImmutableArray<Paragraph> Why)
{
    /// <summary>Null: nothing is under way.</summary>
    public RolloutView? Rollout { get; init; }

    public IReadOnlyList<TargetView>? Targets { get; init; }

    /// <summary>spec.source.repository; null: the one of the first target.</summary>
    public string? Repository { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }

    public IReadOnlyList<Rejection>? Rejected { get; init; }

    public IReadOnlyList<Approval>? Approvals { get; init; }

    /// <summary>The newest first; bounded.</summary>
    public IReadOnlyList<ReleaseRow>? Releases { get; init; }
}

/// <summary>What spec.targets names.</summary>
/// <param name="Name">Null where they are selected by labels.</param>
public sealed record TargetView(string Kind, string? Name);

/// <summary>Why a Delivery does what it does.</summary>
public sealed record WhyView(string Namespace, string Name, ImmutableArray<Paragraph> Why);

/// <summary>What a caller may ask of the Deliveries of a namespace: so that nobody is offered what would be refused.</summary>
public sealed record PermissionsView(string Namespace, IReadOnlyList<string> Actions);

/// <summary>A feed: one repository, and the Deliveries that follow it.</summary>
/// <param name="Ready">True, False or Unknown: the worst that its Deliveries say (SourceReady).</param>
/// <param name="Deliveries">As <c>namespace/name</c>.</param>
public sealed record FeedView(string Repository, string Ready, string Reason, string Message, IReadOnlyList<string> Deliveries)
{
    /// <summary>Since when it is so.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The shortest time between two looks that is asked for.</summary>
    public string? Interval { get; init; }
}

/// <summary>A version that waits for a person's yes.</summary>
/// <param name="Digest">What a yes is for.</param>
/// <param name="Beside">It runs beside the stable version already, and a step of it waits.</param>
public sealed record ApprovalView(string Namespace, string Name, string? Tag, string Digest, string Message, bool Beside)
{
    public VersionView? Current { get; init; }

    public DateTimeOffset? Since { get; init; }

    public string? Group { get; init; }
}

/// <summary>A Freeze, and whether it freezes now.</summary>
public sealed record FreezeView(string Name, string Reason, bool InForce)
{
    public string? By { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>When it ends by itself, at the earliest; null: when a person deletes it.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>Patterns of names; none: all namespaces.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>What in it cannot be read; it then freezes all that it seems to mean.</summary>
    public string? Problem { get; init; }
}

/// <summary>A list that is not paged.</summary>
public sealed record ListView<T>(IReadOnlyList<T> Items);
