using System.Text.Json;
using Slipway.Api;
using Slipway.Explanations;
using Slipway.Images;
using Slipway.Kube;

namespace Slipway.Cli.Demo;

/// <summary>Something that was seen through the API: the story knows nothing else.</summary>
internal abstract record Sight
{
    private Sight() { }

    public sealed record OfDelivery(Delivery Delivery) : Sight;

    public sealed record OfRelease(Release Release) : Sight;

    public sealed record OfEvent(Happening Happening) : Sight;

    public sealed record OfWorkload(Workload Workload) : Sight;
}

/// <summary>What is kept of the Deployment.</summary>
internal sealed record Workload(string Name, string Image, long Replicas, long Updated, long Available, long Total, bool Observed)
{
    public bool IsSettled => Observed && Updated == Replicas && Available == Replicas && Total == Replicas;

    public string? Tag => ImageReference.TryParse(Image, out var image, out _) ? image.Tag : null;

    public string? Digest => ImageReference.TryParse(Image, out var image, out _) ? image.Digest : null;

    public static Workload? Read(JsonElement json)
    {
        var (metadata, spec, status) = (json.Property("metadata") ?? default, json.Property("spec") ?? default, json.Property("status") ?? default);
        var container = (spec.Property("template")?.Property("spec")?.Elements("containers") ?? []).FirstOrDefault();
        return new Workload(
            metadata.Text("name") ?? "",
            container.Text("image") ?? "",
            spec.Number("replicas") ?? 1,
            status.Number("updatedReplicas") ?? 0,
            status.Number("availableReplicas") ?? 0,
            status.Number("replicas") ?? 0,
            status.Number("observedGeneration") >= metadata.Number("generation"));
    }
}
