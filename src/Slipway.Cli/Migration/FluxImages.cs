using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Cli.Migration;

/// <summary>Flux image automation: <c>image.toolkit.fluxcd.io</c> ImageRepository and ImagePolicy (fluxcd/image-reflector-controller, api/v1).</summary>
internal static class FluxImages
{
    private const string Peer = "Flux";

    private const string Group = "image.toolkit.fluxcd.io";

    private static readonly ImmutableArray<(string Field, string Why, string Instead)> NotCarried =
    [
        ("certSecretRef", "a registry's CA belongs to the controller, not to a Delivery", "give the controller the CA"),
        ("proxySecretRef", "the proxy belongs to the controller, not to a Delivery", "set HTTPS_PROXY for the controller"),
        ("serviceAccountName", "Slipway takes the pull secrets of the workload's own service account", "nothing to do if the pods can pull; else source.pullSecrets"),
        ("insecure", "whether a registry has TLS belongs to the controller, not to a Delivery", "--plain-http-registry HOST"),
        ("accessFrom", "a Delivery lives in the namespace of its workload and needs no other one", "nothing to do"),
        ("timeout", "Slipway bounds each request by itself", "nothing to do"),
    ];

    public static IEnumerable<Conversion> Convert(Fleet fleet)
    {
        var repositories = fleet.Manifests.Where(manifest => manifest.Is(Group, "ImageRepository")).ToArray();
        var policies = fleet.Manifests.Where(manifest => manifest.Is(Group, "ImagePolicy")).ToArray();
        foreach (var policy in policies)
        {
            yield return Convert(fleet, policy, RepositoryOf(policy, repositories));
        }

        foreach (var unused in repositories.Where(repository => policies.All(policy => RepositoryOf(policy, repositories) != repository)))
        {
            yield return new Draft(Peer, unused.Title, unused.Name, unused.Namespace).Nothing(
                "spec.image", unused.Text("spec", "image"), "no ImagePolicy in the input chooses among its tags", "convert the policy along with it");
        }

        foreach (var automation in fleet.Manifests.Where(manifest => manifest.Is(Group, "ImageUpdateAutomation")))
        {
            yield return new Draft(Peer, automation.Title, automation.Name, automation.Namespace).Nothing(
                "spec", null, "Slipway writes to the workload and commits nothing", "delete it, and the comments {\"$imagepolicy\": …} in your manifests", done: true);
        }
    }

    private static Manifest? RepositoryOf(Manifest policy, IEnumerable<Manifest> repositories) => repositories.FirstOrDefault(repository =>
        repository.Name == policy.Text("spec", "imageRepositoryRef", "name") && repository.Namespace == (policy.Text("spec", "imageRepositoryRef", "namespace") ?? policy.Namespace));

    private static Conversion Convert(Fleet fleet, Manifest policy, Manifest? repository)
    {
        if (repository?.Text("spec", "image") is not { } image || !RepositoryName.TryParse(image, out var name, out _))
        {
            return new Draft(Peer, policy.Title, policy.Name, policy.Namespace).Nothing(
                "spec.imageRepositoryRef.name", policy.Text("spec", "imageRepositoryRef", "name"), "the ImageRepository is not in the input, or names no image", "convert it along with the policy");
        }

        var running = fleet.Running(name);
        var draft = new Draft(Peer, policy.Title, policy.Name, running is [var first, ..] ? first.Manifest.Namespace : policy.Namespace);
        draft.Spec = draft.Spec with { Targets = TargetGuess.Of(draft, running, policy.Name, "Flux finds workloads by comments in git"), Suspend = IsSuspended(policy, repository) ? true : null };
        draft.Source = draft.Source with
        {
            Repository = image,
            Interval = repository.Text("spec", "interval"),
            Follow = Follow(policy),
            Filter = Filter(policy, repository),
            PullSecrets = repository.Text("spec", "secretRef", "name") is { } secret ? [new SecretReference(secret)] : null,
        };
        NoteTheRest(draft, policy, repository);
        return draft.Finish();
    }

    private static Follow Follow(Manifest policy) => new()
    {
        Semver = policy.At("spec", "policy", "semver") is null ? null : new SemverPolicy(policy.Text("spec", "policy", "semver", "range")),
        Numeric = policy.At("spec", "policy", "numerical") is null ? null : Order(policy.Text("spec", "policy", "numerical", "order")),
        Alphabetical = policy.At("spec", "policy", "alphabetical") is null ? null : Order(policy.Text("spec", "policy", "alphabetical", "order")),
    };

    private static OrderPolicy Order(string? order) => new(order == "desc" ? "Descending" : null);

    private static Filter? Filter(Manifest policy, Manifest repository)
    {
        // Flux's own default, ^.*\.sig$, is what Slipway never considers anyhow.
        var excluded = repository.Items("spec", "exclusionList").Select(Manifest.TextOf).OfType<string>().Where(pattern => pattern != "^.*\\.sig$").ToArray();
        var (pattern, extract) = (policy.Text("spec", "filterTags", "pattern"), policy.Text("spec", "filterTags", "extract"));
        return pattern is null && excluded.Length == 0 ? null : new Filter(pattern, extract, excluded.Length == 0 ? null : excluded);
    }

    private static bool IsSuspended(params Manifest[] objects) => objects.Any(manifest => manifest.Text("spec", "suspend") == "true");

    private static void NoteTheRest(Draft draft, Manifest policy, Manifest repository)
    {
        draft.NoteIf(
            "spec.secretRef.name",
            repository.Text("spec", "secretRef", "name"),
            "Slipway reads it in the namespace of the Delivery",
            "copy the Secret there; where the pods pull with one of their own, remove source.pullSecrets");
        if (repository.Text("spec", "provider") is { } provider and not "generic")
        {
            draft.Note("spec.provider", provider, "the login of a cloud belongs to the controller, not to a Delivery", "give the controller's service account the right to pull");
        }

        foreach (var (field, why, instead) in NotCarried)
        {
            draft.NoteIf($"spec.{field}", repository.At("spec", field) is null ? null : repository.Text("spec", field) ?? repository.Text("spec", field, "name") ?? "set", why, instead);
        }

        if ((policy.Text("spec", "digestReflectionPolicy") ?? "Never") is var reflection and not "Always")
        {
            draft.Note("spec.digestReflectionPolicy", reflection, "Flux would write the tag alone; Slipway writes the digest with it, so that nothing changes behind your back", "nothing to do; pin: Tag is the old way");
        }
    }
}
