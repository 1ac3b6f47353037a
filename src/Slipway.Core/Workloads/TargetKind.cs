using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Workloads;

/// <summary>What kind of object a target means: one that Slipway knows, or a custom one whose images are named by path.</summary>
/// <param name="Name">As in <see cref="WorkloadKey.Kind"/>: <c>Deployment</c>, or, of a custom kind, <c>Rollout.argoproj.io</c>, since two groups may have one name.</param>
/// <param name="Known">Null for a custom kind.</param>
/// <param name="Layout">Null for a known kind.</param>
public sealed record TargetKind(string Name, WorkloadKind? Known = null, ImageLayout? Layout = null)
{
    private const int MaxPaths = 8;

    // Their template makes no pods by itself, or nothing would come of a change; by path they would be no better.
    private static readonly string[] Never = ["ReplicaSet.apps", "Pod", "ReplicationController", "Job.batch", "Secret"];

    /// <summary>The name alone, of any target, whatever else is wrong with it: for indexes.</summary>
    public static string NameOf(Target target) =>
        target.ImagePaths is { Count: > 0 } ? CustomName(target) : string.IsNullOrEmpty(target.Kind) ? WorkloadKinds.Deployment.Name : target.Kind;

    /// <param name="problem">Its field begins with <paramref name="at"/>, the target's own path.</param>
    public static bool TryRead(string at, Target target, [NotNullWhen(true)] out TargetKind? kind, [NotNullWhen(false)] out SpecProblem? problem)
    {
        kind = null;
        problem = target.ImagePaths is { Count: > 0 } ? CustomProblem(at, target) : KnownProblem(at, target);
        if (problem is not null)
        {
            return false;
        }

        var name = NameOf(target);
        if (WorkloadKinds.Find(name) is { } known && target.ImagePaths is null or { Count: 0 })
        {
            kind = new(name, known);
        }
        else if (ImageLayout.TryRead($"{at}.imagePaths", target.ImagePaths!, out var layout, out problem))
        {
            kind = new(name, Layout: layout);
        }

        return kind is not null;
    }

    private static SpecProblem? KnownProblem(string at, Target target)
    {
        var name = NameOf(target);
        return WorkloadKinds.Find(name) switch
        {
            null => new($"{at}.kind", $"{UntrustedText.Quote(name)[1..^1]}: {WorkloadKinds.WhyNot(name)}"),
            { } job when job == WorkloadKinds.Job => string.IsNullOrEmpty(target.Recreate) ? new($"{at}.kind", $"Job: {WorkloadKinds.WhyNot("Job")}")
                : target.Recreate is Recreation.WhenFinished or Recreation.Always ? null
                : new($"{at}.recreate", $"{UntrustedText.Quote(target.Recreate)} is not one of {Recreation.WhenFinished}, {Recreation.Always}"),
            _ => string.IsNullOrEmpty(target.Recreate) ? null : new($"{at}.recreate", $"is for a Job; a {name} takes another image as it is"),
        };
    }

    private static SpecProblem? CustomProblem(string at, Target target)
    {
        var (kind, version) = (target.Kind ?? "", target.ApiVersion ?? "");
        return target switch
        {
            { ImagePaths.Count: > MaxPaths } => new($"{at}.imagePaths", $"has {target.ImagePaths.Count} paths, which are more than {MaxPaths}"),
            _ when !IsKind(kind) => new($"{at}.kind", kind.Length == 0 ? "is missing: paths are into an object of one kind; write for example HelmRelease" : $"{UntrustedText.Quote(kind)} cannot be a kind"),
            _ when !IsVersion(version) => new($"{at}.apiVersion", version.Length == 0
                ? "is missing: a kind whose images are named by path needs it; write for example helm.toolkit.fluxcd.io/v2"
                : $"{UntrustedText.Quote(version)} cannot be one; write for example helm.toolkit.fluxcd.io/v2"),
            _ when Never.Contains(CustomName(target)) => new($"{at}.kind", kind == "Secret" ? "Secret: what is in it is no image; name the object that uses it" : $"{kind}: {WorkloadKinds.WhyNot(kind)}"),
            _ when WorkloadKinds.Find(kind) is { } known && known.ApiVersions.Contains(version) => new($"{at}.imagePaths", $"a {kind} has its images in its containers; leave the paths out"),
            { Containers.Count: > 0 } => new($"{at}.containers", "goes with kinds that have containers; here imagePaths says where the image is"),
            _ when !string.IsNullOrEmpty(target.Recreate) => new($"{at}.recreate", "is for a Job"),
            _ => null,
        };
    }

    // "apps/v1" and "v1": the core group has no name.
    private static string CustomName(Target target) => (target.ApiVersion ?? "").Split('/') is [var group, _] ? $"{target.Kind}.{group}" : target.Kind ?? "";

    private static bool IsKind(string text) => text.Length is > 0 and <= 63 && char.IsAsciiLetterUpper(text[0]) && text.All(char.IsAsciiLetterOrDigit);

    private static bool IsVersion(string text) => text.Length is > 0 and <= 300 && text.Split('/') is [.. { Length: 1 or 2 } parts] && parts.All(IsName);

    private static bool IsName(string text) => text.Length > 0 && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-');
}

/// <summary>The values of <c>recreate</c>: when a Job, whose template cannot be changed, may be deleted and created anew.</summary>
public static class Recreation
{
    public const string WhenFinished = nameof(WhenFinished);

    /// <summary>Also while it runs.</summary>
    public const string Always = nameof(Always);
}
