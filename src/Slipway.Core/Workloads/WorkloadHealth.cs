using System.Collections.Immutable;
using Slipway.Explanations;

namespace Slipway.Workloads;

/// <summary>Whether the present template of a workload really runs (rule 8).</summary>
/// <remarks>
/// The conditions of success are those of <c>kubectl rollout status</c> (kubernetes: kubectl/pkg/polymorphichelpers/rollout_status.go)
/// with three differences: a failing pod of the present template ends the wait early, zero replicas are enough, and a DaemonSet or
/// StatefulSet that is only updated by hand (OnDelete) is explained rather than refused.
/// </remarks>
public static class WorkloadHealth
{
    /// <summary>A check looks at one thing. Null means that it has nothing to say and the next one is asked.</summary>
    private delegate Health? Check(Observation seen);

    // Each list reads as the definition of health for its kind; whoever comes through it is healthy.
    private static readonly Check[] OfDeployment =
    [
        BeingDeleted, NotObserved, NothingWanted, PodFailing, Paused, Stuck, TooFewUpdated, OldPodsLeft, TooFewAvailable, SurplusUnavailable,
    ];

    private static readonly Check[] OfStatefulSet =
    [
        BeingDeleted, NotObserved, NothingWanted, PodFailing, UpdatedByHand, BlockedByOldPod, PartitionUnfinished, RevisionUnfinished, TooFewAvailable,
    ];

    private static readonly Check[] OfDaemonSet =
    [
        BeingDeleted, NotObserved, NothingWanted, PodFailing, UpdatedByHand, TooFewUpdated, TooFewAvailable,
    ];

    // Its pods come with its Jobs, which may be tomorrow: that the template is written is all there is to know.
    private static readonly Check[] OfCronJob = [BeingDeleted];

    private static readonly Check[] OfJob = [BeingDeleted, Made, Ended, Idle, PodCannotRun, StillRunning];

    // The least that any kind says of itself (kstatus: generation and observedGeneration).
    private static readonly Check[] OfUnknownKind = [BeingDeleted, NotObserved, PodFailing, Stuck];

    // The API server's own troubles (a webhook that does not answer, a token not yet made) are no fault of the image.
    private static readonly string[] SignsOfPassingTrouble =
        ["Internal error occurred", "No API token found", "etcdserver:", "context deadline exceeded", "the server is currently unable"];

    /// <param name="pods">The pods that the workload's selector matches, of any template; none are needed where none are listed.</param>
    public static Health Of(WorkloadSnapshot workload, IReadOnlyList<PodSnapshot> pods)
    {
        var checks = workload.Key.Kind switch
        {
            "Deployment" => OfDeployment,
            "StatefulSet" => OfStatefulSet,
            "DaemonSet" => OfDaemonSet,
            "CronJob" => OfCronJob,
            "Job" => OfJob,
            _ => OfUnknownKind,
        };
        if (workload.Custom is not null)
        {
            return CustomHealth.Of(workload);
        }

        var seen = new Observation(workload, pods);
        return checks.Select(check => check(seen)).FirstOrDefault(said => said is not null) ?? new Health.Healthy(seen.Available);
    }

    private static Health.Progressing? BeingDeleted(Observation seen) =>
        seen.Workload.Deleting ? seen.Waiting("is being deleted") : null;

    // Until then all counts, and so what is available, are those of the template before: they would be taken for progress of this one.
    private static Health.Progressing? NotObserved(Observation seen) =>
        seen.Progress is { Generation: var generation, ObservedGeneration: var observed } && observed < generation && !(seen.IsUnknownKind && observed == 0)
            ? seen.Waiting($"its controller has not seen the change yet (generation {generation}, observed {observed})") with { Available = 0 }
            : null;

    private static Health.Healthy? NothingWanted(Observation seen) => seen.Progress.Desired == 0 ? new Health.Healthy(0) : null;

