using System.Text.Json;

namespace Slipway.Webhooks.Payloads;

/// <summary>Quay (Quay documentation, "Repository notifications", Push to Repository): one repository, and the tags that moved.</summary>
public static class QuayPayload
{
    private const string Hosted = "quay.io";

    public static PayloadReading Parse(WebhookRequest _, JsonElement body)
    {
        if (body.Text("repository") is not { } repository || body.At("updated_tags") is not { ValueKind: JsonValueKind.Array } tags)
        {
            return new PayloadReading.Refused("the body has no repository with updated_tags; send Quay's notification 'Push to Repository' here");
        }

        if (tags.GetArrayLength() > HintText.MaxEvents)
        {
            return HintText.TooMany(tags.GetArrayLength());
        }

        var host = RegistryOf(body.Text("docker_url"));
        return HintText.OfAll(
            tags.EnumerateArray().Select(tag => HintText.One(host, repository, HintText.Tag(tag.Text()), null)),
            "no tag was updated");
    }

    /// <summary>The host in a pull address, with or without a scheme; the hosted Quay where there is none.</summary>
    public static string RegistryOf(string? dockerUrl)
    {
        var address = dockerUrl ?? "";
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        address = scheme < 0 ? address : address[(scheme + 3)..];
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? address : address[..slash];
        return host.Length > 0 ? host : Hosted;
    }
}
