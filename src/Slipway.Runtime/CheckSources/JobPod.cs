using System.Text.Json;
using Slipway.Kube;
using Slipway.Workloads;

namespace Slipway.CheckSources;

/// <summary>What matters of the pod of a Job.</summary>
/// <param name="Problem">What its kubelet complains of; null where it does not.</param>
/// <param name="ExitCode">Null while it has not ended.</param>
/// <param name="Started">Whether its container ever ran.</param>
internal sealed record JobPod(string Name, string CreatedAt, WorkloadFailure? Problem, long? ExitCode, bool Started)
{
    private static readonly PodReader Reader = new(new ValuePool());

    public static JobPod Read(JsonElement pod)
    {
        var state = (pod.Property("status")?.Elements("containerStatuses") ?? []).Select(container => container.Property("state")).FirstOrDefault();
        var ended = state?.Property("terminated");
        return new(
            pod.Property("metadata")?.Text("name") ?? "",
            pod.Property("metadata")?.Text("creationTimestamp") ?? "",
            Reader.Read(pod).Problem,
            ended?.Number("exitCode"),
            ended is not null || state?.Property("running") is not null);
    }
}
