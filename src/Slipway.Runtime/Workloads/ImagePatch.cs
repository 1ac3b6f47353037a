using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Workloads;

/// <summary>The body of a server-side apply that sets the images of a workload, and nothing else of it (rule 13).</summary>
/// <remarks>
/// <para>To be sent as <c>PATCH …?fieldManager=slipway&amp;force=true</c> with <c>Content-Type: application/apply-patch+yaml</c>, of which JSON is
/// a subset (Kubernetes, "Server-Side Apply").</para>
/// <para>The resourceVersion in it is the fence (rule 12): the server answers 409 when the workload has changed since it was read,
/// and does not make a workload anew that was deleted in the meantime.</para>
/// <para>A server-side apply says all that its manager means: what an earlier one had and this one lacks is given up. The body therefore
/// also lists, with the image they have, the containers whose image Slipway wrote before. Left out, a container whose image only we own
/// would lose it, and the server refuses such a workload (422, seen on 1.20). Abandoned containers are left out, upon which the
/// server removes them.</para>
/// </remarks>
public static class ImagePatch
{
    /// <param name="images">By container; init containers too.</param>
    /// <param name="annotations">Of the workload itself: all that Slipway means to have there (see <see cref="Annotations"/>).</param>
    /// <param name="partition">StatefulSet: pods below this ordinal keep the template before. Null: what its owner says; one of ours is let go of.</param>
    /// <exception cref="ArgumentException">A container is not in the workload: to apply it would add it.</exception>
    public static ReadOnlyMemory<byte> For(
        WorkloadSnapshot workload, IReadOnlyDictionary<string, string> images, IReadOnlyDictionary<string, string> annotations, int? partition = null)
    {
        var kind = WorkloadKinds.Find(workload.Key.Kind) ?? throw new ArgumentException($"{workload.Key}: {WorkloadKinds.WhyNot(workload.Key.Kind)}");
        if (images.Keys.FirstOrDefault(name => workload.Containers.All(container => container.Container != name)) is { } unknown)
        {
            throw new ArgumentException($"{workload.Key} has no container {unknown}: to apply an image to it would add it");
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", workload.ApiVersion);
            json.WriteString("kind", workload.Key.Kind);
            WriteMetadata(json, workload, annotations);
            foreach (var (depth, name) in kind.PodSpecPath.Index())
            {
                json.WriteStartObject(name);
                if (depth == 0 && partition is { } ordinal)
                {
                    WritePartition(json, ordinal);
                }
            }

            WriteContainers(json, "initContainers", workload.Containers.Where(container => container.Init), images);
            WriteContainers(json, "containers", workload.Containers.Where(container => !container.Init), images);
            for (var depth = kind.PodSpecPath.Length; depth >= 0; depth--)
            {
                json.WriteEndObject();
            }
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Our two annotations: the Release that wrote the image and the version that its digest stands for.</summary>
    public static ImmutableDictionary<string, string> Annotations(long release, string? version)
    {
        var annotations = ImmutableDictionary<string, string>.Empty.Add(ApiNames.ReleaseAnnotation, release.ToString(CultureInfo.InvariantCulture));
        return version is null ? annotations : annotations.Add(ApiNames.VersionAnnotation, version);
    }

    private static void WriteMetadata(Utf8JsonWriter json, WorkloadSnapshot workload, IReadOnlyDictionary<string, string> annotations)
    {
        json.WriteStartObject("metadata");
        json.WriteString("name", workload.Key.Name);
        json.WriteString("namespace", workload.Key.Namespace);
        json.WriteString("resourceVersion", workload.ResourceVersion);
        if (annotations.Count > 0)
        {
            json.WriteStartObject("annotations");
            foreach (var (name, value) in annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePartition(Utf8JsonWriter json, int ordinal)
    {
        json.WriteStartObject("updateStrategy");
        json.WriteStartObject("rollingUpdate");
        json.WriteNumber("partition", ordinal);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteContainers(Utf8JsonWriter json, string list, IEnumerable<ContainerImage> containers, IReadOnlyDictionary<string, string> images)
    {
        ContainerImage[] written = [.. containers.Where(container => images.ContainsKey(container.Container) || IsStillOurs(container))];
        if (written.Length == 0)
        {
            return;
        }

        json.WriteStartArray(list);
        foreach (var container in written)
        {
            json.WriteStartObject();
            json.WriteString("name", container.Container);
            json.WriteString("image", images.GetValueOrDefault(container.Container, container.Image));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsStillOurs(ContainerImage container) => !container.Abandoned && ImageWriters.Classify(container.Owner) == ImageWriter.Ours;
}
