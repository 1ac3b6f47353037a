using Slipway.Images;
using Slipway.Workloads;

namespace Slipway.Platforms;

/// <summary>The platform of a node, by its well-known labels, and which images run there.</summary>
/// <remarks>
/// Names and defaults are those of containerd (github.com/containerd/platforms, normalize), which the kubelet's labels share with
/// Go's GOOS and GOARCH. No label tells the variant of a node's processor.
/// </remarks>
public static class NodePlatform
{
    private static readonly string[] OsLabels = ["kubernetes.io/os", "beta.kubernetes.io/os"];

    private static readonly string[] ArchitectureLabels = ["kubernetes.io/arch", "beta.kubernetes.io/arch"];

    /// <summary>Null when the node does not say.</summary>
    public static Platform? Of(NodeSnapshot node) =>
        OsOf(node) is { } os && Label(node, ArchitectureLabels) is { } architecture ? Normal(new Platform(os, architecture)) : null;

    /// <summary>
    /// Whether an image for <paramref name="image"/> runs on <paramref name="node"/>. A variant is a level of the processor that the node
    /// does not tell, so it never refuses. A 64-bit node also takes the 32-bit image of its family, as containerd does (platformVector).
    /// </summary>
    public static bool Runs(Platform image, Platform node)
    {
        var built = Normal(image);
        var host = Normal(node);
        return built.Os == host.Os
            && (built.Architecture == host.Architecture || (host.Architecture, built.Architecture) is ("amd64", "386") or ("arm64", "arm"));
    }

    /// <summary>Entries that are no platform, such as the attestations that BuildKit lists as unknown/unknown.</summary>
    public static bool IsKnown(Platform platform) =>
        platform.Os is not ("" or "unknown") && platform.Architecture is not ("" or "unknown");

    internal static string? OsOf(NodeSnapshot node) => Label(node, OsLabels);

    private static string? Label(NodeSnapshot node, IEnumerable<string> names) =>
        names.Select(name => node.Labels.TryGetValue(name, out var value) ? value : null).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static Platform Normal(Platform platform)
    {
        var os = platform.Os.ToLowerInvariant();
        var architecture = platform.Architecture.ToLowerInvariant();
        return new(
            os == "macos" ? "darwin" : os,
            architecture switch
            {
                "x86_64" or "x86-64" => "amd64",
                "i386" => "386",
                "aarch64" => "arm64",
                "armhf" or "armel" => "arm",
                _ => architecture,
            });
    }
}
