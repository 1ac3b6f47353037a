using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.Schedules;
using Slipway.Signatures;
using Slipway.Sources;
using Slipway.Workloads;

namespace Slipway.Rollouts;

/// <summary>All that the planner may look at: if a fact is not here, no decision can depend on it.</summary>
public sealed record DeliverySnapshot
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public long Generation { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required RolloutTerms Terms { get; init; }

    public required DeliveryStatus Status { get; init; }

    public Sighting Sighting { get; init; } = new Sighting.Pending();

    /// <summary>Why the candidate cannot run on a node that its pods may land on; null when it can.</summary>
    public string? PlatformProblem { get; init; }

    /// <summary>What speaks for nothing and against nothing, and should be known of the candidate's platforms; null where there is nothing to say.</summary>
    public string? PlatformNote { get; init; }

    /// <summary>What is known of the candidate that has rested while a newer one has not; null where none has, or it was not asked for yet.</summary>
    public RestedImage? Rested { get; init; }

    /// <summary>Whether what the registry has now is signed as it must be.</summary>
    public Verification Verification { get; init; } = new Verification.NotRequired();

    /// <summary>Digest of what the first target was found running, where its image names only a tag; asked for until something is current.</summary>
    public string? RunningDigest { get; init; }

    public ImmutableArray<TargetSnapshot> Targets { get; init; } = [];

    /// <summary>Why the targets cannot be worked on (missing, claimed by another Delivery, …); null when they can.</summary>
    public TargetProblem? TargetProblem { get; init; }

    public ImmutableArray<ReleaseRecord> History { get; init; } = [];

    public Requests Requests { get; init; } = new();

    /// <summary>What runs the new version beside the first target, or is left of it; null where there is nothing.</summary>
    public SideSnapshot? Side { get; init; }

    /// <summary>How the router stands; null where there is none, or it is not there.</summary>
    public TrafficSnapshot? Traffic { get; init; }

    /// <summary>The checks as the spec and its templates say now: what an attempt that starts takes along.</summary>
    public IReadOnlyList<CheckPlan> Checks { get; init; } = [];

    /// <summary>Why the rollout that the spec describes cannot be made on this cluster; null where it can.</summary>
    public TargetProblem? StrategyProblem { get; init; }

    /// <summary>Measurements that were made and not taken yet.</summary>
    public ImmutableArray<Measured> Measurements { get; init; } = [];

    /// <summary>The Delivery is being deleted: nothing starts, and what runs beside its workload goes.</summary>
    public bool Leaving { get; init; }

    /// <summary>The Freezes that are for this Delivery, in force or not.</summary>
    public ImmutableArray<FreezeTerms> Freezes { get; init; } = [];

    /// <summary>What is told of the Deliveries that spec.after names, in its order.</summary>
    public ImmutableArray<OtherDelivery> Others { get; init; } = [];

    /// <summary>The other members of the group.</summary>
    public ImmutableArray<GroupMember> Group { get; init; } = [];

    /// <summary>Null where nothing is limited.</summary>
    public RolloutRoom? Room { get; init; }

    /// <summary>What came of the last attempt to publish; null when this process has made none.</summary>
    public Publication? Publication { get; init; }

    /// <summary>Read once per pass.</summary>
    public required DateTimeOffset Now { get; init; }

    public RolloutState State => Status.Rollout ?? new RolloutState.Idle();
}

/// <param name="IsThere">Whether the registry has it under its tag still.</param>
public sealed record RestedImage(string Digest, bool IsThere, string? PlatformProblem = null)
{
    /// <summary>Whether it is signed as it must be.</summary>
    public Verification Verification { get; init; } = new Verification.NotRequired();
}

/// <summary>The spec's terms for a rollout, read and checked.</summary>
public sealed record RolloutTerms
{
    public required string Repository { get; init; }

    public TimeSpan Hold { get; init; }

    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromMinutes(10);

    public bool RollsBack { get; init; } = true;

    /// <summary>When rollouts may start and go on.</summary>
    public WindowSet Windows { get; init; } = WindowSet.Always;

    /// <summary>Null: no version needs a yes before it starts.</summary>
    public ApprovalTerms? Approval { get; init; }

