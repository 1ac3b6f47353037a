using System.Collections.Immutable;

namespace Slipway.Views;

/// <summary>One Delivery in a list: what runs, what is next, how it is, what holds it.</summary>
/// <param name="Phase">Of the rollout: Idle, Stepping, Advancing, Draining, Reverting, Recording, Correcting or Held.</param>
/// <param name="Ready">True, False or Unknown: the condition of that name.</param>
public sealed record DeliveryRow(string Namespace, string Name, string Phase, string Ready)
{
    public string Uid { get; init; } = "";

    /// <summary>What runs; null while nothing is known to be good.</summary>
    public VersionView? Current { get; init; }

    /// <summary>What the policy selects now.</summary>
    public VersionView? Candidate { get; init; }

    /// <summary>Why <see cref="Ready"/> is so: CamelCase, and a sentence for people.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>Since when <see cref="Ready"/> is so.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What holds the next version; null: nothing does.</summary>
    public HoldView? Held { get; init; }

    /// <summary>How far what is under way has come; null: nothing is.</summary>
    public ProgressView? Progress { get; init; }

    public bool Suspended { get; init; }

    public string? Group { get; init; }

    /// <summary>Rolling, Canary or BlueGreen.</summary>
    public string Strategy { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    public ImmutableSortedDictionary<string, string>? Labels { get; init; }
}

/// <summary>A version: its tag where it has one, and the digest that it is.</summary>
/// <param name="Release">Number of the Release that brought it; null where none has yet.</param>
/// <param name="Since">Since when it runs, or was first seen.</param>
public sealed record VersionView(string? Tag, string Digest, long? Release = null, DateTimeOffset? Since = null);

/// <summary>Why nothing may start now.</summary>
/// <param name="Until">When it ends by itself; null where that is not known.</param>
public sealed record HoldView(string Reason, string Message, DateTimeOffset? Until = null);

/// <summary>How far a rollout has come.</summary>
/// <param name="Step">The present step, from 1; 0: there are no steps, or they are over.</param>
/// <param name="Weight">Share of the requests that the new version is meant to have, in percent.</param>
public sealed record ProgressView(long Release, string? Tag, int Step, int Steps, int Weight);

/// <summary>One page of a list.</summary>
/// <param name="Continue">Asks for the next page; null: this was the last.</param>
/// <param name="Events">Where to follow from: what the page does not show yet comes after this event.</param>
public sealed record DeliveryPage(IReadOnlyList<DeliveryRow> Items, string? Continue = null, string? Events = null)
{
    /// <summary>Deliveries that exist and cannot be read, as far as the caller may see them: <c>namespace/name: why</c>.</summary>
    public IReadOnlyList<string>? Unreadable { get; init; }
}

/// <summary>What an event of the stream says: the row as it is now, or that it is gone.</summary>
public sealed record RowEvent(string Namespace, string Name, DeliveryRow? Row);
