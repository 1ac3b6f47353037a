using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Keeps as many pods as a ReplicaSet wants ("ReplicaSet" of the Kubernetes documentation).</summary>
internal sealed class ReplicaSetController(ObjectStore store, PodCreation pods, TimeProvider time) : IWorkloadController
{
    private static readonly TimeSpan QuotaRetry = TimeSpan.FromSeconds(5);

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.ReplicaSets ? [change.Key]
        : change.Key.Resource == Known.Pods ? store.OwnersOf(change, "ReplicaSet", Known.ReplicaSets)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } set)
        {
            return null;
        }

        var failure = set.IsBeingDeleted() ? null : Scale(set);
        var now = time.GetUtcNow();
        var active = Active(set);
        store.WriteStatus(key, set, current => Status(current, active, failure, now));
        return failure is null ? Pods.NextAvailable(active, set.MinReady(), now) : now + QuotaRetry;
    }

    private ImmutableArray<JsonObject> Active(JsonObject set) => [.. store.Owned(set, Known.Pods).Where(pod => pod.IsActive())];

    private (string Reason, string Message)? Scale(JsonObject set)
    {
        var active = Active(set);
        for (var missing = set.Replicas() - active.Length; missing > 0; missing--)
        {
            if (pods.Create(set, PodTemplate.Pod(set, set.Section("spec", "template") ?? [], set.Name() + "-", null)) is { } why)
            {
                return ("FailedCreate", why);
            }
        }

        foreach (var surplus in DeletionOrder(active).Take(active.Length - set.Replicas()))
        {
            pods.Delete(set, surplus);
        }

        return null;
    }

    /// <summary>Those go first that are missed least: not on a node, pending, not ready, restarted, young (ActivePods of Kubernetes' controllers).</summary>
    internal static IEnumerable<JsonObject> DeletionOrder(IEnumerable<JsonObject> active) => active
        .OrderBy(pod => pod.Text("spec", "nodeName").Length > 0)
        .ThenBy(pod => pod.Text("status", "phase") == "Running")
        .ThenBy(pod => pod.IsReady())
        .ThenByDescending(pod => pod.Objects("status", "containerStatuses").Select(status => status.Int("restartCount") ?? 0).DefaultIfEmpty().Max())
        .ThenByDescending(pod => pod.Text("metadata", "creationTimestamp"), StringComparer.Ordinal);

    private static JsonObject Status(JsonObject set, ImmutableArray<JsonObject> active, (string Reason, string Message)? failure, DateTimeOffset now)
    {
        var status = set.Ensure("status");
        status["replicas"] = (long)active.Length;
        status.SetCount("fullyLabeledReplicas", active.Count(pod => LabelSelectors.MatchesAll(set.Section("spec", "template", "metadata", "labels"), pod)));
        status.SetCount("readyReplicas", active.Count(pod => pod.IsReady()));
        status.SetCount("availableReplicas", active.Count(pod => pod.IsAvailable(set.MinReady(), now)));
        status["observedGeneration"] = set.Generation();
        if (failure is { } told)
        {
            Conditions.Set(status, "ReplicaFailure", "True", told.Reason, told.Message, now);
        }
        else
        {
            Conditions.Remove(status, "ReplicaFailure");
        }

        return JsonTree.Copy(status);
    }
}
