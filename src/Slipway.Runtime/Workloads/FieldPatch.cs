using System.Text.Json.Nodes;
using Slipway.Images;

namespace Slipway.Workloads;

/// <summary>The body of a JSON patch (RFC 6902) that sets the fields in which an object of a custom kind has its image.</summary>
/// <remarks>
/// Not server-side apply, for two reasons. Of a schema that we do not know, a list or map may be atomic: to apply one field of it is to replace
/// it. And an apply gives up what it no longer names: a path taken out of a Delivery, or the field of another Delivery on the same object,
/// would be removed. A patch changes the fields it names and nothing else, and the server notes us as their manager just the same.
/// The tests in it are the fence: the version that the places were counted out in, and each value as it was read.
/// </remarks>
public static class FieldPatch
{
    public static JsonArray For(WorkloadSnapshot workload, IEnumerable<(ImageField Field, string Text)> fields, IReadOnlyDictionary<string, string> annotations)
    {
        var custom = workload.Custom ?? throw new ArgumentException($"{workload.Key} is of no custom kind");
        JsonArray patch = [];
        Add("test", "/metadata/resourceVersion", workload.ResourceVersion);
        foreach (var (field, text) in fields)
        {
            var there = custom.Fields[field.Path.ToString()];
            if (there.Text is null)
            {
                Add("add", there.Place, text);
            }
            else if (there.Text != text)
            {
                Add("test", there.Place, there.Text);
                Add("replace", there.Place, text);
            }
        }

        if (!custom.Annotated)
        {
            Add("add", "/metadata/annotations", new JsonObject());
        }

        foreach (var (name, value) in annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal))
        {
            Add("add", $"/metadata/annotations/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", value);
        }

        return patch;

        // The cast chooses the overload that needs no reflection.
        void Add(string op, string path, JsonNode value) => patch.Add((JsonNode)new JsonObject { ["op"] = op, ["path"] = path, ["value"] = value });
    }

    /// <summary>The repository as it is written there, where that is the right one: a diff of manifests then shows the version and nothing else.</summary>
    public static ImageReference Named(ContainerImage present, string repository)
    {
        if (ImageReference.TryParse(present.Image, out var image, out _) && image.Repository.ToString() == repository)
        {
            return image;
        }

        return ImageReference.TryParse(repository, out var other, out var error) ? other : throw new ArgumentException($"{repository} is no repository: {error}");
    }
}
