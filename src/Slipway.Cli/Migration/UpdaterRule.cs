using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Cli.Migration;

/// <summary>One image as Argo CD Image Updater is told of it, in annotations or in a resource.</summary>
/// <param name="Image">Without a tag.</param>
/// <param name="Constraint">What stands where a tag would: a range for versions, the tag to follow for digests.</param>
internal sealed record UpdaterImage(string Alias, string Image, string? Constraint)
{
    public string? Strategy { get; init; }

    public string? AllowTags { get; init; }

    public ImmutableArray<string> IgnoreTags { get; init; } = [];

    public string? PullSecret { get; init; }

    /// <summary>Settings that have no field in a Delivery, by the names of the annotations.</summary>
    public ImmutableArray<(string Name, string Value)> Others { get; init; } = [];

    /// <summary>The colon of a registry's port is none of a constraint.</summary>
    public static (string Image, string? Constraint) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf('/') && colon > 0 ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }
}

/// <summary>From such an image and its Application to a Delivery.</summary>
internal static class UpdaterRule
{
    private const string Peer = "Argo CD Image Updater";

    private static readonly ImmutableArray<(string Name, string Why, string Instead)> NotCarried =
    [
        ("platforms", "Slipway looks at the nodes that the pods may land on", "nothing to do"),
        ("force-update", "Slipway looks at workloads, not at what Argo CD knows of the Application", "nothing to do"),
        ("helm.", "Slipway writes to the workload, not to Helm's values", "nothing to do"),
        ("kustomize.", "Slipway writes to the workload, not to kustomization.yaml", "nothing to do"),
        ("manifestTargets", "Slipway writes to the workload, not to values or kustomization.yaml", "nothing to do"),
        ("write-back", "nothing is written back: what runs, and ran, is in the cluster", "nothing to do"),
        ("git-", "nothing is committed", "nothing to do"),
    ];

    public static Conversion Convert(Fleet fleet, Manifest application, string from, UpdaterImage image)
    {
        var ns = application.Text("spec", "destination", "namespace");
        var draft = new Draft(Peer, from, NameOf(application, image), ns);
        if (!RepositoryName.TryParse(image.Image, out var repository, out var error))
        {
            return draft.Nothing("image", image.Image, error, "write source.repository by hand");
        }

        draft.Spec = draft.Spec with { Targets = TargetGuess.Of(draft, fleet.Running(repository, ns), application.Name, "an Application names no workloads") };
        draft.Source = draft.Source with { Repository = image.Image };
        Choose(draft, image);
        Filter(draft, image);
        PullSecret(draft, image.PullSecret, ns);
        foreach (var (name, value) in image.Others)
        {
            var (_, why, instead) = NotCarried.First(known => name.StartsWith(known.Name, StringComparison.Ordinal));
            draft.Note(name, value, why, instead);
        }

        draft.Note(
            "(Argo CD)",
            null,
            "with selfHeal it would put its own image back, over and over",
            "add to the Application: ignoreDifferences: [{group: apps, kind: Deployment, managedFieldsManagers: [slipway]}], and the sync option RespectIgnoreDifferences=true");
        return draft.Finish();
    }

    // Several images of one Application are several Deliveries.
    private static string NameOf(Manifest application, UpdaterImage image)
    {
        var last = image.Alias[(image.Alias.LastIndexOf('/') + 1)..].ToLowerInvariant().Replace('_', '-').Replace('.', '-');
        return last == application.Name ? last : $"{application.Name}-{last}";
    }

    private static void Choose(Draft draft, UpdaterImage image)
    {
        switch (image.Strategy ?? "semver")
        {
            case "semver":
                draft.Source = draft.Source with { Follow = new Follow { Semver = new SemverPolicy(image.Constraint) } };
                break;

            case "digest":
                draft.Source = draft.Source with { Follow = new Follow { Tag = new TagPolicy(image.Constraint ?? ImageReference.DefaultTag) } };
                break;

            case "alphabetical" or "name":
                draft.Source = draft.Source with { Follow = new Follow { Alphabetical = new OrderPolicy() } };
                draft.NoteIf("constraint", image.Constraint, "an order of texts has no range", "nothing to do; the Image Updater did not use it either");
                break;

            case "newest-build" or "latest":
                draft.Source = draft.Source with { Follow = new Follow { Newest = new NewestPolicy() } };
                draft.NoteIf("constraint", image.Constraint, "an order of times has no range", "nothing to do; the Image Updater did not use it either");
                break;

            default:
                draft.Note("update-strategy", image.Strategy, "this strategy is not known", "write source.follow by hand");
                break;
        }
    }

    private static void Filter(Draft draft, UpdaterImage image)
    {
        const string Regexp = "regexp:";
        var allow = image.AllowTags is null or "any" ? null : image.AllowTags;
        if (draft.Source.Follow?.Tag is not null)
        {
            draft.NoteIf("allow-tags", allow, "a tag that is followed by its name needs no filter", "nothing to do");
            draft.NoteIf("ignore-tags", image.IgnoreTags.IsEmpty ? null : string.Join(",", image.IgnoreTags), "a tag that is followed by its name needs no filter", "nothing to do");
            return;
        }

        var pattern = allow?.StartsWith(Regexp, StringComparison.Ordinal) == true ? allow[Regexp.Length..] : null;
        draft.NoteIf("allow-tags", pattern is null ? allow : null, "only regexp:PATTERN and any are known", "write source.filter.pattern by hand");
        if (pattern is not null || !image.IgnoreTags.IsEmpty)
        {
            draft.Source = draft.Source with { Filter = new Filter(pattern, null, image.IgnoreTags.IsEmpty ? null : [.. image.IgnoreTags.Select(GlobText.ToRegex)]) };
        }
    }

    private static void PullSecret(Draft draft, string? secret, string? ns)
    {
        const string Kind = "pullsecret:";
        if (secret?.StartsWith(Kind, StringComparison.Ordinal) != true)
        {
            draft.NoteIf("pull-secret", secret, "Slipway reads Secrets that pods can pull with, and no fields, variables or scripts", "nothing to do if the pods can pull; else make a Secret of type kubernetes.io/dockerconfigjson and name it in source.pullSecrets");
            return;
        }

        var (theirs, name) = secret[Kind.Length..].IndexOf('/') is var slash and > 0 ? (secret[Kind.Length..][..slash], secret[Kind.Length..][(slash + 1)..]) : (null, secret[Kind.Length..]);
        draft.Source = draft.Source with { PullSecrets = [new SecretReference(name)] };
        if (theirs is not null && theirs != ns)
        {
            draft.Note("pull-secret", secret, "Slipway reads it in the namespace of the Delivery", "copy the Secret there; where the pods pull with one of their own, remove source.pullSecrets");
        }
    }
}
