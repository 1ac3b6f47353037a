using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;
using static Slipway.Rollouts.RolloutState;

namespace Slipway.Rollouts;

/// <summary>One key of a ConfigMap in the namespace of the Delivery.</summary>
public sealed record PublishedKey(string ConfigMap, string Key)
{
    // Kubernetes, "Object Names and IDs" (DNS subdomain) and "ConfigMaps" (keys).
    private const int Longest = 253;

    public override string ToString() => $"ConfigMap {ConfigMap}, key {Key}";

    /// <summary>Null where nothing is to be published, and where <paramref name="problem"/> says why it cannot be.</summary>
    public static PublishedKey? Read(Publish? publish, out SpecProblem? problem)
    {
        problem = null;
        if (publish is null)
        {
            return null;
        }

        var (name, key) = (publish.ConfigMap?.Name ?? "", publish.ConfigMap?.Key ?? "");
        problem = IsOf(name, "-.", upper: false) && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            ? IsOf(key, "-._", upper: true) ? null : new("spec.publish.configMap.key", Why(key, "version"))
            : new("spec.publish.configMap.name", Why(name, "shop-version"));
        return problem is null ? new(name, key) : null;
    }

    private static bool IsOf([NotNullWhen(true)] string? text, string others, bool upper) =>
        text is { Length: > 0 and <= Longest } && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || (upper && char.IsAsciiLetterUpper(letter)) || others.Contains(letter));

    private static string Why(string text, string example) => $"{(text.Length == 0 ? "is missing" : $"{UntrustedText.Quote(text)} cannot be one")}; write for example {example}";
}

/// <summary>The version that a key should hold.</summary>
public sealed record PublishWish(PublishedKey Place, string Version);

/// <summary>What came of publishing: the version stands there, or why it does not.</summary>
public sealed record Publication(PublishWish Wish, PublishProblem? Problem = null);

/// <param name="Reason">PublishConflict or PublishFailed.</param>
public sealed record PublishProblem(string Reason, string Message);

/// <summary>What others are told of the running version.</summary>
public static class Publishing
{
    /// <summary>
    /// The version that passed last. Not while anything is under way: who reads it there must not act on a version that may be taken back.
    /// </summary>
    public static PublishWish? Wish(DeliverySnapshot now) =>
        now is { Terms: { Publish: { } place, Suspended: false }, Status.Current: { } current, State: Idle or Held } ? new(place, current.Tag ?? current.Digest) : null;
}
