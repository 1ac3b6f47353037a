namespace Slipway.Webhooks.Payloads;

/// <summary>Registries keep more than images; a chart's push moves no workload.</summary>
internal static class ArtifactKind
{
    private const string HelmChart = "helm-chart";

    /// <summary>Null for an image, and for a media type that says nothing: a look costs little, a missed push costs an interval.</summary>
    /// <param name="mediaType">Of the config (helm.sh, "Helm OCI MediaTypes"), or a vendor's word for the kind.</param>
    public static PayloadReading.Ignored? NoImage(string? mediaType) =>
        mediaType is not null && (mediaType.StartsWith("application/vnd.cncf.helm.", StringComparison.OrdinalIgnoreCase) || mediaType.StartsWith("helm", StringComparison.OrdinalIgnoreCase))
            ? new PayloadReading.Ignored("a Helm chart was pushed, which is no image", HelmChart)
            : null;
}
