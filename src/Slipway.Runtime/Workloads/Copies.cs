using System.Text.Json.Nodes;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>What is taken along, and what is not, when an object is made after another one.</summary>
public static class Copies
{
    // By these, tools know what is theirs: what carries them may be pruned, rolled back or updated by them. Labels first named by
    // the documentation of: Argo CD (Resource Tracking), Flux (kustomize-controller, helm-controller), Helm (Labels and Annotations), kubectl (ApplySet),
    // Rancher Fleet, kapp, keel, Skaffold.
    private static readonly string[] Trackers =
    [
        "argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "fluxcd.io/", "helm.sh/", "meta.helm.sh/", "applyset.kubernetes.io/", "kubectl.kubernetes.io/",
        "objectset.rio.cattle.io/", "fleet.cattle.io/", "kapp.k14s.io/", "config.k8s.io/", "config.kubernetes.io/", "keel.sh/", "skaffold.dev/", "deployment.kubernetes.io/",
        "external-dns.alpha.kubernetes.io/", $"{ApiNames.Group}/",
    ];

    // The first is how Argo CD tracks where nobody has said otherwise; the second says who installed it.
    private static readonly string[] TrackingLabels = ["app.kubernetes.io/instance", "app.kubernetes.io/managed-by"];

    /// <summary>Labels or annotations without those by which tools know what is theirs, and without ours.</summary>
    public static JsonObject Untracked(JsonNode? map) =>
        new((map as JsonObject ?? [])
            .Where(entry => !TrackingLabels.Contains(entry.Key) && !Trackers.Any(prefix => entry.Key.Contains(prefix, StringComparison.Ordinal)))
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));

    /// <summary>The reference by which an object goes with its Delivery. It does not hold up the Delivery's deletion.</summary>
    public static JsonObject Owner(string delivery, string uid) => new()
    {
        ["apiVersion"] = ApiNames.ApiVersion,
        ["kind"] = ApiNames.DeliveryKind,
        ["name"] = delivery,
        ["uid"] = uid,
        ["controller"] = true,
    };
}
