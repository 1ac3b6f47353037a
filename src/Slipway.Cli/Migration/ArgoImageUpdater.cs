using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Policies;

namespace Slipway.Cli.Migration;

/// <summary>
/// Argo CD Image Updater up to v0: annotations of Applications (argoproj-labs/argocd-image-updater, documentation of v0.17, "Configuring images for update").
/// </summary>
internal static class ArgoImageUpdater
{
    private const string Prefix = "argocd-image-updater.argoproj.io/";

    public static IEnumerable<Conversion> Convert(Fleet fleet) => fleet.Manifests
        .Where(manifest => manifest.Is("argoproj.io", "Application") && manifest.Annotation(Prefix + "image-list") is not null)
        .SelectMany(application => Images(application).Select(image => UpdaterRule.Convert(fleet, application, application.Title, image)))
        .Concat(ImageUpdaterResource.Convert(fleet));

    private static IEnumerable<UpdaterImage> Images(Manifest application)
    {
        foreach (var entry in application.Annotation(Prefix + "image-list")!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // [alias=]image[:constraint]; the constraint may have an equals sign of its own.
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            var alias = equals > 0 && !entry[..equals].AsSpan().ContainsAny('/', ':') ? entry[..equals] : null;
            var (image, constraint) = UpdaterImage.Split(alias is null ? entry : entry[(equals + 1)..]);
            yield return new UpdaterImage(alias ?? image, image, constraint)
            {
                Strategy = Setting(application, alias, "update-strategy"),
                AllowTags = Setting(application, alias, "allow-tags"),
                IgnoreTags = [.. (Setting(application, alias, "ignore-tags") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                PullSecret = Setting(application, alias, "pull-secret"),
                Others =
                [
                    .. Other(application, alias, "platforms"),
                    .. Other(application, alias, "force-update"),
                    .. Other(application, alias, "helm.image-name"),
                    .. Other(application, alias, "helm.image-tag"),
                    .. Other(application, alias, "helm.image-spec"),
                    .. Other(application, alias, "kustomize.image-name"),
                    .. Other(application, null, "write-back-method"),
                    .. Other(application, null, "write-back-target"),
                    .. Other(application, null, "git-branch"),
                    .. Other(application, null, "git-repository"),
                ],
            };
        }
    }

    private static string? Setting(Manifest application, string? alias, string name) =>
        (alias is null ? null : application.Annotation($"{Prefix}{alias}.{name}")) ?? application.Annotation(Prefix + name);

    private static IEnumerable<(string, string)> Other(Manifest application, string? alias, string name) => Setting(application, alias, name) is { } value ? [(name, value)] : [];
}

/// <summary>Argo CD Image Updater from v1 on: ImageUpdater resources (api/v1alpha1/imageupdater_types.go).</summary>
internal static class ImageUpdaterResource
{
    private static readonly ImmutableArray<string> Settings = ["commonUpdateSettings"];

    public static IEnumerable<Conversion> Convert(Fleet fleet) =>
        from updater in fleet.Manifests
        where updater.Is("argocd-image-updater.argoproj.io", "ImageUpdater")
        from reference in updater.Items("spec", "applicationRefs").OfType<JsonObject>().Select(item => new Manifest(item))
        from application in Applications(fleet, updater, reference)
        from image in Images(updater, reference)
        select UpdaterRule.Convert(fleet, application, updater.Title, image);

    // Where the Applications are not in the input, one stands for all that the pattern means.
    private static Manifest[] Applications(Fleet fleet, Manifest updater, Manifest reference)
    {
        var pattern = reference.Text("namePattern") ?? "*";
        var regex = TagPattern.TryParse(GlobText.ToRegex(pattern), out var read, out _) ? read : null;
        Manifest[] found =
        [
            .. fleet.Manifests.Where(manifest => manifest.Is("argoproj.io", "Application") && regex?.IsMatch(manifest.Name) == true
                && (updater.Namespace is null || manifest.Namespace is null || manifest.Namespace == updater.Namespace)),
        ];
        return found.Length > 0 ? found : [new Manifest(new() { ["kind"] = "Application", ["metadata"] = new JsonObject { ["name"] = pattern.Trim('*', '-') is { Length: > 0 } name ? name : updater.Name } })];
    }

    private static IEnumerable<UpdaterImage> Images(Manifest updater, Manifest reference)
    {
        foreach (var item in reference.Items("images").OfType<JsonObject>().Select(item => new Manifest(item)))
        {
            var (image, constraint) = UpdaterImage.Split(item.Text("imageName") ?? "");
            string? Setting(string name) => item.Text([.. Settings, name]) ?? reference.Text([.. Settings, name]) ?? updater.Text(["spec", .. Settings, name]);
            yield return new UpdaterImage(item.Text("alias") ?? image, image, constraint)
            {
                Strategy = Setting("updateStrategy"),
                AllowTags = Setting("allowTags"),
                IgnoreTags = [.. First(item.Items([.. Settings, "ignoreTags"]), reference.Items([.. Settings, "ignoreTags"]), updater.Items(["spec", .. Settings, "ignoreTags"]))],
                PullSecret = Setting("pullSecret"),
                Others =
                [
                    .. First(item.Items([.. Settings, "platforms"]), reference.Items([.. Settings, "platforms"]), updater.Items(["spec", .. Settings, "platforms"])) is { Length: > 0 } platforms
                        ? [("platforms", string.Join(",", platforms))]
                        : Array.Empty<(string, string)>(),
                    .. Setting("forceUpdate") is "true" ? [("force-update", "true")] : Array.Empty<(string, string)>(),
                    .. item.At("manifestTargets") is null ? Array.Empty<(string, string)>() : [("manifestTargets", item.At("manifestTargets")!.ToJsonString())],
                    .. (reference.Text("writeBackConfig", "method") ?? updater.Text("spec", "writeBackConfig", "method")) is { } method ? [("write-back-method", method)] : Array.Empty<(string, string)>(),
                ],
            };
        }
    }

    private static string[] First(params ReadOnlySpan<IEnumerable<JsonNode>> lists)
    {
        foreach (var list in lists)
        {
            if (list.Select(Manifest.TextOf).OfType<string>().ToArray() is { Length: > 0 } found)
            {
                return found;
            }
        }

        return [];
    }
}