    public ImmutableArray<AfterTerms> After { get; init; } = [];

    /// <summary>Null: it goes alone.</summary>
    public GroupTerms? Group { get; init; }

    public bool Suspended { get; init; }

    public TimeSpan MinimumAge { get; init; }

    /// <summary>Whether a match needs the digest in the workload's image, or the tag alone (pin: Tag).</summary>
    public bool PinsDigest { get; init; } = true;

    /// <summary>How an attempt that starts goes, but for its checks; null: by rolling update.</summary>
    public RolloutPlan? Plan { get; init; }

    /// <summary>The source is a moving tag: it may go back, and then that is deliberate (rule 3).</summary>
    public bool FollowsMovingTag { get; init; }

    public int HistoryLimit { get; init; } = 50;

    public TimeSpan? HistoryMaxAge { get; init; }

    /// <summary>Where the running version is written for others to read; null where nobody asked for it.</summary>
    public PublishedKey? Publish { get; init; }

    /// <summary>Stands for what a rejection depends on: while it is the same, a rejected digest stays rejected (rule 4).</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Orders two tags by the policy; null where it does not order them.</summary>
    public Func<string, string, int?> CompareTags { get; init; } = (_, _) => null;

    /// <summary>Whether the policy could pick this tag, as far as the tag tells.</summary>
    public Func<string?, bool> Takes { get; init; } = _ => true;
}

/// <summary>One workload that the Delivery moves, in the order in which the spec names them.</summary>
public sealed record TargetSnapshot(WorkloadKey Key, ImmutableArray<RunningImage> Images, Health Health)
{
    /// <summary>Whether Slipway has ever written to it.</summary>
    public bool Managed { get; init; }

    /// <summary>Pods that its owner, a person or an autoscaler, wants.</summary>
    public int Replicas { get; init; }

    /// <summary>Pods of it, of whatever template, that are available.</summary>
    public int Available { get; init; }

    /// <summary>StatefulSet: pods below this ordinal keep the template before.</summary>
    public int Partition { get; init; }

    /// <summary>Whether that ordinal was written by Slipway.</summary>
    public bool OwnsPartition { get; init; }

    /// <summary>StatefulSet: pods that have the newest template.</summary>
    public int Updated { get; init; }

    /// <summary>Pods of another template than the present one that are broken and hold up the StatefulSet.</summary>
    public ImmutableArray<StuckPod> Stuck { get; init; } = [];

    /// <summary>Why its present work must not be cut short for another version; null when it may.</summary>
    public string? Busy { get; init; }
}

/// <param name="Uid">The deletion's precondition: a pod of the same name that came after it is not meant.</param>
public sealed record StuckPod(string Namespace, string Name, string Uid);

/// <summary>The image of one container that the Delivery moves.</summary>
/// <param name="InRepository">Whether it is in the repository that the Delivery follows.</param>
/// <param name="Author">What kind of writer set it, and <paramref name="Manager"/> who, in words.</param>
public sealed record RunningImage(string Container, bool InRepository, string? Tag, string? Digest, ImageWriter Author, string Manager = "")
{
    /// <summary>Nowhere can a digest be written, so that the tag alone tells what it is.</summary>
    public bool ByTag { get; init; }

    /// <summary>Tag and digest are in fields of their own, and who reads them may look at one alone: both must be right.</summary>
    public bool Apart { get; init; }
}

/// <summary>What the planner needs of a Release that exists.</summary>
public sealed record ReleaseRecord(string Name, string Uid, long Number, string? Tag, string Digest, string Outcome, DateTimeOffset StartedAt)
{
    /// <summary>How many of its transitions are written there; they are only ever added to.</summary>
    public int Transitions { get; init; }
}

/// <summary>The values of the request annotations; each is acted on once (see <see cref="HandledRequests"/>).</summary>
public sealed record Requests(string? Check = null, string? Retry = null, string? Rollback = null, string? Resume = null)
{
    public string? Promote { get; init; }

    public string? Abort { get; init; }

    public string? Approve { get; init; }

    public string? Reject { get; init; }
}
