using System.Collections.Immutable;

namespace Slipway.Checks;

/// <summary>Which workloads run the new version and the one before, as a measurement sees them.</summary>
/// <param name="Stable">Null where nothing runs the version before any more, or both are in one workload.</param>
public sealed record Sides(string Candidate, string? Stable)
{
    private const int MostPods = 200;

    // "name-" + hash of the template + "-" + 5 letters: the server cuts names to 63 letters at their end (apiserver, SimpleNameGenerator).
    private const int LongestDeployment = 46;
    private const int LongestBeginning = 58;

    public static Sides Of(MeasureWish wish)
    {
        var context = wish.Context;
        return wish.Step is Steps.Promotion or Steps.Rollback || context.Side is null
            ? new Sides(context.Workload, null)
            : new Sides(context.Side, context.Workload);
    }

    /// <summary>The version that is measured, and the other one: on the way back the version before is the one that runs.</summary>
    public static (string Version, string Digest, string Previous, string PreviousDigest) Versions(MeasureWish wish)
    {
        var context = wish.Context;
        var (version, previous) = (context.Tag ?? context.Digest, context.PreviousTag ?? context.PreviousDigest ?? "");
        return wish.Step == Steps.Rollback
            ? (previous, context.PreviousDigest ?? "", version, context.Digest)
            : (version, context.Digest, previous, context.PreviousDigest ?? "");
    }

    /// <summary>The value of a placeholder; null where there is none here.</summary>
    /// <param name="ofStable">Whether it is asked for the stable version: what <c>side</c> stands for.</param>
    public static Func<string, string?> Values(MeasureWish wish, bool ofStable)
    {
        var (context, sides, versions) = (wish.Context, Of(wish), Versions(wish));

        // What is known of pods is known of a step.
        var candidatePods = wish.Step is Steps.Promotion or Steps.Rollback ? [] : context.CandidatePods;
        return name => Slipway.Checks.Templates.Placeholders.Argument(name) is { } argument ? wish.Plan.Args?.GetValueOrDefault(argument)?.Value : name switch
        {
            "candidate.workload" => sides.Candidate,
            "candidate.pods" => Pods(sides.Candidate, context.Kind, candidatePods),
            "stable.workload" => sides.Stable,
            "stable.pods" => sides.Stable is null ? null : Pods(sides.Stable, context.Kind, context.StablePods),
            "side.workload" => ofStable ? sides.Stable : sides.Candidate,
            "side.pods" => ofStable ? sides.Stable is null ? null : Pods(sides.Stable, context.Kind, context.StablePods) : Pods(sides.Candidate, context.Kind, candidatePods),
            "version" => versions.Version,
            "digest" => versions.Digest,
            "previous" => versions.Previous,
            "previousDigest" => versions.PreviousDigest,
            "namespace" => context.Namespace,
            "delivery" => context.Delivery,
            "release" => context.Release,
            "workload" => context.Workload,
            _ => null,
        };
    }

    /// <summary>A regular expression (RE2) that matches the names of the pods, and no other's: Prometheus anchors it.</summary>
    internal static string Pods(string workload, string kind, ImmutableArray<string> known) => (known, kind) switch
    {
        ({ Length: > 0 and <= MostPods }, _) => string.Join('|', known.Select(Escaped)),
        (_, "StatefulSet") => $"{Escaped(workload)}-[0-9]+",
        (_, "DaemonSet") => $"{Escaped(workload.Length > LongestBeginning ? workload[..LongestBeginning] : workload + "-")}[a-z0-9]{{5}}",
        _ when workload.Length > LongestDeployment => $"{Escaped(workload[..Math.Min(workload.Length, LongestBeginning)])}[a-z0-9-]+",
        _ => $"{Escaped(workload)}-[a-z0-9]{{1,10}}-[a-z0-9]{{5}}",
    };

    // Of names only the point means something; in brackets it needs no backslash, which each kind of quote would treat in its own way.
    private static string Escaped(string name) => name.Replace(".", "[.]", StringComparison.Ordinal);
}
