using System.Collections.Immutable;
using System.Globalization;
using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Platforms;

/// <summary>
/// Which nodes the pods of a workload may land on, as the scheduler's filters NodeName, NodeAffinity and TaintToleration decide
/// (Kubernetes, "Assigning Pods to Nodes", "Taints and Tolerations").
/// </summary>
/// <remarks>
/// What passes does not count: a cordon, and the taints <c>node.kubernetes.io/…</c> for a node's conditions. A cordoned node comes
/// back, and the image must run there then. What a node is for (any other taint) does count.
/// </remarks>
public static class NodeFit
{
    // Of a node's condition, of a node that a cloud has not made ready yet, of one that Karpenter starts or takes away.
    private static readonly string[] PassingTaints = ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/uninitialized", "karpenter.sh/"];

    public static ImmutableArray<NodeSnapshot> Of(NodeConstraint placement, IEnumerable<NodeSnapshot> nodes) =>
        [.. nodes.Where(node => MayLandOn(placement, node))];

    public static bool MayLandOn(NodeConstraint placement, NodeSnapshot node) =>
        (placement.NodeName is null || placement.NodeName == node.Name)
        && (placement.Os is null || NodePlatform.OsOf(node) is not { } os || os == placement.Os)
        && placement.NodeSelector.All(wanted => node.Labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && (placement.Affinity.IsDefaultOrEmpty || placement.Affinity.Any(term => Holds(term, node)))
        && node.Taints.All(taint => IsNoObstacle(taint) || placement.Tolerations.Any(toleration => Tolerates(toleration, taint)));

    // An empty term matches no node (API reference, NodeSelectorTerm).
    private static bool Holds(ImmutableArray<LabelRequirement> term, NodeSnapshot node) =>
        !term.IsDefaultOrEmpty && term.All(requirement => Holds(requirement, node));

    private static bool Holds(LabelRequirement requirement, NodeSnapshot node) => requirement switch
    {
        { Key: NodeConstraint.NameField, Operator: "In" } => (requirement.Values ?? []).Contains(node.Name),
        { Key: NodeConstraint.NameField, Operator: "NotIn" } => !(requirement.Values ?? []).Contains(node.Name),
        { Key: NodeConstraint.NameField } => false,
        { Operator: "Gt" } => Compare(requirement, node) > 0,
        { Operator: "Lt" } => Compare(requirement, node) < 0,
        _ => LabelSelectors.Holds(requirement, node.Labels),
    };

    /// <summary>The node's label against the one value of Gt and Lt; null, which is neither, when either is no integer.</summary>
    private static int? Compare(LabelRequirement requirement, NodeSnapshot node) =>
        requirement.Values is [var bound]
        && node.Labels.TryGetValue(requirement.Key, out var label)
        && Integer(label) is { } left
        && Integer(bound) is { } right
            ? left.CompareTo(right)
            : null;

    private static long? Integer(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsNoObstacle(Taint taint) =>
        taint.Effect is not ("NoSchedule" or "NoExecute") || PassingTaints.Any(prefix => taint.Key.StartsWith(prefix, StringComparison.Ordinal));

    // An empty effect tolerates every effect, an empty key with Exists every taint (API reference, Toleration). An operator from a later
    // Kubernetes tolerates nothing here: then the node is not counted, and nothing is refused for it.
    private static bool Tolerates(Toleration toleration, Taint taint) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && toleration.Operator switch
        {
            "Exists" => string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key,
            null or "" or "Equal" => toleration.Key == taint.Key && (toleration.Value ?? "") == (taint.Value ?? ""),
            _ => false,
        };
}
