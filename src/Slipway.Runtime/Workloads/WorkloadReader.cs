using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Annotations;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>Reads a Deployment, StatefulSet, DaemonSet, CronJob or Job as the API server writes it.</summary>
public sealed class WorkloadReader(ValuePool pool)
{
    private readonly PodSpecReader _podSpec = new(pool);

    /// <param name="apiVersion">Under which the object was asked for: an item of a list does not say.</param>
    /// <exception cref="FormatException">A field has the wrong type; the message names object and field.</exception>
    public WorkloadSnapshot Read(WorkloadKind kind, string apiVersion, JsonElement workload)
    {
        var root = JsonField.Root(workload, kind.Name);
        var metadata = root["metadata"];
        var key = new WorkloadKey(kind.Name, pool.Share(metadata["namespace"].Text ?? ""), metadata["name"].RequiredText);

        // From here on an error can name the object.
        root = JsonField.Root(workload, key.ToString());
        metadata = root["metadata"];
        var spec = root["spec"];
        var podSpec = kind.PodSpecPath.Aggregate(root, (field, name) => field[name]);
        var managedFields = metadata["managedFields"].Element;
        var side = kind == WorkloadKinds.Deployment ? SideMarks.Read(metadata, spec, pool) : null;
        return new()
        {
            Key = key,
            ApiVersion = pool.Share(apiVersion),
            Uid = metadata["uid"].Text ?? "",
            ResourceVersion = metadata["resourceVersion"].Text ?? "",
            Deleting = metadata["deletionTimestamp"].Text is not null,
            WrittenBy = metadata["annotations"][ApiNames.ReleaseAnnotation].Text,
            Labels = pool.Map(metadata["labels"]),

            // One that we made wishes for nothing.
            Annotations = side is null ? Settings(metadata["annotations"]) : ImmutableDictionary<string, string>.Empty,
            Containers = _podSpec.Containers(podSpec, kind, managedFields),
            PullSecrets = _podSpec.PullSecrets(podSpec),
            ServiceAccount = pool.Share(podSpec["serviceAccountName"].Text ?? podSpec["serviceAccount"].Text ?? "default"),
            Placement = _podSpec.Placement(podSpec),
            PodSelector = kind == WorkloadKinds.CronJob ? null : _podSpec.Selector(spec["selector"]),
            Progress = Progress(kind, metadata, spec, root["status"]),
            Side = side,
        };
    }

    // One character more than is allowed is enough to know that it is too long.
    private ImmutableDictionary<string, string> Settings(JsonField annotations) => annotations.IsAbsent
        ? ImmutableDictionary<string, string>.Empty
        : annotations.Entries.Where(entry => AnnotationNames.IsSetting(entry.Name)).ToImmutableDictionary(
            entry => pool.Share(entry.Name),
            entry => entry.Value.Text is { } text ? pool.Share(text.Length > AnnotationNames.LongestValue ? text[..(AnnotationNames.LongestValue + 1)] : text) : "");

    private RolloutProgress Progress(WorkloadKind kind, JsonField metadata, JsonField spec, JsonField status)
    {
        var counted = kind.Name switch
        {
            "Deployment" => Deployment(spec, status),
            "StatefulSet" => StatefulSet(spec, status, metadata["managedFields"].Element),
            "DaemonSet" => DaemonSet(spec, status),
            "Job" => Job(spec, status),
            _ => new RolloutProgress(),
        };
        return counted with { Generation = metadata["generation"].Number ?? 0, ObservedGeneration = status["observedGeneration"].Number ?? 0 };
    }

    // Absent replicas are 1: the server's default (apps/v1, DeploymentSpec, StatefulSetSpec).
    private RolloutProgress Deployment(JsonField spec, JsonField status) => new()
    {
        Desired = spec["replicas"].Count ?? 1,
        Total = status["replicas"].Count ?? 0,
        Updated = status["updatedReplicas"].Count ?? 0,
        Ready = status["readyReplicas"].Count ?? 0,
        Available = status["availableReplicas"].Count ?? 0,
        Paused = spec["paused"].Flag,
        UpdateStrategy = Shared(spec["strategy"]["type"]),
        Failure = DeploymentFailure(status),
    };

    private RolloutProgress StatefulSet(JsonField spec, JsonField status, JsonElement managedFields) => new()
    {
        PartitionIsOurs = ImageOwnership.IsApplied(managedFields, "spec", "updateStrategy", "rollingUpdate", "partition"),
        Desired = spec["replicas"].Count ?? 1,
        Total = status["replicas"].Count ?? 0,
        Updated = status["updatedReplicas"].Count ?? 0,
        Ready = status["readyReplicas"].Count ?? 0,

        // Kubernetes before 1.22 knows no minReadySeconds here, so that a ready pod is an available one.
        Available = status["availableReplicas"].Count ?? status["readyReplicas"].Count ?? 0,
        UpdateStrategy = Shared(spec["updateStrategy"]["type"]),
        Partition = spec["updateStrategy"]["rollingUpdate"]["partition"].Count ?? 0,
        CurrentRevision = status["currentRevision"].Text,
        UpdateRevision = status["updateRevision"].Text,
    };

    private RolloutProgress DaemonSet(JsonField spec, JsonField status) => new()
    {
        Desired = status["desiredNumberScheduled"].Count ?? 0,
        Total = status["currentNumberScheduled"].Count ?? 0,
        Updated = status["updatedNumberScheduled"].Count ?? 0,
        Ready = status["numberReady"].Count ?? 0,
        Available = status["numberAvailable"].Count ?? 0,
        UpdateStrategy = Shared(spec["updateStrategy"]["type"]),
    };

    // Its controller tells no observedGeneration, and needs none: a Job's template never changes.
    private static RolloutProgress Job(JsonField spec, JsonField status) => new()
    {
        Desired = 1,
        Ready = status["succeeded"].Count ?? 0,
        Paused = spec["suspend"].Flag,
        Completed = Condition(status, "Complete", "True", reason: null) is not null,
        Failure = Condition(status, "Failed", "True", reason: null),
        Vanishes = !spec["ttlSecondsAfterFinished"].IsAbsent,
    };

    /// <summary>The deadline's word comes first, because it is final; why no pod could be created is the reason behind it.</summary>
    private static WorkloadFailure? DeploymentFailure(JsonField status)
    {
        var stuck = Condition(status, "Progressing", "False", "ProgressDeadlineExceeded");
        var refused = Condition(status, "ReplicaFailure", "True", reason: null);
        return (stuck, refused) switch
        {
            ({ }, { }) => stuck with { Message = BoundedText.Of($"{stuck.Message} {refused.Reason}: {refused.Message}") },
            _ => stuck ?? refused,
        };
    }

    private static WorkloadFailure? Condition(JsonField status, string type, string value, string? reason) =>
        status["conditions"].Items
            .Where(condition => condition["type"].Text == type && condition["status"].Text == value && (reason is null || condition["reason"].Text == reason))
            .Select(condition => new WorkloadFailure(condition["reason"].Text ?? type, BoundedText.Of(condition["message"].Text)))
            .FirstOrDefault();

    private string? Shared(JsonField field) => field.Text is { } text ? pool.Share(text) : null;
}
