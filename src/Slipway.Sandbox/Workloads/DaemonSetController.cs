using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Sandbox.Workloads;

/// <summary>Keeps one pod of a DaemonSet on every node that it fits on ("DaemonSet" of the Kubernetes documentation).</summary>
internal sealed class DaemonSetController(ObjectStore store, PodCreation pods, TimeProvider time) : IWorkloadController
{
    private static readonly TimeSpan CreateRetry = TimeSpan.FromSeconds(5);

    private const string GenerationLabel = "pod-template-generation";

    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.DaemonSets ? [change.Key]
        : change.Key.Resource == Known.Pods ? store.OwnersOf(change, "DaemonSet", Known.DaemonSets)
        : change.Key.Resource == Known.Nodes ? store.List(Known.DaemonSets).Objects.Select(stored => stored.Key)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } set || set.IsBeingDeleted())
        {
            return null;
        }

        var revision = RevisionHistory.Current(store, set);
        var hash = revision.Label(PodTemplate.RevisionLabel) ?? "";
        var nodes = store.List(Known.Nodes).Items.Where(node => Fits(set, node)).Select(node => node.Name()).ToImmutableHashSet();
        var refused = Act(set, nodes, hash);
        var owned = store.Owned(set, Known.Pods);
        var now = time.GetUtcNow();
        store.WriteStatus(key, set, latest => Status(latest, owned, nodes, hash, now));
        RevisionHistory.Forget(store, set, new HashSet<string> { revision.Name() });
        return refused ? now + CreateRetry : Pods.NextAvailable(owned, set.MinReady(), now);
    }

    /// <summary>What makes a node unfit only for a while keeps nobody of a DaemonSet away: its pods tolerate it ("Taints and tolerations").</summary>
    internal static bool Fits(JsonObject set, JsonObject node)
    {
        var pod = new JsonObject { ["spec"] = JsonTree.Copy(set.Section("spec", "template", "spec") ?? []) };
        return NodeFit.Complaint(pod, node, cordonCounts: false) is null;
    }

    private bool Act(JsonObject set, ImmutableHashSet<string> nodes, string hash)
    {
        var live = new List<JsonObject>();
        foreach (var pod in store.Owned(set, Known.Pods).Where(pod => !pod.IsBeingDeleted()))
        {
            // A pod on a node that it no longer fits, or that has ended, makes room for another.
            if (pod.IsFinished() || !nodes.Contains(NodeOf(pod)))
            {
                pods.Delete(set, pod);
            }
            else
            {
                live.Add(pod);
            }
        }

        var refused = Create(set, nodes, hash);
        if (set.Text("spec", "updateStrategy", "type") != "OnDelete")
        {
            Update(set, nodes.Count, live, hash);
        }

        return refused;
    }

    private bool Create(JsonObject set, ImmutableHashSet<string> nodes, string hash)
    {
        var taken = store.Owned(set, Known.Pods).Select(NodeOf).ToHashSet();
        foreach (var node in nodes.Where(node => !taken.Contains(node)).Order(StringComparer.Ordinal))
        {
            var generation = set.Generation().ToString(CultureInfo.InvariantCulture);
            var pod = PodTemplate.Pod(set, set.Section("spec", "template") ?? [], set.Name() + "-", null, (PodTemplate.RevisionLabel, hash), (GenerationLabel, generation));
            pod.Ensure("spec")["nodeName"] = node;
            if (pods.Create(set, pod) is not null)
            {
                return true;
            }
        }

        return false;
    }

    // Old pods that serve nobody can go at once; of the others only as many as may be unavailable.
    private void Update(JsonObject set, int desired, List<JsonObject> live, string hash)
    {
        var now = time.GetUtcNow();
        var budget = Math.Max(1, Fencepost.Resolve(set.Field("spec", "updateStrategy", "rollingUpdate", "maxUnavailable"), "1", desired, up: true));
        var unavailable = desired - live.Count(pod => pod.IsAvailable(set.MinReady(), now));
        var old = live.Where(pod => pod.Label(PodTemplate.RevisionLabel) != hash).ToArray();
        foreach (var pod in old.Where(pod => !pod.IsAvailable(set.MinReady(), now)))
        {
            pods.Delete(set, pod);
        }

        foreach (var pod in old.Where(pod => pod.IsAvailable(set.MinReady(), now)).Take(Math.Max(0, budget - unavailable)))
        {
            pods.Delete(set, pod);
        }
    }

    private static string NodeOf(JsonObject pod) => pod.Text("spec", "nodeName");

    private static JsonObject Status(JsonObject set, ImmutableArray<JsonObject> owned, ImmutableHashSet<string> nodes, string hash, DateTimeOffset now)
    {
        var placed = owned.Where(pod => nodes.Contains(NodeOf(pod))).ToArray();
        var available = placed.Count(pod => pod.IsAvailable(set.MinReady(), now) && !pod.IsBeingDeleted());
        var status = JsonTree.Copy(set.Section("status") ?? []);
        status["observedGeneration"] = set.Generation();
        status["desiredNumberScheduled"] = (long)nodes.Count;
        status["currentNumberScheduled"] = (long)placed.Select(NodeOf).Distinct().Count();
        status["numberMisscheduled"] = (long)owned.Count(pod => !nodes.Contains(NodeOf(pod)));
        status["numberReady"] = (long)placed.Count(pod => pod.IsReady() && !pod.IsBeingDeleted());
        status.SetCount("updatedNumberScheduled", placed.Count(pod => pod.Label(PodTemplate.RevisionLabel) == hash && !pod.IsBeingDeleted()));
        status.SetCount("numberAvailable", available);
        status.SetCount("numberUnavailable", nodes.Count - available);
        return status;
    }
}
