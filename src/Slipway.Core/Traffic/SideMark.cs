using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Slipway.Traffic;

/// <summary>
/// What Slipway has written on the Deployment that runs the new version beside the stable one. With it a process that was just
/// started knows all that the one before had decided when it made it.
/// </summary>
/// <param name="Owner">Uid of the Delivery that it belongs to, and <paramref name="Delivery"/> its name.</param>
/// <param name="Stable">The workload of which it is made.</param>
/// <param name="Digest">What it was made to run; <see cref="Version"/> is the tag of it.</param>
/// <param name="Services">Services whose requests are divided.</param>
/// <param name="Label">The label by which its pods are told from the stable ones; null where they carry all the same.</param>
public sealed record SideMark(string Owner, string Delivery, string Stable, string? Digest, string? Version, ImmutableArray<string> Services, LabelOverride? Label)
{
    /// <summary>Label of the Deployment, of its pods, and of all else beside the workload: the Deployment's name.</summary>
    public const string SideLabel = Api.ApiNames.Group + "/side";

    public const string StableAnnotation = Api.ApiNames.Group + "/stable";
    public const string DigestAnnotation = Api.ApiNames.Group + "/digest";
    public const string ServicesAnnotation = Api.ApiNames.Group + "/services";
    public const string OverrideAnnotation = Api.ApiNames.Group + "/overrides";

    /// <summary>Seconds that a pod must be ready before it counts, as the workload says.</summary>
    public int MinReadySeconds { get; init; }

    /// <summary>Whether its pods take requests only when their gate is opened.</summary>
    public bool Gated { get; init; }
}

/// <summary>One label of which the new version's pods have another value than the stable ones, so that no selector of theirs matches them.</summary>
public sealed record LabelOverride(string Key, string Was, string Is)
{
    /// <summary>As in an annotation: <c>KEY=WAS,IS</c>. Neither keys nor values of labels hold these signs.</summary>
    public override string ToString() => $"{Key}={Was},{Is}";

    public static bool TryParse(string? text, [NotNullWhen(true)] out LabelOverride? label)
    {
        label = text?.Split('=') is [{ Length: > 0 } key, var values] && values.Split(',') is [var was, { Length: > 0 } to] ? new(key, was, to) : null;
        return label is not null;
    }
}
