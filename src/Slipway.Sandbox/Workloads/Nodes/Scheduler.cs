using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>Gives each pod a node that it fits on, the one with the fewest pods; a pod that fits nowhere says why and waits.</summary>
internal sealed class Scheduler(ObjectStore store, EventRecorder events, TimeProvider time) : IWorkloadController
{
    public IEnumerable<ObjectKey> Concerned(WatchEvent change) =>
        change.Key.Resource == Known.Pods && change.Type is not WatchEventType.Deleted && IsWaiting(change.Value) ? [change.Key]
        : change.Key.Resource == Known.Nodes ? store.List(Known.Pods).Objects.Where(stored => IsWaiting(stored.Value)).Select(stored => stored.Key)
        : [];

    public DateTimeOffset? Reconcile(ObjectKey key)
    {
        if (store.Find(key) is not { } pod || !IsWaiting(pod))
        {
            return null;
        }

        var nodes = store.List(Known.Nodes).Items.ToArray();
        var complaints = nodes.Select(node => NodeFit.Complaint(pod, node)).ToArray();
        var fitting = nodes.Where((_, index) => complaints[index] is null).ToArray();
        if (fitting is not [])
        {
            // With one node there is nothing to compare, and counting its pods would make a large cluster quadratic.
            Bind(pod, fitting is [var only] ? only : fitting.OrderBy(PodsOn).ThenBy(node => node.Name(), StringComparer.Ordinal).First());
        }
        else
        {
            Explain(key, pod, nodes.Length, complaints.OfType<string>());
        }

        return null;
    }

    private static bool IsWaiting(JsonObject pod) => pod.Text("spec", "nodeName").Length == 0 && !pod.IsBeingDeleted();

    private int PodsOn(JsonObject node) => store.List(Known.Pods).Items.Count(pod => pod.Text("spec", "nodeName") == node.Name() && !pod.IsFinished());

    private void Bind(JsonObject pod, JsonObject node)
    {
        store.Update(pod.KeyIn(Known.Pods), value =>
        {
            value.Ensure("spec")["nodeName"] = node.Name();
            Conditions.Set(value.Ensure("status"), "PodScheduled", "True", "", "", time.GetUtcNow());
            return value;
        });
        events.Record(pod, "Normal", "Scheduled", $"Successfully assigned {pod.Namespace()}/{pod.Name()} to {node.Name()}", "default-scheduler");
    }

    private void Explain(ObjectKey key, JsonObject pod, int nodes, IEnumerable<string> complaints)
    {
        var counted = complaints.CountBy(complaint => complaint).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}").ToArray();
        var message = counted is [] ? "no nodes available to schedule pods" : $"0/{nodes} nodes are available: {string.Join(", ", counted)}.";
        if (Conditions.Find(pod.Section("status") ?? [], "PodScheduled")?.Text("message") == message)
        {
            return;
        }

        store.Update(key, value =>
        {
            var status = value.Ensure("status");
            status["phase"] = "Pending";
            Conditions.Set(status, "PodScheduled", "False", "Unschedulable", message, time.GetUtcNow());
            return value;
        });
        events.Record(pod, "Warning", "FailedScheduling", message, "default-scheduler");
    }
}
