using System.Collections.Immutable;
using Slipway.Images;
using Slipway.Workloads;

namespace Slipway.Platforms;

/// <summary>Whether an image runs on every node that the pods may land on (rule 6).</summary>
public static class PlatformCheck
{
    /// <summary>Nodes to name in a sentence; the others are counted.</summary>
    private const int NamedNodes = 3;

    /// <summary>
    /// Why the image must not be deployed, as a sentence; null when nothing speaks against it. What is not known refuses nothing: an
    /// image that does not tell its platforms, a node that does not tell its own, and a cluster whose nodes cannot be listed.
    /// </summary>
    /// <param name="image">The image as the sentence should name it, such as its tag.</param>
    public static string? Problem(string image, PlatformSet platforms, WorkloadSnapshot workload, IReadOnlyList<NodeSnapshot> nodes)
    {
        ImmutableArray<Platform> built = [.. platforms.Platforms.Where(NodePlatform.IsKnown)];
        if (built.IsEmpty)
        {
            return null;
        }

        ImmutableArray<(string Node, Platform Platform)> refused =
        [
            .. from node in NodeFit.Of(workload.Placement, nodes)
               let platform = NodePlatform.Of(node)
               where platform is not null && !built.Any(candidate => NodePlatform.Runs(candidate, platform))
               orderby node.Name
               select (node.Name, platform),
        ];
        return refused.IsEmpty ? null : Sentence(image, built, workload.Key, refused);
    }

    /// <summary>Which of the platforms that the spec names the image lacks, as a sentence; null where it lacks none or does not tell its own.</summary>
    public static string? Missing(string image, PlatformSet platforms, ImmutableArray<Platform> wanted)
    {
        ImmutableArray<Platform> built = [.. platforms.Platforms.Where(NodePlatform.IsKnown)];
        Platform[] missing = built.IsEmpty ? [] : [.. wanted.Where(one => !built.Any(candidate => NodePlatform.RunsOn(candidate, one)))];
        return missing.Length == 0
            ? null
            : $"spec.source.platforms asks for {string.Join(", ", missing.AsEnumerable())}, and {image} has only {Names(built)}; build it for that too, or take it out of the list";
    }

    /// <summary>That no node of the cluster takes the pods, as a sentence; null where one does, or none is known.</summary>
    public static string? Nowhere(WorkloadSnapshot workload, IReadOnlyList<NodeSnapshot> nodes) =>
        nodes.Count == 0 || nodes.Any(node => NodeFit.MayLandOn(workload.Placement, node))
            ? null
            : $"pods of {workload.Key} may land on none of {nodes.Count} nodes, by their node selector, affinity or tolerations, so whether it runs there could not be checked";

    private static string Names(IEnumerable<Platform> platforms) => string.Join(", ", platforms.Select(platform => platform.ToString()).Distinct().Order(StringComparer.Ordinal));

    private static string Sentence(string image, ImmutableArray<Platform> built, WorkloadKey workload, ImmutableArray<(string Node, Platform Platform)> refused)
    {
        var named = string.Join(", ", refused.Take(NamedNodes).Select(entry => $"{entry.Node} ({entry.Platform})"));
        var others = refused.Length > NamedNodes ? $" and {refused.Length - NamedNodes} more" : "";
        var (has, missing) = (Names(built), Names(refused.Select(entry => entry.Platform)));
        return $"pods of {workload} may land on {(refused.Length == 1 ? "node" : "nodes")} {named}{others}, and {image} has only {has}; "
            + $"build it for {missing} too, or keep the pods away with a nodeSelector on kubernetes.io/arch";
    }
}
