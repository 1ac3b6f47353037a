using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>The status of a pod as a function of what its node runs ("Pod Lifecycle" of the Kubernetes documentation).</summary>
internal static class PodStatus
{
    public static JsonObject Of(JsonObject pod, PodRuntime runtime, string hostIp, NodeTimings timings, DateTimeOffset now)
    {
        var status = JsonTree.Copy(pod.Section("status") ?? []);
        var unready = runtime.Main.Where(container => !IsReady(container, timings, now)).Select(container => container.Name).ToArray();
        var phase = Phase(runtime);
        status["phase"] = phase;
        status["hostIP"] = hostIp;
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = hostIp });
        status["podIP"] = runtime.Ip;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = runtime.Ip });
        status["startTime"] = WorkloadFields.Text(runtime.StartedAt);
        status["qosClass"] = "BestEffort";
        if (runtime.Init.Count > 0)
        {
            status["initContainerStatuses"] = new JsonArray([.. runtime.Init.Select(container => Container(runtime, container, timings, now))]);
        }

        status["containerStatuses"] = new JsonArray([.. runtime.Main.Select(container => Container(runtime, container, timings, now))]);
        SetConditions(pod, status, runtime, phase, unready, now);
        return status;
    }

    public static string Phase(PodRuntime runtime)
    {
        if (runtime.Init.Any(container => container.State is ContainerState.Ended { Run.Last.ExitCode: not 0 }))
        {
            return "Failed";
        }

        if (runtime.Main.Count > 0 && runtime.Main.All(container => container.State is ContainerState.Ended))
        {
            return runtime.Main.All(container => container.State is ContainerState.Ended { Run.Last.ExitCode: 0 }) ? "Succeeded" : "Failed";
        }

        return runtime.Main.Any(HasRun) ? "Running" : "Pending";
    }

    private static bool HasRun(ContainerRuntime container) =>
        container.State is ContainerState.Running or ContainerState.BackingOff or ContainerState.Ended or ContainerState.Starting { Run.Restarts: > 0 };

    private static bool IsReady(ContainerRuntime container, NodeTimings timings, DateTimeOffset now) =>
        container.State is ContainerState.Running running && ContainerMachine.IsReady(running, timings, now);

    private static void SetConditions(JsonObject pod, JsonObject status, PodRuntime runtime, string phase, string[] unready, DateTimeOffset now)
    {
        Conditions.Set(status, "PodScheduled", "True", "", "", now);
        if (runtime.Initialized)
        {
            Conditions.Set(status, "Initialized", "True", phase == "Succeeded" ? "PodCompleted" : "", "", now);
        }
        else
        {
            var left = runtime.Init.Where(container => container.State is not ContainerState.Ended { Run.Last.ExitCode: 0 }).Select(container => container.Name);
            Conditions.Set(status, "Initialized", "False", "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', left)}]", now);
        }

        PodReadiness.Set(pod, status, phase, unready, now);
    }

    private static JsonObject Container(PodRuntime runtime, ContainerRuntime container, NodeTimings timings, DateTimeOffset now)
    {
        var (image, run) = Known(container.State);
        var ready = IsReady(container, timings, now) || (container.Role is { Once: true } && container.State is ContainerState.Ended { Run.Last.ExitCode: 0 } && runtime.Init.Contains(container));
        var status = new JsonObject
        {
            ["name"] = container.Name,
            ["ready"] = ready,
            ["restartCount"] = (long)run.Restarts,
            ["image"] = container.Reference?.ToString() ?? container.Image,
            ["imageID"] = image?.Id ?? "",
            ["started"] = container.State is ContainerState.Running,
            ["state"] = State(runtime, container, timings, now),
            ["lastState"] = run.Last is { } last && container.State is not ContainerState.Ended ? new JsonObject { ["terminated"] = Terminated(last) } : [],
        };
        if (image is not null)
        {
            status["containerID"] = $"containerd://{ContentDigest.Of(System.Text.Encoding.UTF8.GetBytes($"{runtime.Uid}/{container.Name}/{run.Restarts}"))["sha256:".Length..]}";
        }

        return status;
    }

    private static (PulledImage? Image, Run Run) Known(ContainerState state) => state switch
    {
        ContainerState.Starting starting => (starting.Image, starting.Run),
        ContainerState.Running running => (running.Image, running.Run),
        ContainerState.BackingOff backing => (backing.Image, backing.Run),
        ContainerState.Ended ended => (ended.Image, ended.Run),
        _ => (null, new Run()),
    };

    private static JsonObject State(PodRuntime runtime, ContainerRuntime container, NodeTimings timings, DateTimeOffset now) => container.State switch
    {
        ContainerState.Running running => new JsonObject { ["running"] = new JsonObject { ["startedAt"] = WorkloadFields.Text(running.StartedAt) } },
        ContainerState.Ended { Run.Last: { } last } => new JsonObject { ["terminated"] = Terminated(last) },
        ContainerState.PullFailed failed when failed.Failure.Reason == "ErrImagePull" && now >= failed.At + timings.PullFailureShown =>
            Waiting("ImagePullBackOff", $"Back-off pulling image \"{container.Image}\""),
        ContainerState.PullFailed failed => Waiting(failed.Failure.Reason, failed.Failure.Message),
        ContainerState.Misconfigured wrong => Waiting("CreateContainerConfigError", wrong.Message),
        ContainerState.BackingOff backing => Waiting("CrashLoopBackOff", $"back-off {Spoken(backing.Pause)} restarting failed container={container.Name} pod={runtime.Uid}"),
        _ => Waiting(runtime.Initialized ? "ContainerCreating" : "PodInitializing", ""),
    };

    // As Go prints a duration.
    private static string Spoken(TimeSpan pause) => pause.TotalMinutes >= 1 ? $"{(int)pause.TotalMinutes}m{pause.Seconds}s" : $"{pause.TotalSeconds:0.###}s";

    private static JsonObject Waiting(string reason, string message)
    {
        var waiting = new JsonObject { ["reason"] = reason };
        if (message.Length > 0)
        {
            waiting["message"] = message;
        }

        return new JsonObject { ["waiting"] = waiting };
    }

    private static JsonObject Terminated(Termination last)
    {
        var terminated = new JsonObject
        {
            ["exitCode"] = (long)last.ExitCode,
            ["reason"] = last.Reason,
            ["startedAt"] = WorkloadFields.Text(last.StartedAt),
            ["finishedAt"] = WorkloadFields.Text(last.FinishedAt),
        };
        if (last.Message.Length > 0)
        {
            terminated["message"] = last.Message;
        }

        return terminated;
    }
}