    private static Health.Failing? PodFailing(Observation seen) =>
        seen.PresentPods.FirstOrDefault(IsFailing) is { Problem: { } problem } pod
            ? new Health.Failing(problem.Reason, BoundedText.Of($"pod {pod.Name}: {problem.Message}"))
            : null;

    private static Health.Progressing? Made(Observation seen) => seen.Workload.Gone ? seen.Waiting("is being created anew") : null;

    private static Health? Ended(Observation seen) => seen.Progress switch
    {
        { Completed: true } => new Health.Healthy(seen.Progress.Ready),
        { Failure: { } failure } => new Health.Failing(failure.Reason, failure.Message),
        _ => null,
    };

    // Suspended: as with zero replicas, that the template is written is all there is to wait for.
    private static Health.Healthy? Idle(Observation seen) => seen.Progress.Paused ? new Health.Healthy(0) : null;

    // A Job counts its crashes itself, and gives up by itself (backoffLimit); for an image that cannot be pulled it waits for ever.
    private static Health.Failing? PodCannotRun(Observation seen) => PodFailing(seen) is { Reason: not "CrashLoopBackOff" } failing ? failing : null;

    private static Health.Progressing StillRunning(Observation seen) => seen.Waiting("is running");

    private static bool IsFailing(PodSnapshot pod) => !pod.Ready && pod.Problem is { } problem && PodProblems.IsFailing(problem.Reason);

    private static Health? Stuck(Observation seen) => seen.Progress.Failure switch
    {
        // With every new pod up, what is left is old pods going. The controller also leaves the word of the previous template there for
        // a moment when a workload of one replica goes back.
        null => null,
        _ when seen.NewPodsAreUp => null,
        { Reason: "FailedCreate" } failure when IsPassing(failure) => seen.Waiting($"a pod could not be created, and is tried again: {failure.Message}"),
        { } failure => new Health.Failing(failure.Reason, BoundedText.Of(failure.Message)),
    };

    private static bool IsPassing(WorkloadFailure failure) =>
        SignsOfPassingTrouble.Any(sign => failure.Message.Contains(sign, StringComparison.Ordinal));

    private static Health.Progressing? Paused(Observation seen) =>
        seen.Progress.Paused && !(seen.NewPodsAreUp && seen.OldPods == 0)
            ? seen.Waiting($"is paused, so no pod is replaced; kubectl rollout resume deployment/{seen.Key.Name} -n {seen.Key.Namespace}")
            : null;

    private static Health.Progressing? TooFewUpdated(Observation seen) =>
        seen.Progress.Updated < seen.Progress.Desired
            ? seen.Waiting($"{seen.Progress.Updated} of {seen.Progress.Desired} pods have the new template")
            : null;

    private static Health.Progressing? OldPodsLeft(Observation seen) =>
        seen.OldPods > 0 ? seen.Waiting($"{Words.Pods(seen.OldPods)} of the old template still to go") : null;

    private static Health.Progressing? TooFewAvailable(Observation seen) =>
        seen.Progress.Available < seen.Progress.Desired
            ? seen.Waiting($"{seen.Progress.Available} of {seen.Progress.Desired} pods are available")
            : null;

    // While it is made smaller there are more of them than wanted, and any of those may be the ones that stay.
    private static Health.Progressing? SurplusUnavailable(Observation seen) =>
        seen.Progress.Available < seen.Progress.Updated
            ? seen.Waiting($"{seen.Progress.Available} of {seen.Progress.Updated} pods are available, of which {seen.Progress.Desired} are to stay")
            : null;

    private static Health.Progressing? UpdatedByHand(Observation seen) =>
        seen.Progress.UpdateStrategy == "OnDelete" && seen.Progress.Updated < seen.Progress.Desired
            ? seen.Waiting(
                $"{Words.Pods(seen.Progress.Desired - seen.Progress.Updated)} of the old template left, and updateStrategy OnDelete replaces a pod only "
                + "when someone deletes it; delete them, or set spec.updateStrategy.type: RollingUpdate")
            : null;

