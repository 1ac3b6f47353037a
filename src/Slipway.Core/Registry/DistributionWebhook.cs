using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Images;

namespace Slipway.Registry;

/// <summary>
/// The notifications of the distribution registry (distribution documentation, "Work with notifications"): an envelope of events. What
/// they say is a hint where to look and is never believed, so that of each only the repository is taken.
/// </summary>
public static class DistributionWebhook
{
    /// <summary>The registry itself batches far fewer. A larger envelope is not from a registry.</summary>
    public const int MaxEvents = 512;

    private const int MaxName = 255;

    private const string ManifestTypes = "manifest";

    /// <summary>
    /// False with the reason where this is no envelope. True with the repositories to look at, each once, else: none where the events
    /// are of things that change no tag (pulls, layers).
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, out ImmutableArray<RepositoryName> repositories, out string why)
    {
        (repositories, why) = ([], "");
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            if (ImageManifest.Member(document.RootElement, "events") is not { ValueKind: JsonValueKind.Array or JsonValueKind.Null } events)
            {
                why = "the body has no list of events; send the notifications of a distribution registry here";
                return false;
            }

            var count = events.ValueKind is JsonValueKind.Null ? 0 : events.GetArrayLength();
            if (count > MaxEvents)
            {
                why = $"the body has {count} events; at most {MaxEvents} are taken at once";
                return false;
            }

            repositories = count == 0 ? [] : [.. events.EnumerateArray().Select(RepositoryOf).OfType<RepositoryName>().Distinct()];
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            why = "the body is not valid JSON";
            return false;
        }
    }

    private static RepositoryName? RepositoryOf(JsonElement event_)
    {
        if (ImageManifest.Text(event_, "action") is not ("push" or "delete" or "mount")
            || ImageManifest.Member(event_, "target") is not { } target
            || ImageManifest.Text(target, "repository") is not { Length: <= MaxName } path
            || !IsOfManifest(target)
            || HostOf(event_, target) is not { Length: <= MaxName } host)
        {
            return null;
        }

        // A bare name such as "registry" is no host to the grammar of images: it would become a path on Docker Hub.
        return RepositoryName.TryParse($"{host}/{path}", out var repository, out _) && repository.Path.Length <= path.Length ? repository : null;
    }

    // A layer's push comes before its manifest's and changes no tag. An event without a type is let through: a look costs little.
    private static bool IsOfManifest(JsonElement target) =>
        ImageManifest.Text(target, "mediaType") is not { } type
        || type.Contains(ManifestTypes, StringComparison.Ordinal)
        || type.Contains("image.index", StringComparison.Ordinal);

    // The host under which the client pushed; the registry's own idea of its address (source.addr) is a pod's name more often than not.
    private static string? HostOf(JsonElement event_, JsonElement target) =>
        (ImageManifest.Member(event_, "request") is { } request ? ImageManifest.Text(request, "host") : null)
        ?? (ImageManifest.Text(target, "url") is { } url && Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Authority : null);
}
