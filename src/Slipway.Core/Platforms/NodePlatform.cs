using System.Globalization;
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

    /// <summary>
    /// Whether an image for <paramref name="image"/> runs wherever <paramref name="wanted"/> says, its variant included: what a processor of one
    /// level runs, one of a higher level runs too. Without a variant it is the least that containerd takes it for: <c>amd64/v1</c>, <c>arm64/v8</c>, <c>arm/v7</c>.
    /// </summary>
    public static bool RunsOn(Platform image, Platform wanted) => Runs(image, wanted) && (Normal(image).Architecture, Normal(wanted).Architecture) switch
    {
        // A 64-bit processor is of the family's last 32-bit level, or above it.
        ("arm", "arm64") or ("386", "amd64") => true,
        _ => LevelOf(image) is not { } built || LevelOf(wanted) is not { } host ? image.Variant == wanted.Variant : built <= host,
    };

    /// <summary>Null for a variant that has no level.</summary>
    private static double? LevelOf(Platform platform)
    {
        var (architecture, variant) = (platform.Architecture.ToLowerInvariant(), platform.Variant?.ToLowerInvariant());
        if (string.IsNullOrEmpty(variant))
        {
            return architecture switch
            {
                "armel" => 6,
                "arm" or "armhf" => 7,
                "arm64" or "aarch64" => 8,
                _ => 1,
            };
        }

        return double.TryParse(variant.AsSpan().TrimStart('v').TrimEnd('l'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var level) ? level : null;
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
