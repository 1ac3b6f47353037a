using System.Text.Json;
using Slipway.Cli.Install;
using Slipway.Images;
using Slipway.Kube;

namespace Slipway.Cli.Diagnosis;

/// <summary>The controller's Deployment, as far as a diagnosis needs it.</summary>
/// <param name="Watched">The one namespace that it looks after; null: all.</param>
/// <param name="ConfigMap">That its configuration is in; null: it has none, or from elsewhere.</param>
/// <param name="TokenSecret">That the webhook's token is in, with its key; null: it is from elsewhere.</param>
internal sealed record ControllerSight(
    ObjectKey Key, string Image, string Account, long Wanted, long Ready, string? Watched, string? ConfigMap, (string Name, string Key)? TokenSecret)
{
    private const string Label = "app.kubernetes.io/name=" + Installation.Name;

    /// <summary>As RBAC knows it ("Authenticating", Service account tokens).</summary>
    public string User => $"system:serviceaccount:{Key.Namespace}:{Account}";

    public string? Version => ImageReference.TryParse(Image, out var image, out _) ? image.Tag : null;

    /// <exception cref="KubeException">It may be looked for neither everywhere nor at home.</exception>
    public static async Task<ControllerSight?> FindAsync(ClusterConnection connection, string home, CancellationToken cancellationToken)
    {
        var deployments = new ResourceClient<ControllerSight>(connection, ResourceTypes.Deployments, Read);
        try
        {
            return First(await deployments.ListAsync(new ListScope(null, Label), cancellationToken), home);
        }
        catch (KubeException e) when (e.IsForbidden)
        {
            return First(await deployments.ListAsync(new ListScope(home, Label), cancellationToken), home);
        }
    }

    private static ControllerSight? First(ListPage<ControllerSight> page, string home) =>
        page.Items.Select(item => item.Value).OrderBy(sight => sight.Key.Namespace == home ? 0 : 1).ThenBy(sight => $"{sight.Key}", StringComparer.Ordinal).FirstOrDefault();

    private static ControllerSight? Read(JsonElement deployment)
    {
        var (metadata, spec, status) = (deployment.Property("metadata") ?? default, deployment.Property("spec") ?? default, deployment.Property("status") ?? default);
        var pod = spec.Property("template")?.Property("spec") ?? default;
        var container = pod.Elements("containers").FirstOrDefault();
        var settings = container.Elements("env").ToArray();
        var token = Setting(settings, "SLIPWAY_WEBHOOK_TOKEN").Property("valueFrom")?.Property("secretKeyRef");
        return new ControllerSight(
            new ObjectKey(metadata.Text("namespace") ?? "", metadata.Text("name") ?? ""),
            container.Text("image") ?? "",
            pod.Text("serviceAccountName") ?? "default",
            spec.Number("replicas") ?? 1,
            status.Number("readyReplicas") ?? 0,
            Setting(settings, "SLIPWAY_WATCH_NAMESPACE").Text("value"),
            pod.Elements("volumes").Select(volume => volume.Property("configMap")?.Text("name")).OfType<string>().FirstOrDefault(),
            token?.Text("name") is { } name ? (name, token.Value.Text("key") ?? "token") : null);
    }

    private static JsonElement Setting(IEnumerable<JsonElement> settings, string name) => settings.FirstOrDefault(setting => setting.Text("name") == name);
}
