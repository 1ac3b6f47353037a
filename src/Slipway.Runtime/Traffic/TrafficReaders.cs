using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Workloads;

namespace Slipway.Traffic;

/// <summary>Make the small records of Core/Traffic from the API server's JSON.</summary>
internal static class TrafficReaders
{
    /// <summary>Label by which an EndpointSlice names its Service (Kubernetes, "EndpointSlices", Labels).</summary>
    public const string ServiceLabel = "kubernetes.io/service-name";

    public static ServiceSnapshot Service(JsonElement json)
    {
        var root = JsonField.Root(json, "Service");
        var metadata = root["metadata"];
        return new(
            metadata["name"].RequiredText,
            root["spec"]["selector"].Entries.ToImmutableDictionary(entry => entry.Name, entry => entry.Value.Text ?? ""),
            root["spec"]["clusterIP"].Text == "None",
            SideMarks.OwnerOf(metadata)?.Uid,
            metadata["annotations"][ServiceSnapshot.KeptAnnotation].Text);
    }

    /// <summary>Of discovery.k8s.io, v1 and v1beta1 alike: what is not said to be unready is ready (EndpointConditions).</summary>
    public static EndpointSnapshot Slice(JsonElement json)
    {
        var root = JsonField.Root(json, "EndpointSlice");
        return new(
            root["metadata"]["labels"][ServiceLabel].Text ?? "",
            [.. root["endpoints"].Items.Where(endpoint => endpoint["conditions"]["ready"] is var ready && (ready.IsAbsent || ready.Flag)).Select(endpoint => endpoint["targetRef"]["uid"].Text).OfType<string>()]);
    }

    /// <summary>The form before EndpointSlices, which is cut at a thousand addresses.</summary>
    public static EndpointSnapshot Endpoints(JsonElement json)
    {
        var root = JsonField.Root(json, "Endpoints");
        return new(
            root["metadata"]["name"].Text ?? "",
            [.. root["subsets"].Items.SelectMany(subset => subset["addresses"].Items).Select(address => address["targetRef"]["uid"].Text).OfType<string>()]);
    }
}
