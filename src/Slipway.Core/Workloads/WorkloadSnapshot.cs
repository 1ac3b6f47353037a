using System.Collections.Immutable;

namespace Slipway.Workloads;

/// <summary>Names one workload. <see cref="Kind"/> as Kubernetes spells it; the API version is the server's business.</summary>
public readonly record struct WorkloadKey(string Kind, string Namespace, string Name)
{
    /// <summary>A kind that Slipway does not know: it then has its group with it, or its images are named by path.</summary>
    public bool IsCustom => WorkloadKinds.Find(Kind) is null;

    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}

/// <summary>What Slipway keeps of a workload: small, and all that a decision may look at.</summary>
public sealed record WorkloadSnapshot
{
    public required WorkloadKey Key { get; init; }

    /// <summary>The version under which the server gave it, such as apps/v1 or, on old servers, batch/v1beta1.</summary>
    public required string ApiVersion { get; init; }

    public string Uid { get; init; } = "";

    public string ResourceVersion { get; init; } = "";

    public bool Deleting { get; init; }

    /// <summary>Init containers too.</summary>
    public ImmutableArray<ContainerImage> Containers { get; init; } = [];

    public RolloutProgress Progress { get; init; } = new();

    /// <summary>The selector of its pods; null for kinds whose pods come and go by themselves (CronJob).</summary>
    public Api.LabelSelector? PodSelector { get; init; }

    /// <summary>Number of the Release that last wrote its image, by our annotation; null where Slipway never wrote.</summary>
    public string? WrittenBy { get; init; }

    /// <summary>Of the workload itself (for targets by selector).</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Of the workload's annotations only those by which it asks for a Delivery (<c>slipway.dev/…</c>): most workloads have none, and others' may be large.
    /// </summary>
    public ImmutableDictionary<string, string> Annotations { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Of the pod template, by name.</summary>
    public ImmutableArray<string> PullSecrets { get; init; } = [];

    /// <summary>Of the pod template; "default" where it names none.</summary>
    public string ServiceAccount { get; init; } = "default";

    /// <summary>Which nodes the pods may land on.</summary>
    public NodeConstraint Placement { get; init; } = new();

    /// <summary>What Slipway noted on it when it made it, to run beside another; null for every workload that it did not make.</summary>
    public Traffic.SideMark? Side { get; init; }

    /// <summary>Of an object of a custom kind; null for the kinds that Slipway knows.</summary>
    public CustomState? Custom { get; init; }

    /// <summary>A Job that Slipway has deleted, and is to create anew from what it kept of it: the server does not have it at present.</summary>
    public bool Gone { get; init; }
}

/// <summary>The image of one container of the template, and who wrote it last.</summary>
/// <param name="Owner">From managedFields; null where the server tells nothing.</param>
public sealed record ContainerImage(string Container, string Image, bool Init = false, FieldOwner? Owner = null)
{
    /// <summary>
    /// No manager but Slipway lists the container any more: its owner has taken it out of the manifest, and only our share of
    /// its fields keeps it in the template. It is not a target, and our next write lets go of it, which removes it.
    /// </summary>
    public bool Abandoned { get; init; }

    /// <summary>Nowhere beside the tag can a digest be written, so the tag has to do.</summary>
    public bool ByTag { get; init; }

    /// <summary>Tag and digest are in fields of their own.</summary>
    public bool Apart { get; init; }
}

/// <summary>An entry of managedFields. <see cref="Operation"/> is Apply or Update.</summary>
public sealed record FieldOwner(string Manager, string Operation);

/// <summary>The numbers by which a workload says how far it is; what the kind does not have stays at its default.</summary>
public sealed record RolloutProgress
{
    public long Generation { get; init; }

    public long ObservedGeneration { get; init; }

    /// <summary>Pods wanted: replicas, or nodes scheduled for a DaemonSet.</summary>
    public int Desired { get; init; }

    /// <summary>Pods that exist, old and new.</summary>
    public int Total { get; init; }

    /// <summary>Pods of the present template.</summary>
    public int Updated { get; init; }

