using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>What controllers ask of pods.</summary>
internal static class Pods
{
    public static bool IsFinished(this JsonObject pod) => pod.Text("status", "phase") is "Succeeded" or "Failed";

    /// <summary>Neither finished nor ending.</summary>
    public static bool IsActive(this JsonObject pod) => !pod.IsFinished() && !pod.IsBeingDeleted();

    public static bool IsReady(this JsonObject pod) => pod.IsTrue("Ready");

    /// <summary>Ready for as long as minReadySeconds wants it.</summary>
    public static bool IsAvailable(this JsonObject pod, TimeSpan minReady, DateTimeOffset now) =>
        pod.IsReady() && (minReady == TimeSpan.Zero || AvailableAt(pod, minReady) <= now);

    /// <summary>When the first of those that are ready, but not for long enough, will be available.</summary>
    public static DateTimeOffset? NextAvailable(IEnumerable<JsonObject> pods, TimeSpan minReady, DateTimeOffset now) =>
        pods.Where(pod => pod.IsReady() && !pod.IsAvailable(minReady, now)).Min(pod => AvailableAt(pod, minReady));

    private static DateTimeOffset? AvailableAt(JsonObject pod, TimeSpan minReady) =>
        Conditions.Find(pod.Section("status") ?? [], "Ready")?.Instant("lastTransitionTime") + minReady;
}