    // With podManagementPolicy OrderedReady the controller waits for a broken pod for ever, even when the template has been put right
    // (Kubernetes, StatefulSets, "Forced rollback"; kubernetes/kubernetes#67250).
    private static Health.Progressing? BlockedByOldPod(Observation seen) =>
        seen.Progress.Updated < seen.Progress.Desired
        && seen.OtherPods.FirstOrDefault(IsFailing) is { } blocker
            ? seen.Waiting(
                $"pod {blocker.Name} of another template is in {blocker.Problem!.Reason}, and a StatefulSet does not replace a pod before it is ready; "
                + $"kubectl delete pod {blocker.Name} -n {seen.Key.Namespace}")
            : null;

    private static Health.Progressing? PartitionUnfinished(Observation seen) =>
        seen.Progress is { Partition: > 0 and var partition } && seen.Progress.Updated < seen.Progress.Desired - partition
            ? seen.Waiting($"{seen.Progress.Updated} of {seen.Progress.Desired - partition} pods at and above partition {partition} have the new template")
            : null;

    // With OnDelete the controller never makes the update revision the current one, even when every pod has it.
    private static Health.Progressing? RevisionUnfinished(Observation seen) =>
        seen.Progress is { Partition: 0, UpdateStrategy: not "OnDelete", UpdateRevision: { } update } progress
        && (progress.CurrentRevision != update || progress.Updated < progress.Desired)
            ? seen.Waiting($"{progress.Updated} of {progress.Desired} pods are at revision {update}")
            : null;

    private sealed record Observation(WorkloadSnapshot Workload, IReadOnlyList<PodSnapshot> Pods)
    {
        public WorkloadKey Key => Workload.Key;

        public RolloutProgress Progress => Workload.Progress;

        public bool IsUnknownKind => WorkloadKinds.Find(Key.Kind) is null;

        public int OldPods => Progress.Total - Progress.Updated;

        public bool NewPodsAreUp => Progress.Updated >= Progress.Desired && Progress.Available >= Progress.Desired;

        /// <summary>
        /// Pods of the present template. A crash of an old pod must not fail the new version. Containers that an admission
        /// webhook adds do not count; a webhook that rewrites images hides its pods from us, and then only the deadline is left.
        /// </summary>
        public ImmutableArray<PodSnapshot> PresentPods { get; } = [.. Pods.Where(pod => !pod.Terminating && Runs(pod, Workload))];

        public IEnumerable<PodSnapshot> OtherPods => Pods.Where(pod => !pod.Terminating && !Runs(pod, Workload));

        /// <summary>
        /// Pods that are both updated and available. The kind reports only both totals, so it is at least what remains when every
        /// pod of another template counts as available; and at most what both totals allow, where the pods themselves say more.
        /// </summary>
        public int Available
        {
            get
            {
                var least = Progress.Available - Math.Max(0, OldPods);
                var most = Math.Min(Progress.Updated, Progress.Available);
                return Math.Clamp(Math.Max(least, PresentPods.Count(pod => pod.Ready)), 0, Math.Max(0, most));
            }
        }

        /// <summary>A pod that no node takes is the likeliest cause of any wait, so its message goes along.</summary>
        public Health.Progressing Waiting(string why)
        {
            var unplaced = PresentPods.FirstOrDefault(pod => !pod.Ready && pod.Problem is not null);
            var because = unplaced is null ? "" : $"; pod {unplaced.Name}: {unplaced.Problem!.Reason}: {unplaced.Problem.Message}";
            return new(BoundedText.Of($"{Key.Kind} {Key.Name}: {why}{because}"), Available);
        }

        private static bool Runs(PodSnapshot pod, WorkloadSnapshot workload) =>
            workload.Containers.All(container => pod.Images.TryGetValue(container.Container, out var image) && image == container.Image);
    }
}
