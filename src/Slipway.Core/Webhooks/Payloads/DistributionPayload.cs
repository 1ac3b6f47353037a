using System.Text.Json;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// The notifications of the distribution registry (distribution documentation, "Work with notifications"), which the registry of GitLab
/// sends too: an envelope of events.
/// </summary>
public static class DistributionPayload
{
    private const string ManifestTypes = "manifest";

    public static PayloadReading Parse(WebhookRequest _, JsonElement body)
    {
        if (!body.TryGetProperty("events", out var events) || events.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
        {
            return new PayloadReading.Refused("the body has no list of events; send the notifications of a distribution registry here");
        }

        var count = events.ValueKind is JsonValueKind.Null ? 0 : events.GetArrayLength();
        if (count > HintText.MaxEvents)
        {
            return HintText.TooMany(count);
        }

        RegistryHint[] hints = count == 0 ? [] : [.. events.EnumerateArray().Select(HintOf).OfType<RegistryHint>()];
        return hints.Length > 0 ? HintText.Of([.. hints]) : new PayloadReading.Ignored("none of the events is a push of a manifest");
    }

    // A tag that was deleted is no news: nothing is ever undone because a tag vanished (rule 3).
    private static RegistryHint? HintOf(JsonElement event_) =>
        event_.Text("action") is "push" && event_.At("target") is { } target && IsOfManifest(target)
            ? HintText.TryMake(HostOf(event_, target), target.Text("repository"), target.Text("tag"), target.Text("digest"), out _)
            : null;

    // A layer's push comes before its manifest's and moves no tag. An event without a type is let through: a look costs little.
    private static bool IsOfManifest(JsonElement target) =>
        target.Text("mediaType") is not { } type
        || type.Contains(ManifestTypes, StringComparison.Ordinal)
        || type.Contains("image.index", StringComparison.Ordinal);

    // The host under which the client pushed; the registry's own idea of its address (source.addr) is a pod's name more often than not.
    private static string? HostOf(JsonElement event_, JsonElement target) =>
        event_.Text("request", "host") ?? (target.Text("url") is { } url && Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Authority : null);
}
