using System.Collections.Frozen;

namespace Slipway.Workloads;

/// <summary>Which of a pod's complaints mean that waiting does not help.</summary>
public static class PodProblems
{
    /// <summary>No node takes the pod. Often a node is on its way, so it is not a failure; the progress deadline judges it.</summary>
    public const string Unschedulable = "Unschedulable";

    /// <summary>
    /// Reasons of a waiting container, as the kubelet writes them (kubernetes: pkg/kubelet/images/types.go,
    /// pkg/kubelet/container/sync_result.go, pkg/kubelet/kuberuntime/kuberuntime_container.go). ErrImagePull is not among them:
    /// a first failed pull is tried again, and becomes ImagePullBackOff when it fails again.
    /// </summary>
    private static readonly FrozenSet<string> FailingReasons = FrozenSet.ToFrozenSet(
    [
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "ImageInspectError",
        "SignatureValidationFailed",
        "CrashLoopBackOff",
        "CreateContainerConfigError",
        "CreateContainerError",
        "PreCreateHookError",
        "PreStartHookError",
        "PostStartHookError",
        "RunContainerError",
    ]);

    public static bool IsFailing(string reason) => FailingReasons.Contains(reason);
}
