using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Checks;
using Slipway.Gates;
using Slipway.Groups;
using Slipway.Images;
using Slipway.Platforms;
using Slipway.Rollouts;
using Slipway.Signatures;
using Slipway.Sources;
using Slipway.Traffic;
using Slipway.Workloads;

namespace Slipway.Deliveries;

/// <summary>What the shell has read about one Delivery. <see cref="ToSnapshot"/> makes of it what the planner decides on.</summary>
public sealed record DeliveryFacts
{
    public required Delivery Delivery { get; init; }

    public required DeliveryTerms Terms { get; init; }

    public required TargetSet Targets { get; init; }

    public ImmutableArray<ClaimConflict> Conflicts { get; init; } = [];

    /// <summary>Pods by workload; of a workload that is not here, none were asked for.</summary>
    public ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>> Pods { get; init; } = ImmutableDictionary<WorkloadKey, IReadOnlyList<PodSnapshot>>.Empty;

    public IReadOnlyList<NodeSnapshot> Nodes { get; init; } = [];

    public SourceView Source { get; init; } = new(new Sighting.Pending(), null);

    public Verification Verification { get; init; } = new Verification.NotRequired();

    /// <summary>Of the older candidate that has rested.</summary>
    public Verification RestedVerification { get; init; } = new Verification.NotRequired();

    public ImmutableArray<ReleaseRecord> History { get; init; } = [];

    public Publication? Publication { get; init; }

    /// <summary>The checks of the spec, with their templates filled in; asked for where something may start.</summary>
    public IReadOnlyList<CheckPlan> Checks { get; init; } = [];

    /// <summary>Why they cannot be made as the spec says; null where they can.</summary>
    public TargetProblem? CheckProblem { get; init; }

    public ImmutableArray<Measured> Measurements { get; init; } = [];

    /// <summary>What runs, or is to run, beside the first target.</summary>
    public SideFacts Beside { get; init; } = SideFacts.None;

    public ImmutableArray<FreezeTerms> Freezes { get; init; } = [];

    public ImmutableArray<OtherDelivery> Others { get; init; } = [];

    public ImmutableArray<GroupMember> Group { get; init; } = [];

    public RolloutRoom? Room { get; init; }

    public DateTimeOffset Now { get; init; }

    public DeliverySnapshot ToSnapshot()
    {
        var metadata = Delivery.Metadata;
        return new DeliverySnapshot
        {
            Namespace = metadata.Namespace ?? "",
            Name = metadata.Name,
            Uid = metadata.Uid ?? "",
            Generation = metadata.Generation,
            CreatedAt = metadata.CreationTimestamp ?? Now,
            Terms = Terms.Rollout with { Repository = Targets.Repository?.ToString() ?? Terms.Rollout.Repository },
            Status = Delivery.Status ?? new DeliveryStatus(),
            Sighting = Source.Sighting,
            PlatformProblem = Source.Sighting is Sighting.Seen seen ? PlatformProblem(seen) : null,
            PlatformNote = PlatformNote(),
            Rested = Source.Rested is { } rested ? new(rested.Digest, rested.Seen is not null, rested.Seen is { } there ? PlatformProblem(there) : null) { Verification = RestedVerification } : null,
            Verification = Verification,
            RunningDigest = RunningImages.Digest(Targets, Pods) ?? Source.RunningDigest,
            Targets = [.. Targets.Targets.Where(target => target.Workload is not null).Select(Snapshot)],
            TargetProblem = TargetProblem(),
            History = History,
            Publication = Publication,
            Checks = Checks,
            Measurements = Measurements,
            Freezes = Freezes,
            Others = Others,
            Group = Group,
            Room = Room,
            Requests = RequestsOf(metadata),
            Side = Beside.Side,
            Traffic = Beside.Traffic,
            StrategyProblem = Beside.Problem ?? CheckProblem,
            Leaving = metadata.DeletionTimestamp is not null,
            Now = Now,
        };
    }

