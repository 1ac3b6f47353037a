using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Sandbox.Registry;

/// <summary>Pushes images over HTTP, to the sandbox's registry or to any other (OCI distribution spec 1.1, "Push").</summary>
public sealed class ImagePusher(RegistryConnection connection)
{
    /// <returns>The digest. Without a tag the image can be had by its digest alone.</returns>
    /// <exception cref="HttpRequestException">The registry refused; the message has its answer.</exception>
    public async Task<string> PushAsync(string repository, BuiltImage image, CancellationToken cancellationToken, params string[] tags)
    {
        await PushContentAsync(repository, image, cancellationToken);
        foreach (var reference in tags is [] ? [image.Digest] : tags)
        {
            await PutManifestAsync(repository, image, reference, cancellationToken);
        }

        return image.Digest;
    }

    public async Task<string> TagAsync(string repository, BuiltImage image, string tag, CancellationToken cancellationToken)
    {
        await PutManifestAsync(repository, image, tag, cancellationToken);
        return image.Digest;
    }

    private async Task PushContentAsync(string repository, BuiltImage image, CancellationToken cancellationToken)
    {
        foreach (var child in image.Children)
        {
            await PushContentAsync(repository, child, cancellationToken);
            await PutManifestAsync(repository, child, child.Digest, cancellationToken);
        }

        foreach (var blob in image.Blobs)
        {
            await PushBlobAsync(repository, blob, cancellationToken);
        }
    }

    private async Task PushBlobAsync(string repository, ReadOnlyMemory<byte> blob, CancellationToken cancellationToken)
    {
        var (digest, scope) = (ContentDigest.Of(blob.Span), $"{repository}:push");
        using (var there = await connection.SendAsync(HttpMethod.Head, $"/v2/{repository}/blobs/{digest}", $"{repository}:pull", cancellationToken))
        {
            if (there.IsSuccessStatusCode)
            {
                return;
            }
        }

        using var opened = await DemandAsync(await connection.SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/", scope, cancellationToken));
        var location = new Uri(connection.Registry, opened.Headers.Location!).ToString();
        var put = $"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest)}";
        using var stored = await DemandAsync(await connection.SendAsync(HttpMethod.Put, put, scope, cancellationToken, request =>
            request.Content = Content(blob, "application/octet-stream")));
    }

    private async Task PutManifestAsync(string repository, BuiltImage image, string reference, CancellationToken cancellationToken)
    {
        using var stored = await PutAsync(repository, reference, image.MediaType, image.Manifest, cancellationToken);
        if (image.Subject is { } subject && !stored.Headers.Contains("OCI-Subject"))
        {
            await ListAsReferrerAsync(repository, image, ContentDigest.ReferrersTag(subject), cancellationToken);
        }
    }

    /// <summary>Where the registry does not know referrers, the client keeps their list under a tag (OCI distribution spec 1.1, "Pushing Manifests with Subject").</summary>
    private async Task ListAsReferrerAsync(string repository, BuiltImage image, string tag, CancellationToken cancellationToken)
    {
        var index = await GetIndexAsync(repository, tag, cancellationToken);
        var listed = index["manifests"]!.AsArray();
        if (listed.Any(entry => entry?["digest"]?.ToString() == image.Digest))
        {
            return;
        }

        var descriptor = ImageBuilder.Descriptor(image.MediaType, image.Manifest.Span);
        descriptor["artifactType"] = image.ArtifactType;
        listed.Add((JsonNode)descriptor);
        using var stored = await PutAsync(repository, tag, MediaTypes.OciIndex, Encoding.UTF8.GetBytes(index.ToJsonString()), cancellationToken);
    }

    private async Task<JsonObject> GetIndexAsync(string repository, string tag, CancellationToken cancellationToken)
    {
        using var found = await connection.SendAsync(HttpMethod.Get, $"/v2/{repository}/manifests/{tag}", $"{repository}:pull", cancellationToken, request =>
            request.Headers.TryAddWithoutValidation("Accept", MediaTypes.OciIndex));
        return found.StatusCode == HttpStatusCode.NotFound
            ? new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = new JsonArray() }
            : JsonNode.Parse(await (await DemandAsync(found)).Content.ReadAsByteArrayAsync(cancellationToken))!.AsObject();
    }

    private async Task<HttpResponseMessage> PutAsync(
        string repository, string reference, string mediaType, ReadOnlyMemory<byte> manifest, CancellationToken cancellationToken) =>
        await DemandAsync(await connection.SendAsync(
            HttpMethod.Put,
            $"/v2/{repository}/manifests/{reference}",
            $"{repository}:push",
            cancellationToken,
            request => request.Content = Content(manifest, mediaType)));

    private static ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> bytes, string mediaType) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    private static async Task<HttpResponseMessage> DemandAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            throw new HttpRequestException(
                $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} was refused with {(int)response.StatusCode}: {body}; check the login and the name of the repository",
                null,
                response.StatusCode);
        }
    }
}
