using System.Text.Json.Nodes;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>Whether a pod may land on a node: the filters of the scheduler that do not count resources. A list that reads as the rule does.</summary>
internal static class NodeFit
{
    private static readonly Func<JsonObject, JsonObject, string?>[] Filters = [Named, Selected, Tolerated];

    /// <returns>The scheduler's words for why not; null when it fits.</returns>
    public static string? Complaint(JsonObject pod, JsonObject node, bool cordonCounts = true) =>
        cordonCounts && node.Flag("spec", "unschedulable") && !Tolerates(pod, "node.kubernetes.io/unschedulable", "", "NoSchedule")
            ? "node(s) were unschedulable"
            : Filters.Select(filter => filter(pod, node)).FirstOrDefault(complaint => complaint is not null);

    private static string? Named(JsonObject pod, JsonObject node) =>
        pod.Text("spec", "nodeName") is { Length: > 0 } name && name != node.Name() ? "node(s) didn't match the requested node name" : null;

    private static string? Selected(JsonObject pod, JsonObject node)
    {
        const string Mismatch = "node(s) didn't match Pod's node affinity/selector";
        if (!LabelSelectors.MatchesAll(pod.Section("spec", "nodeSelector"), node))
        {
            return Mismatch;
        }

        var required = pod.Section("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return required is null || required.Objects("nodeSelectorTerms").Any(term => Holds(term, node)) ? null : Mismatch;
    }

    // Terms are alternatives; the expressions of one term hold together, and a term that says nothing holds for no node.
    private static bool Holds(JsonObject term, JsonObject node) =>
        (term.Objects("matchExpressions").Any() || term.Objects("matchFields").Any())
        && term.Objects("matchExpressions").All(expression => LabelSelectors.Holds(expression, node.Label(expression.Text("key"))))
        && term.Objects("matchFields").All(field => field.Text("key") == "metadata.name" && LabelSelectors.Holds(field, node.Name()));

    private static string? Tolerated(JsonObject pod, JsonObject node)
    {
        var taint = node.Objects("spec", "taints").FirstOrDefault(one =>
            one.Text("effect") is "NoSchedule" or "NoExecute" && !Tolerates(pod, one.Text("key"), one.Text("value"), one.Text("effect")));
        return taint is null ? null : $"node(s) had untolerated taint {{{taint.Text("key")}: {taint.Text("value")}}}";
    }

    private static bool Tolerates(JsonObject pod, string key, string value, string effect) => pod.Objects("spec", "tolerations").Any(toleration =>
        toleration.Text("effect") is var wanted && (wanted.Length == 0 || wanted == effect)
        && (toleration.Text("operator") == "Exists"
            ? toleration.Text("key") is var any && (any.Length == 0 || any == key)
            : toleration.Text("key") == key && toleration.Text("value") == value));
}
