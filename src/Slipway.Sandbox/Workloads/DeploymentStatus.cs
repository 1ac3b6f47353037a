using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>
/// The status of a Deployment as a function of what is there ("Deployment status" of the Kubernetes documentation; the words of the
/// conditions are those of the Deployment controller, since people and tools read them).
/// </summary>
internal static class DeploymentStatus
{
    /// <summary>What the controller itself did in this pass; it is a sign of progress.</summary>
    public enum Deed
    {
        None,
        CreatedSet,
        FoundSet,
    }

    public static JsonObject Of(JsonObject deployment, RolloutView view, string? createFailure, Deed deed, DateTimeOffset now)
    {
        var before = deployment.Section("status") ?? [];
        var status = JsonTree.Copy(before);
        Count(deployment, view, status);
        SetAvailable(view, status, now);
        SetFailure(createFailure, status, now);
        SetProgressing(deployment, view, before, status, deed, now);
        return status;
    }

    /// <summary>When the deadline will have passed, if it runs.</summary>
    public static DateTimeOffset? Deadline(JsonObject deployment)
    {
        var progressing = Conditions.Find(deployment.Section("status") ?? [], "Progressing");
        // The largest number stands for none (kubernetes: pkg/controller/deployment/util, HasProgressDeadline).
        return progressing is null || deployment.Int("spec", "progressDeadlineSeconds") == int.MaxValue || deployment.Flag("spec", "paused") || progressing.Text("reason") is "NewReplicaSetAvailable" or "ProgressDeadlineExceeded"
            ? null
            : progressing.Instant("lastUpdateTime") + Limit(deployment) + TimeSpan.FromSeconds(1);
    }

    public static bool IsComplete(JsonObject deployment, JsonObject status) =>
        (status.Int("updatedReplicas") ?? 0) == deployment.Replicas()
        && (status.Int("replicas") ?? 0) == deployment.Replicas()
        && (status.Int("availableReplicas") ?? 0) == deployment.Replicas()
        && (status.Number("observedGeneration") ?? 0) >= deployment.Generation();

    private static TimeSpan Limit(JsonObject deployment) => TimeSpan.FromSeconds(deployment.Int("spec", "progressDeadlineSeconds") ?? 600);

    private static void Count(JsonObject deployment, RolloutView view, JsonObject status)
    {
        status["observedGeneration"] = deployment.Generation();
        status.SetCount("replicas", view.Sets.Sum(set => set.Existing));
        status.SetCount("updatedReplicas", view.New?.Existing ?? 0);
        status.SetCount("readyReplicas", view.Sets.Sum(set => set.Ready));
        status.SetCount("availableReplicas", view.AvailableInAll);
        status.SetCount("unavailableReplicas", Math.Max(0, view.WantedInAll - view.AvailableInAll));
    }

    private static void SetAvailable(RolloutView view, JsonObject status, DateTimeOffset now)
    {
        if (view.AvailableInAll >= view.MinAvailable)
        {
            Set(status, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now);
        }
        else
        {
            Set(status, "Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);
        }
    }

    private static void SetFailure(string? createFailure, JsonObject status, DateTimeOffset now)
    {
        if (createFailure is null)
        {
            Conditions.Remove(status, "ReplicaFailure");
        }
        else
        {
            Set(status, "ReplicaFailure", "True", "FailedCreate", createFailure, now);
        }
    }

    private static void SetProgressing(JsonObject deployment, RolloutView view, JsonObject before, JsonObject status, Deed deed, DateTimeOffset now)
    {
        var was = Conditions.Find(before, "Progressing");
        if (deployment.Flag("spec", "paused"))
        {
            Set(status, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", now);
            return;
        }

        var name = view.New?.Name ?? "";
        if (was?.Text("reason") == "DeploymentPaused")
        {
            Set(status, "Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", now);
        }
        else if (deed is not Deed.None)
        {
            var (reason, message) = deed is Deed.CreatedSet ? ("NewReplicaSetCreated", $"Created new replica set \"{name}\"") : ("FoundNewReplicaSet", $"Found new replica set \"{name}\"");
            Touch(status, "True", reason, message, now);
        }
        else if (was?.Text("reason") == "NewReplicaSetAvailable" && (status.Int("replicas") ?? 0) == (status.Int("updatedReplicas") ?? 0))
        {
            // Once complete, a pod that comes and goes is no rollout.
        }
        else if (IsComplete(deployment, status))
        {
            Set(status, "Progressing", "True", "NewReplicaSetAvailable", $"ReplicaSet \"{name}\" has successfully progressed.", now);
        }
        else if (HasProgressed(before, status))
        {
            Touch(status, "True", "ReplicaSetUpdated", $"ReplicaSet \"{name}\" is progressing.", now);
        }
        else if (was is not null && Deadline(deployment) <= now)
        {
            Set(status, "Progressing", "False", "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing.", now);
        }
    }

    // More updated, fewer old, more ready, more available than before.
    private static bool HasProgressed(JsonObject before, JsonObject after)
    {
        static int Of(JsonObject status, string name) => status.Int(name) ?? 0;
        static int Old(JsonObject status) => Of(status, "replicas") - Of(status, "updatedReplicas");
        return Of(after, "updatedReplicas") > Of(before, "updatedReplicas")
            || Old(after) < Old(before)
            || Of(after, "readyReplicas") > Of(before, "readyReplicas")
            || Of(after, "availableReplicas") > Of(before, "availableReplicas");
    }

    private static void Touch(JsonObject status, string state, string reason, string message, DateTimeOffset now) =>
        Conditions.Set(status, "Progressing", state, reason, message, now, updates: true);

    // The time of the last update moves only when the condition says something else: it must not make a write of nothing.
    private static void Set(JsonObject status, string type, string state, string reason, string message, DateTimeOffset now)
    {
        var was = Conditions.Find(status, type);
        if (was is null || was.Text("status") != state || was.Text("reason") != reason || was.Text("message") != message)
        {
            Conditions.Set(status, type, state, reason, message, now, updates: true);
        }
    }
}