    public int Ready { get; init; }

    public int Available { get; init; }

    public bool Paused { get; init; }

    /// <summary>RollingUpdate, Recreate or OnDelete; null where the kind has none.</summary>
    public string? UpdateStrategy { get; init; }

    /// <summary>StatefulSet: ordinals below it keep the old template.</summary>
    public int Partition { get; init; }

    /// <summary>StatefulSet: Slipway has applied the partition, and has not let go of it.</summary>
    public bool PartitionIsOurs { get; init; }

    /// <summary>StatefulSet: the revisions that the counts speak of.</summary>
    public string? CurrentRevision { get; init; }

    public string? UpdateRevision { get; init; }

    /// <summary>Deployment: its conditions Progressing and ReplicaFailure, where they say that it is stuck. Job: its condition Failed.</summary>
    public WorkloadFailure? Failure { get; init; }

    /// <summary>Job: its condition Complete.</summary>
    public bool Completed { get; init; }

    /// <summary>Job: its pods are deleted some time after it has ended, and it with them.</summary>
    public bool Vanishes { get; init; }
}

/// <summary>The workload's own word that it cannot go on: ProgressDeadlineExceeded, FailedCreate, ….</summary>
public sealed record WorkloadFailure(string Reason, string Message);

/// <summary>What Slipway keeps of a pod while a rollout is watched.</summary>
/// <param name="Problem">Why a container waits in vain: ImagePullBackOff, CrashLoopBackOff, …; null when nothing is wrong.</param>
/// <param name="ImageIds">By container name: the image that really runs, as the kubelet reports it (repository@digest).</param>
public sealed record PodSnapshot(
    string Namespace,
    string Name,
    string Uid,
    ImmutableDictionary<string, string> Labels,
    ImmutableDictionary<string, string> Images,
    bool Ready,
    bool Terminating,
    WorkloadFailure? Problem,
    ImmutableDictionary<string, string> ImageIds)
{
    /// <summary>Since when it takes requests; null while it does not.</summary>
    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>Since when all its containers are ready, whatever its gates say; null while they are not.</summary>
    public DateTimeOffset? ContainersReadySince { get; init; }

    /// <summary>Whether Slipway lets requests come to it (<see cref="Api.ApiNames.ServingGate"/>).</summary>
    public bool GateOpen { get; init; }
}

/// <summary>The template's nodeSelector, required node affinity and tolerations.</summary>
public sealed record NodeConstraint
{
    /// <summary>Stands for the field metadata.name, the only one that matchFields knows; no label can be called so.</summary>
    public const string NameField = "@metadata.name";

    public ImmutableDictionary<string, string> NodeSelector { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Terms are alternatives; the expressions of one term hold together. A requirement of matchFields has the key
    /// <see cref="NameField"/>.
    /// </summary>
    public ImmutableArray<ImmutableArray<Api.LabelRequirement>> Affinity { get; init; } = [];

    public ImmutableArray<Toleration> Tolerations { get; init; } = [];

    /// <summary>spec.nodeName: the scheduler is not asked.</summary>
    public string? NodeName { get; init; }

    /// <summary>spec.os.name.</summary>
    public string? Os { get; init; }
}

public sealed record Toleration(string? Key, string? Operator, string? Value, string? Effect);

/// <summary>What Slipway keeps of a node.</summary>
public sealed record NodeSnapshot(string Name, ImmutableDictionary<string, string> Labels, ImmutableArray<Taint> Taints, bool Unschedulable);

public sealed record Taint(string Key, string? Value, string Effect);

/// <summary>How a workload stands with its present template.</summary>
public abstract record Health
{
    private Health() { }

    /// <param name="Available">Pods of the present template that are available: the measure of progress.</param>
    public sealed record Progressing(string Message, int Available) : Health;

    public sealed record Healthy(int Available) : Health;

    /// <summary>It will not get better by waiting, or waiting is not worth it.</summary>
    public sealed record Failing(string Reason, string Message) : Health;
}