    private TargetSnapshot Snapshot(ResolvedTarget target)
    {
        var workload = target.Workload!;
        var pods = Pods.GetValueOrDefault(workload.Key, []);
        var images = workload.Containers.Where(container => target.Containers.Contains(container.Container)).Select(container => Running(workload, container));
        var health = Unreleased(workload) ?? WorkloadHealth.Of(workload, pods);
        return new TargetSnapshot(workload.Key, [.. images], health)
        {
            Managed = workload.WrittenBy is not null,
            Replicas = workload.Progress.Desired,
            Available = workload.Progress.Available,
            Partition = workload.Progress.Partition,
            OwnsPartition = workload.Progress.PartitionIsOurs,
            Updated = workload.Progress.Updated,
            Stuck = StuckPods.Of(workload, pods, Delivery.Status?.Current, target.Containers),
            Busy = JobHealth.Busy(workload, target.Recreate, health),
        };
    }

    // Below the partition of a step that is over, the version before runs on: all that is asked for by it is done, and it is not what is meant.
    private Health.Progressing? Unreleased(WorkloadSnapshot workload) =>
        workload.Progress is { PartitionIsOurs: true, Partition: > 0 } && Delivery.Status?.Rollout is RolloutState.Advancing or RolloutState.Reverting
            ? new($"{workload.Key.Kind} {workload.Key.Name}: the partition of the step is still to be taken away", 0)
            : null;

    private RunningImage Running(WorkloadSnapshot workload, ContainerImage container)
    {
        var (author, manager) = (ImageWriters.Classify(container.Owner), ImageWriters.Describe(container.Owner));
        return ImageReference.TryParse(container.Image, out var image, out _)
            // What is still to be created runs nothing, whatever stands in what was kept of it.
            ? new(container.Container, image.Repository == Targets.Repository && !workload.Gone, image.Tag ?? (image.Digest is null ? "latest" : null), image.Digest, author, manager) { ByTag = container.ByTag, Apart = container.Apart }
            : new(container.Container, InRepository: false, container.Image, null, author, manager);
    }

    private TargetProblem? TargetProblem() =>
        // That no repository is known follows from a target that is missing, and not the other way round.
        Targets.Problems.FirstOrDefault(problem => problem.Reason != TargetProblems.RepositoryUnknown) is { } cause ? cause
        : !Targets.Problems.IsEmpty ? Targets.Problems[0]
        : !Conflicts.IsEmpty ? new TargetProblem(TargetProblems.TargetClaimed, Conflicts[0].Message)
        : null;

    private string? PlatformProblem(Sighting.Seen seen) => !Terms.Platforms.IsEmpty
        ? PlatformCheck.Missing(seen.Tag, seen.Platforms, Terms.Platforms)
        : Targets.Targets
            // Where the pods of a custom kind may land, nobody knows here; what is not known refuses nothing.
            .Select(target => target.Workload is null or { Custom: not null } ? null : PlatformCheck.Problem(seen.Tag, seen.Platforms, target.Workload, Nodes))
            .FirstOrDefault(problem => problem is not null);

    // Of use only while there is something to start.
    private string? PlatformNote() => !Terms.Platforms.IsEmpty || Source.Sighting is not Sighting.Seen seen || seen.Digest == Delivery.Status?.Current?.Digest
        ? null
        : Targets.Targets
            .Select(target => target.Workload is null or { Custom: not null } ? null : PlatformCheck.Nowhere(target.Workload, Nodes))
            .FirstOrDefault(note => note is not null);

    private static Requests RequestsOf(ObjectMeta metadata) => new(
        metadata.Annotations?.GetValueOrDefault(ApiNames.CheckAnnotation),
        metadata.Annotations?.GetValueOrDefault(ApiNames.RetryAnnotation),
        metadata.Annotations?.GetValueOrDefault(ApiNames.RollbackAnnotation),
        metadata.Annotations?.GetValueOrDefault(ApiNames.ResumeAnnotation))
    {
        Promote = metadata.Annotations?.GetValueOrDefault(ApiNames.PromoteAnnotation),
        Abort = metadata.Annotations?.GetValueOrDefault(ApiNames.AbortAnnotation),
        Approve = metadata.Annotations?.GetValueOrDefault(ApiNames.ApproveAnnotation),
        Reject = metadata.Annotations?.GetValueOrDefault(ApiNames.RejectAnnotation),
    };
}
