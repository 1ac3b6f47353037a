using System.Text.Json;
using Slipway.Images;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// CloudEvents 1.0 over HTTP (CloudEvents, "HTTP Protocol Binding" §3.1 binary and §3.2 structured mode). Harbor, CDEvents and ECR have rules
/// of their own; of other sources an event whose type says that something was pushed, and whose data names it.
/// </summary>
public static class CloudEventsPayload
{
    private const string Ecr = "com.amazon.ecr.";

    private static readonly string[] Pushes = ["push", "pushed", "publish", "published", "create", "created", "upload", "uploaded", "update", "updated", "tag", "tagged"];

    public static PayloadReading Parse(WebhookRequest request, JsonElement body)
    {
        // In binary mode the attributes are headers, and the body is the data.
        var binary = request.Header("ce-specversion") is not null;
        var data = binary ? body : body.At("data") ?? default;
        string? Attribute(string name) => binary ? request.Header($"ce-{name}") : body.Text(name);
        if (Attribute("specversion") is null || Attribute("type") is not { } type || Attribute("source") is not { } source)
        {
            return new PayloadReading.Refused("this is no CloudEvent: it needs specversion, type and source");
        }

        if (type.StartsWith(CDEventsPayload.TypePrefix, StringComparison.Ordinal))
        {
            return CDEventsPayload.Parse(request, body);
        }

        if (type is HarborPayload.CloudEvent && !binary)
        {
            return HarborPayload.Parse(request, body);
        }

        if (!type.Split('.').Any(part => Pushes.Contains(part, StringComparer.OrdinalIgnoreCase)))
        {
            return new PayloadReading.Ignored($"the type {UntrustedText.Quote(type)} does not say that something was pushed");
        }

        var (path, tag) = ImageOf(data, Attribute("subject"));
        var host = type.StartsWith(Ecr, StringComparison.Ordinal)
            ? EcrPayload.RegistryOfSource(source, data.Text("registryId"))
            : data.Text("registryUrl") ?? data.Text("registry") ?? RegistryOf(source);
        return path is null
            ? new PayloadReading.Ignored("its data names no repository")
            : HintText.One(host ?? request.Registry, path, tag, data.Text("digest") ?? data.Text("imageDigest"));
    }

    /// <summary>The host of a source that is an address, or begins like an image; null for another.</summary>
    public static string? RegistryOf(string source)
    {
        if (source.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(source, UriKind.Absolute, out var address) ? address.Authority : null;
        }

        var slash = source.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? source : source[..slash];
        return host.AsSpan().ContainsAny('.', ':') && ReferenceGrammar.IsDomain(host) ? host : null;
    }

    // The subject is the image, NAME:TAG, for those who leave it out of the data.
    private static (string? Path, string? Tag) ImageOf(JsonElement data, string? subject)
    {
        var colon = subject?.LastIndexOf(':') ?? -1;
        var path = data.Text("repository") ?? data.Text("repositoryName") ?? (colon > 0 ? subject![..colon] : null);
        return (path, data.Text("tag") ?? data.Text("imageTag") ?? (colon > 0 ? subject![(colon + 1)..] : null));
    }
}
