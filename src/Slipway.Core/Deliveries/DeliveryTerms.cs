using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;
using Slipway.Policies;
using Slipway.Rollouts;
using Slipway.Signatures;
using Slipway.Sources;

namespace Slipway.Deliveries;

/// <summary>The form in which an image is written to a workload.</summary>
public enum PinForm
{
    /// <summary><c>repository:tag@digest</c>: exact, and readable.</summary>
    TagAndDigest,

    /// <summary><c>repository:tag</c>: a tag that is pushed again changes what new pods run.</summary>
    Tag,

    /// <summary><c>repository@digest</c>.</summary>
    Digest,
}

/// <summary>A spec that was read and checked: from here on nothing in it can fail.</summary>
public sealed record DeliveryTerms
{
    public required IReadOnlyList<Target> Targets { get; init; }

    public required SourceRule Rule { get; init; }

    /// <summary>What is asked of the registry.</summary>
    public required FollowQuestion Question { get; init; }

    /// <summary>Null: the repository of the first target's first container.</summary>
    public RepositoryName? Repository { get; init; }

    public TimeSpan Interval { get; init; }

    public PinForm Pin { get; init; }

    /// <summary>What an image must run on; empty: on every node that the pods may land on.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];

    /// <summary>Secrets, by name, beyond those of the workload and its service account.</summary>
    public ImmutableArray<string> PullSecrets { get; init; } = [];

    /// <summary>Which signatures are required of a candidate; null: none by its spec.</summary>
    public SignatureRule? Signatures { get; init; }

    /// <summary>All but what hangs on the resolved repository.</summary>
    public required RolloutTerms Rollout { get; init; }

    /// <param name="patterns">Where compiled patterns are shared; none are when absent.</param>
    public static bool TryRead(DeliverySpec? spec, [NotNullWhen(true)] out DeliveryTerms? terms, [NotNullWhen(false)] out SpecProblem? problem, PatternReader? patterns = null) =>
        DeliveryTermsReader.TryRead(spec ?? new(), patterns ?? TagPattern.TryParse, out terms, out problem);
}
