using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Sandbox.Registry;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>
/// Fetches what a node must know of an image from its registry: the manifest for the node's platform and the config. The layers stay where
/// they are; nothing is run. Errors are told in containerd's words.
/// </summary>
internal sealed class ImagePuller(ImmutableDictionary<string, Uri> mirrors, TimeSpan deadline, TimeProvider time)
{
    private const int MaxBytes = 8 << 20;

    /// <returns>Either the image or why there is none.</returns>
    public async Task<(PulledImage? Image, PullFailure? Failure)> PullAsync(ImageReference image, Platform platform, RegistryLogin? login, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var connection = new RegistryConnection(AddressOf(image.Domain), login);
        try
        {
            return (await FetchAsync(connection, image, platform, either.Token), null);
        }
        catch (PullException e)
        {
            return (null, Failed(image, e.Code, e.Message));
        }
        catch (HttpRequestException e)
        {
            return (null, Failed(image, "Unknown", $"failed to do request: {e.Message}"));
        }
        catch (JsonException e)
        {
            return (null, Failed(image, "Unknown", $"unexpected content: {e.Message}"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Failed(image, "DeadlineExceeded", "context deadline exceeded"));
        }
    }

    private sealed class PullException(string code, string message) : Exception(message)
    {
        public string Code { get; } = code;
    }

    private static PullFailure Failed(ImageReference image, string code, string why) => new(
        "ErrImagePull",
        $"rpc error: code = {code} desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {why}");

    private Uri AddressOf(string domain)
    {
        if (mirrors.TryGetValue(domain, out var mirror))
        {
            return mirror;
        }

        // As containerd does without a word about the host: plain HTTP for this machine, TLS for all others.
        var local = domain.StartsWith("127.", StringComparison.Ordinal) || domain.StartsWith("localhost", StringComparison.Ordinal);
        return new Uri($"{(local ? "http" : "https")}://{(domain == "docker.io" ? "registry-1.docker.io" : domain)}");
    }

    private static async Task<PulledImage> FetchAsync(RegistryConnection connection, ImageReference image, Platform platform, CancellationToken cancellationToken)
    {
        var top = await GetAsync(connection, image, $"manifests/{image.Target}", image.Digest, cancellationToken);
        var manifest = Parse(top);
        if (manifest["manifests"] is JsonArray entries)
        {
            var digest = entries.FirstOrDefault(entry => IsFor(entry?["platform"], platform))?["digest"]?.ToString()
                ?? throw new PullException("NotFound", "no match for platform in manifest: not found");
            manifest = Parse(await GetAsync(connection, image, $"manifests/{digest}", digest, cancellationToken));
        }

        var configDigest = manifest["config"]?["digest"]?.ToString() ?? throw new PullException("Unknown", "the manifest has no config");
        var config = Parse(await GetAsync(connection, image, $"blobs/{configDigest}", configDigest, cancellationToken));
        var labels = config["config"]?["Labels"] as JsonObject ?? [];
        return new PulledImage(
            $"{image.Repository}@{ContentDigest.Of(top)}",
            config["architecture"]?.ToString() ?? platform.Architecture,
            labels.ToImmutableDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? ""));
    }

    private static bool IsFor(JsonNode? entry, Platform platform) =>
        entry?["os"]?.ToString() == platform.Os && entry["architecture"]?.ToString() == platform.Architecture;

    private static JsonObject Parse(byte[] content) => JsonNode.Parse(content) as JsonObject ?? throw new JsonException("not an object");

    private static async Task<byte[]> GetAsync(RegistryConnection connection, ImageReference image, string what, string? digest, CancellationToken cancellationToken)
    {
        using var response = await connection.SendAsync(HttpMethod.Get, $"/v2/{image.Path}/{what}", $"{image.Path}:pull", cancellationToken, request =>
            request.Headers.TryAddWithoutValidation("Accept", MediaTypes.AcceptAll));
        if (!response.IsSuccessStatusCode)
        {
            throw Refused(image, response);
        }

        if (response.Content.Headers.ContentLength > MaxBytes)
        {
            throw new PullException("Unknown", $"{what} is larger than {MaxBytes} bytes");
        }

        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var actual = ContentDigest.Of(content);
        return digest is null || actual == digest
            ? content
            : throw new PullException("FailedPrecondition", $"unexpected commit digest {actual}, expected {digest}: failed precondition");
    }

    private static PullException Refused(ImageReference image, HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.NotFound => new("NotFound", $"{image}: not found"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new("Unknown", $"pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials ({(int)response.StatusCode})"),
        _ => new("Unknown", $"unexpected status from GET request to {response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {response.ReasonPhrase}"),
    };
}
