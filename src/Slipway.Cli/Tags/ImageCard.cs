using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Cli.Tags;

/// <summary>What an image's config says of it (OCI image spec, config.md).</summary>
/// <param name="Created">As written there.</param>
internal sealed record ImageOrigin(string? Created, IReadOnlyDictionary<string, string> Labels)
{
    public static readonly ImageOrigin Unknown = new(null, new Dictionary<string, string>());

    public static ImageOrigin Of(ReadOnlyMemory<byte> config)
    {
        try
        {
            using var document = JsonDocument.Parse(config);
            var root = document.RootElement;
            var labels = Member(Member(root, "config"), "Labels");
            return new ImageOrigin(
                Member(root, "created") is { ValueKind: JsonValueKind.String } created ? created.GetString() : null,
                labels is not { ValueKind: JsonValueKind.Object } pairs ? Unknown.Labels
                    : pairs.EnumerateObject().Where(pair => pair.Value.ValueKind is JsonValueKind.String).ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!));
        }
        catch (JsonException)
        {
            return Unknown;
        }
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } at && at.TryGetProperty(name, out var value) ? value : null;
}

/// <summary>One image as <c>tags get</c> shows it.</summary>
/// <param name="Others">The other tags that are on it, among those that were looked at.</param>
internal sealed record ImageCard(string Repository, string Reference, StoredManifest Manifest, PlatformSet Platforms, ImageOrigin Origin, IReadOnlyList<string> Others)
{
    public JsonObject ToJson() => new()
    {
        ["repository"] = Repository,
        ["reference"] = Reference,
        ["digest"] = Manifest.Digest,
        ["mediaType"] = Manifest.MediaType,
        ["platforms"] = Texts(Platforms.Platforms.Select(platform => platform.ToString())),
        ["created"] = Origin.Created,
        ["labels"] = new JsonObject(Origin.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
        ["otherTags"] = Texts(Others),
    };

    public void Write(TextWriter writer)
    {
        writer.WriteLine($"{Repository}{(ContentDigest.IsValid(Reference) ? '@' : ':')}{Reference}");
        Line(writer, "digest", Manifest.Digest);
        Line(writer, "media type", Manifest.MediaType);
        Line(writer, "platforms", Platforms.Platforms.IsEmpty ? "not told" : string.Join(", ", Platforms.Platforms));
        Line(writer, "created", Origin.Created ?? "not told");
        Line(writer, "other tags", Others.Count == 0 ? "none" : string.Join(", ", Others));
        foreach (var (name, value) in Origin.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            // Whoever built the image wrote these, and may have put a terminal's commands into them.
            Line(writer, "label", $"{UntrustedText.Quote(name)[1..^1]} = {UntrustedText.Quote(value)[1..^1]}");
        }
    }

    private static void Line(TextWriter writer, string name, string value) => writer.WriteLine($"  {name,-12}{value}");

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
