using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads;

/// <summary>Keeps the numbered pods of a StatefulSet.</summary>
internal sealed class StatefulSetController(ObjectStore store, PodCreation pods, TimeProvider time) : IWorkloadController
{
    private static readonly TimeSpan CreateRetry = TimeSpan.FromSeconds(5);

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.StatefulSets ? [change.Key]
        : change.Key.Resource == Known.Pods ? store.OwnersOf(change, "StatefulSet", Known.StatefulSets)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } set || set.IsBeingDeleted())
        {
            return null;
        }

        var update = RevisionHistory.Current(store, set);
        var current = set.Text("status", "currentRevision") is { Length: > 0 } known && store.Find(new(Known.ControllerRevisions, key.Namespace, known)) is { } found ? found : update;
        var refused = Act(set, View(set, update, current), update, current);
        var owned = store.Owned(set, Known.Pods);
        var now = time.GetUtcNow();
        store.WriteStatus(key, set, latest => Status(latest, owned, update.Name(), current.Name(), now));
        RevisionHistory.Forget(store, set, owned.Select(RevisionOf).Append(update.Name()).Append(current.Name()).ToHashSet());
        return refused ? now + CreateRetry : Pods.NextAvailable(owned, set.MinReady(), now);
    }

    private StatefulView View(JsonObject set, JsonObject update, JsonObject current) => new(
        set.Replicas(),
        update.Name(),
        current.Name(),
        store.Owned(set, Known.Pods).Where(pod => Ordinal(pod) >= 0).ToImmutableSortedDictionary(Ordinal, pod =>
            new StatefulPod(Ordinal(pod), RevisionOf(pod), pod.IsAvailable(set.MinReady(), time.GetUtcNow()), pod.IsBeingDeleted(), pod.IsFinished())))
    {
        Ordered = set.Text("spec", "podManagementPolicy") != "Parallel",
        OnDelete = set.Text("spec", "updateStrategy", "type") == "OnDelete",
        Partition = set.Int("spec", "updateStrategy", "rollingUpdate", "partition") ?? 0,
    };

    /// <returns>Whether a pod could not be created.</returns>
    private bool Act(JsonObject set, StatefulView view, JsonObject update, JsonObject current)
    {
        foreach (var step in StatefulSetPlan.Next(view))
        {
            switch (step)
            {
                case StatefulStep.Create create when pods.Create(set, Pod(set, create.Ordinal, create.Revision == update.Name() ? update : current)) is not null:
                    return true;
                case StatefulStep.Delete delete when store.Find(new(Known.Pods, set.Namespace(), $"{set.Name()}-{delete.Ordinal}")) is { } pod:
                    pods.Delete(set, pod);
                    break;
            }
        }

        return false;
    }

    private static JsonObject Pod(JsonObject set, int ordinal, JsonObject revision)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{set.Name()}-{ordinal}");
        var pod = PodTemplate.Pod(
            set,
            RevisionHistory.Template(revision),
            "",
            name,
            (PodTemplate.RevisionLabel, revision.Name()),
            ("statefulset.kubernetes.io/pod-name", name),
            ("apps.kubernetes.io/pod-index", ordinal.ToString(CultureInfo.InvariantCulture)));
        pod.Ensure("spec")["hostname"] = name;
        if (set.Text("spec", "serviceName") is { Length: > 0 } service)
        {
            pod.Ensure("spec")["subdomain"] = service;
        }

        return pod;
    }

    private static int Ordinal(JsonObject pod) =>
        int.TryParse(pod.Name()[(pod.Name().LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;

    private static string RevisionOf(JsonObject pod) => pod.Label(PodTemplate.RevisionLabel) ?? "";

    private static JsonObject Status(JsonObject set, ImmutableArray<JsonObject> owned, string update, string current, DateTimeOffset now)
    {
        var live = owned.Where(pod => !pod.IsFinished()).ToArray();
        var staying = live.Where(pod => !pod.IsBeingDeleted()).ToArray();
        var updated = staying.Count(pod => RevisionOf(pod) == update);
        var ready = live.Count(pod => pod.IsReady());

        // The rolling update is over when every pod has the new revision and is ready; only then it becomes the current one.
        var done = set.Text("spec", "updateStrategy", "type") != "OnDelete" && updated == live.Length && ready == live.Length && live.Length == set.Replicas();
        current = done ? update : current;
        var status = JsonTree.Copy(set.Section("status") ?? []);
        status["observedGeneration"] = set.Generation();
        status["replicas"] = (long)live.Length;
        status.SetCount("readyReplicas", ready);
        status["availableReplicas"] = (long)live.Count(pod => pod.IsAvailable(set.MinReady(), now));
        status.SetCount("currentReplicas", staying.Count(pod => RevisionOf(pod) == current));
        status.SetCount("updatedReplicas", updated);
        status["currentRevision"] = current;
        status["updateRevision"] = update;
        status["collisionCount"] = 0L;
        return status;
    }
}
