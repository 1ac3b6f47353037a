using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Slipway.Workloads;

/// <summary>A Job as it can be created anew: what its owner wrote, without what the server and the Job's controller have added.</summary>
/// <remarks>
/// The server makes a selector of the Job's uid, and labels its pods with it (Kubernetes, "Jobs", Specifying your own Pod selector): both
/// would be those of the old one. With <c>manualSelector</c> they are the owner's, and stay.
/// </remarks>
public static class JobCopy
{
    private static readonly ImmutableArray<string> Metadata = ["name", "namespace", "labels", "annotations", "ownerReferences"];
    private static readonly ImmutableArray<string> ControllersLabels =
        ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

    private const string TrackingAnnotation = "batch.kubernetes.io/job-tracking";

    public static JsonObject Of(JsonObject live)
    {
        var spec = live["spec"]!.DeepClone().AsObject();
        var metadata = new JsonObject(Metadata.Where(live["metadata"]!.AsObject().ContainsKey).Select(name => KeyValuePair.Create(name, live["metadata"]![name]?.DeepClone())));
        if ((bool?)spec["manualSelector"] != true)
        {
            spec.Remove("selector");
            Remove(metadata["labels"], ControllersLabels);
            Remove(spec["template"]?["metadata"]?["labels"], ControllersLabels);
        }

        Remove(metadata["annotations"], [TrackingAnnotation]);
        (spec["template"]?["metadata"] as JsonObject)?.Remove("creationTimestamp");
        return new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["metadata"] = metadata, ["spec"] = spec };
    }

    /// <summary>The copy with other images and our annotations.</summary>
    public static JsonObject With(JsonObject copy, IReadOnlyDictionary<string, string> images, IReadOnlyDictionary<string, string> annotations)
    {
        var job = copy.DeepClone().AsObject();
        var pod = job["spec"]!["template"]!["spec"]!;
        foreach (var container in (pod["initContainers"] as JsonArray ?? []).Concat(pod["containers"] as JsonArray ?? []))
        {
            if (images.TryGetValue((string?)container!["name"] ?? "", out var image))
            {
                container["image"] = image;
            }
        }

        var metadata = job["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject written)
        {
            metadata["annotations"] = written = [];
        }

        foreach (var (name, value) in annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal))
        {
            written[name] = value;
        }

        return job;
    }

    private static void Remove(JsonNode? map, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            (map as JsonObject)?.Remove(name);
        }
    }
}
