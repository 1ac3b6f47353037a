using System.Collections.Immutable;

namespace Slipway.Api;

// The spec as the user wrote it: nothing here is trusted. Durations, patterns and ranges are strings until DeliveryTerms has read
// them, so that one bad field is a condition on one Delivery and never an object that cannot be read at all.

/// <summary>What a user writes. <see cref="Deliveries.DeliveryTerms"/> is what is made of it once it was checked.</summary>
public sealed record DeliverySpec
{
    public IReadOnlyList<Target>? Targets { get; init; }

    public Source? Source { get; init; }

    /// <summary>TagAndDigest (default), Tag or Digest: the form in which an image is written to the workload.</summary>
    public string? Pin { get; init; }

    public Strategy? Strategy { get; init; }

    /// <summary>What is measured of a new version, and decides whether it goes on.</summary>
    public IReadOnlyList<CheckSpec>? Checks { get; init; }

    /// <summary>Longest time without progress; default 10m.</summary>
    public string? ProgressDeadline { get; init; }

    /// <summary>OnFailure (default) or Never.</summary>
    public string? Rollback { get; init; }

    /// <summary>What happens when the checks of a step cannot tell good from bad in time: RollBack (default) or Wait.</summary>
    public string? OnInconclusive { get; init; }

    /// <summary>Automatic (default), or Manual: a person says yes to each version before it starts.</summary>
    public string? Approval { get; init; }

    /// <summary>How long a yes counts; default for ever.</summary>
    public string? ApprovalExpires { get; init; }

    /// <summary>When rollouts may start and go on; default always.</summary>
    public IReadOnlyList<ReleaseWindow>? Windows { get; init; }

    /// <summary>What must have run the same image first.</summary>
    public IReadOnlyList<Predecessor>? After { get; init; }

    public GroupMembership? Group { get; init; }

    public bool? Suspend { get; init; }

    public HistoryLimit? History { get; init; }

    /// <summary>Where the running version is written for others to read; default nowhere.</summary>
    public Publish? Publish { get; init; }
}

/// <summary>One workload by <see cref="Name"/>, or every one of the kind that <see cref="Selector"/> matches.</summary>
public sealed record Target
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public LabelSelector? Selector { get; init; }

    /// <summary>Containers (init containers too) to update; default: all whose image is in the source's repository.</summary>
    public IReadOnlyList<string>? Containers { get; init; }

    /// <summary>For a kind that Slipway does not know: the fields that hold the image.</summary>
    public IReadOnlyList<ImagePath>? ImagePaths { get; init; }

    /// <summary>For a Job: WhenFinished or Always; default: a Job is refused.</summary>
    public string? Recreate { get; init; }
}

/// <summary>One field that holds an image or, by <see cref="As"/>, a part of one: Reference (default), Repository, Tag or Digest.</summary>
public sealed record ImagePath(string? Path = null, string? As = null);

/// <summary>Both kinds of requirement hold together; without any it selects everything (Kubernetes API reference, LabelSelector).</summary>
public sealed record LabelSelector
{
    public ImmutableDictionary<string, string>? MatchLabels { get; init; }

    public IReadOnlyList<LabelRequirement>? MatchExpressions { get; init; }
}

/// <summary><see cref="Operator"/> is In, NotIn, Exists or DoesNotExist.</summary>
public sealed record LabelRequirement(string Key, string Operator, IReadOnlyList<string>? Values = null);

/// <summary>Which repository is watched, and which of its tags is wanted.</summary>
public sealed record Source
{
    /// <summary>Default: the repository of the first target's first container.</summary>
    public string? Repository { get; init; }

    public Follow? Follow { get; init; }

    public Filter? Filter { get; init; }

    /// <summary>Time a candidate must have been seen before it ships; default none.</summary>
    public string? MinimumAge { get; init; }

    /// <summary>Time between two looks at the registry; default 1m, at least 1s.</summary>
    public string? Interval { get; init; }

    /// <summary>What an image must run on, such as linux/arm64; absent, empty or Auto alone: every node that the pods may land on.</summary>
    public IReadOnlyList<string>? Platforms { get; init; }

    public IReadOnlyList<SecretReference>? PullSecrets { get; init; }

    public Verify? Verify { get; init; }
}

/// <summary>A secret of type kubernetes.io/dockerconfigjson in the Delivery's namespace.</summary>
public sealed record SecretReference(string Name);

/// <summary>Exactly one policy.</summary>
public sealed record Follow
{
    public SemverPolicy? Semver { get; init; }

    public TagPolicy? Tag { get; init; }

    public OrderPolicy? Numeric { get; init; }

    public OrderPolicy? Alphabetical { get; init; }

    public CalverPolicy? Calver { get; init; }

    public NewestPolicy? Newest { get; init; }
}

/// <summary><see cref="Range"/> is in the grammar of Masterminds/semver; empty or absent means any release version.</summary>
public sealed record SemverPolicy(string? Range = null, bool? IncludePrerelease = null);

/// <summary>A moving tag, and the anchored pattern by which the readable version is found among the tags on the same digest.</summary>
public sealed record TagPolicy(string? Name = null, string? VersionPattern = null);

/// <summary><see cref="Order"/> is Ascending (default: the last in order is the newest) or Descending.</summary>
public sealed record OrderPolicy(string? Order = null);

/// <summary><see cref="Layout"/> says how the versions are written, such as YYYY.0M.MICRO (calver.org).</summary>
public sealed record CalverPolicy(string? Layout = null);

/// <summary>By the time at which the image was built, as its config tells it. There is nothing to set.</summary>
public sealed record NewestPolicy;

/// <summary>Keeps the tags that match <see cref="Pattern"/>; what <see cref="Extract"/> makes of the groups is what the policy orders by.</summary>
public sealed record Filter(string? Pattern = null, string? Extract = null, IReadOnlyList<string>? Exclude = null);

/// <summary>Places that are told which version runs.</summary>
public sealed record Publish(ConfigMapKey? ConfigMap = null);

/// <summary>One key of a ConfigMap in the Delivery's namespace.</summary>
public sealed record ConfigMapKey(string? Name = null, string? Key = null);

/// <summary><see cref="Limit"/>: Releases to keep, default 50. <see cref="MaxAge"/>: age at which a Release may go, default none.</summary>
public sealed record HistoryLimit(int? Limit = null, string? MaxAge = null);

/// <summary>A stretch of time in which rollouts may start and go on (kind Allow, the default), or may not (Deny).</summary>
/// <param name="Schedule">Cron: minute, hour, day of month, month, day of week.</param>
/// <param name="Duration">Time that passes, whatever the clocks do meanwhile.</param>
/// <param name="TimeZone">IANA name; default UTC.</param>
public sealed record ReleaseWindow(string? Schedule = null, string? Duration = null, string? TimeZone = null, string? Kind = null);

/// <summary>Another Delivery that must run the same image first.</summary>
/// <param name="Delivery"><c>NAME</c>, or <c>NAMESPACE/NAME</c>.</param>
/// <param name="HealthyFor">For how long it must have run it well; default 0s.</param>
public sealed record Predecessor(string? Delivery = null, string? HealthyFor = null);

/// <summary>Deliveries of one namespace that move together: all ready, then all switch, or all back.</summary>
public sealed record GroupMembership
{
    public string? Name { get; init; }

    /// <summary>Members with a lower number switch first; default 0.</summary>
    public int? Order { get; init; }

    /// <summary>Members, by the names of their Deliveries, that switch before this one.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>Longest time that this one, being ready, waits for the others; default 24h.</summary>
    public string? Wait { get; init; }
}
