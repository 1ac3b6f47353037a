using System.Text.RegularExpressions;

namespace Slipway.Checks.Templates;

/// <summary>The words that may stand between <c>{{</c> and <c>}}</c>.</summary>
public static partial class Placeholders
{
    private const string Arguments = "args.";

    private static readonly string[] Known =
    [
        "candidate.pods", "candidate.workload", "stable.pods", "stable.workload", "side.pods", "side.workload",
        "version", "digest", "previous", "previousDigest", "namespace", "delivery", "release", "workload",
    ];

    /// <summary>Names of objects: they are letters of host names, so that they may stand in one.</summary>
    private static readonly string[] Objects = ["candidate.workload", "stable.workload", "side.workload", "namespace", "delivery", "release", "workload"];

    public static string All => $"{string.Join(", ", Known)} and args.NAME";

    public static bool IsKnown(string name) => Known.Contains(name);

    /// <summary>The argument that it stands for; null for other placeholders.</summary>
    public static string? Argument(string name) => name.StartsWith(Arguments, StringComparison.Ordinal) ? name[Arguments.Length..] : null;

    internal static bool MayBeInHost(string name) => Objects.Contains(name) || Argument(name) is not null;

    /// <summary>A word or a number, such as a duration or the name of a metric.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_:.]{1,100}\z")]
    internal static partial Regex Bare { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?\z")]
    internal static partial Regex Host { get; }
}
