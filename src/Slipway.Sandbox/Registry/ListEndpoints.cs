using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>Tags, repositories and referrers (OCI distribution spec 1.1, "Listing Tags", "Listing Referrers"; docker distribution's <c>_catalog</c>).</summary>
internal sealed class ListEndpoints(RegistryContent content, SandboxRegistryOptions options)
{
    public RegistryAnswer Tags(RegistryRequest request, RegistryRoute.Tags route)
    {
        if (content.Tags(route.Name) is not { } tags)
        {
            return RegistryError.NameUnknown(route.Name);
        }

        if (Page(request, tags, out var refusal) is not { } page)
        {
            return refusal!;
        }

        var answer = Linked(request, page, RegistryAnswer.Json(200, new JsonObject { ["name"] = route.Name, ["tags"] = Array(page.Items) }));
        return options.TagListValidators ? Validated(request, answer) : answer;
    }

    public RegistryAnswer Catalog(RegistryRequest request) => Page(request, content.Repositories, out var refusal) is { } page
        ? Linked(request, page, RegistryAnswer.Json(200, new JsonObject { ["repositories"] = Array(page.Items) }))
        : refusal!;

    public RegistryAnswer Referrers(RegistryRequest request, RegistryRoute.Referrers route)
    {
        if (!options.ReferrersApi)
        {
            return RegistryError.PageNotFound();
        }

        if (!ContentDigest.IsDigest(route.Digest))
        {
            return RegistryError.DigestInvalid(route.Digest);
        }

        var wanted = request.Parameter("artifactType");
        var found = content.Referrers(route.Name, route.Digest)
            .Where(manifest => wanted is null || manifest.ArtifactType == wanted)
            .ToDictionary(manifest => manifest.Digest);
        if (Page(request, [.. found.Keys.Order(StringComparer.Ordinal)], out var refusal) is not { } page)
        {
            return refusal!;
        }

        var answer = Linked(request, page, RegistryAnswer.Json(
            200,
            new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = new JsonArray([.. page.Items.Select(digest => Descriptor(found[digest]))]) },
            MediaTypes.OciIndex));
        return wanted is null ? answer : answer.With("OCI-Filters-Applied", "artifactType");
    }

    private static JsonObject Descriptor(StoredManifest manifest)
    {
        var descriptor = new JsonObject
        {
            ["mediaType"] = manifest.MediaType,
            ["size"] = manifest.Bytes.Length,
            ["digest"] = manifest.Digest,
            ["artifactType"] = manifest.ArtifactType,
        };
        if (!manifest.Annotations.IsEmpty)
        {
            descriptor["annotations"] = new JsonObject(manifest.Annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        return descriptor;
    }

    private sealed record ListPage(ImmutableArray<string> Items, bool More);

    private ListPage? Page(RegistryRequest request, ImmutableArray<string> all, out RegistryAnswer? refusal)
    {
        refusal = null;
        var asked = options.HonoursPageSize ? request.Parameter("n") : null;
        var size = options.MaxPageSize ?? int.MaxValue;
        if (asked is not null)
        {
            if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            {
                refusal = RegistryError.PageSizeInvalid(asked);
                return null;
            }

            size = Math.Min(size, n);
        }

        var last = request.Parameter("last");
        var rest = last is null ? all : [.. all.Where(item => string.CompareOrdinal(item, last) > 0)];
        return size == 0 ? new ListPage([], More: false) : new ListPage([.. rest.Take(size)], More: rest.Length > size);
    }

    private static RegistryAnswer Linked(RegistryRequest request, ListPage page, RegistryAnswer answer) =>
        page.More ? answer.With("Link", NextLink(request.Path, page.Items.Length, page.Items[^1])) : answer;

    public static string NextLink(string path, int size, string last) =>
        string.Create(CultureInfo.InvariantCulture, $"<{path}?n={size}&last={Uri.EscapeDataString(last)}>; rel=\"next\"");

    private static RegistryAnswer Validated(RegistryRequest request, RegistryAnswer answer)
    {
        var tag = $"\"{ContentDigest.Of(answer.Body.Span)}\"";
        return request.Header("If-None-Match") == tag ? new RegistryAnswer(304).With("ETag", tag) : answer.With("ETag", tag);
    }

    private static JsonArray Array(ImmutableArray<string> items) => new([.. items.Select(JsonNode (item) => item)]);
}
