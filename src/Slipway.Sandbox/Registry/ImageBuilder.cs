using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Images;

namespace Slipway.Sandbox.Registry;

/// <summary>
/// Makes a real image: layers, config and manifest as the OCI image spec wants them, so that a container runtime can run it.
/// Everything in it follows from its fields: the same builder builds the same digest.
/// </summary>
public sealed record ImageBuilder
{
    public Platform Platform { get; init; } = new("linux", "amd64");

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NoText;

    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = NoText;

    public ImmutableSortedDictionary<string, string> Env { get; init; } = NoText;

    public ImmutableArray<string> Entrypoint { get; init; } = [];

    public ImmutableArray<string> Cmd { get; init; } = [];

    public string? WorkingDir { get; init; }

    public string? User { get; init; }

    /// <summary>Such as <c>8080/tcp</c>.</summary>
    public ImmutableArray<string> ExposedPorts { get; init; } = [];

    public DateTimeOffset Created { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>For the image's history: what made its layers.</summary>
    public string CreatedBy { get; init; } = "slipway sandbox";

    /// <summary>Empty: one layer with a file that names nothing.</summary>
    public ImmutableArray<ImageLayer> Layers { get; init; } = [];

    /// <summary>Docker's media types (schema 2) in place of OCI's.</summary>
    public bool Docker { get; init; }

    /// <summary>The image that this one is about; with it, it is a referrer.</summary>
    public BuiltImage? Subject { get; init; }

    public string? ArtifactType { get; init; }

    private static readonly ImmutableSortedDictionary<string, string> NoText = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static readonly Lazy<ImageLayer> BareLayer = new(() => ImageLayer.Of(new LayerFile("etc/hostname", "sandbox\n"u8.ToArray())));

    public ImageBuilder WithLabel(string name, string value) => this with { Labels = Labels.SetItem(name, value) };

    public ImageBuilder WithLayer(params ImmutableArray<LayerFile> files) => this with { Layers = Layers.Add(ImageLayer.Of(files)) };

    public BuiltImage Build()
    {
        ImmutableArray<ImageLayer> layers = Layers is [] ? [BareLayer.Value] : Layers;
        var config = Encoding.UTF8.GetBytes(Config(layers).ToJsonString());
        var mediaType = Docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["config"] = Descriptor(Docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig, config),
            ["layers"] = new JsonArray([.. layers.Select(layer => Descriptor(Docker ? MediaTypes.DockerLayer : MediaTypes.OciLayer, layer.Bytes.Span))]),
        };
        SetIfAny(manifest, "artifactType", ArtifactType);
        SetIfAny(manifest, "annotations", Annotations);
        if (Subject is not null)
        {
            manifest["subject"] = Descriptor(Subject.MediaType, Subject.Manifest.Span);
        }

        return new BuiltImage(mediaType, Encoding.UTF8.GetBytes(manifest.ToJsonString()))
        {
            Blobs = [config, .. layers.Select(layer => layer.Bytes)],
            Platform = Platform,
            Subject = Subject?.Digest,
            ArtifactType = ArtifactType ?? (Docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig),
        };
    }

    private JsonObject Config(ImmutableArray<ImageLayer> layers)
    {
        var config = new JsonObject
        {
            ["created"] = Instant(Created),
            ["architecture"] = Platform.Architecture,
            ["os"] = Platform.Os,
            ["config"] = RunConfig(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = Texts(layers.Select(layer => layer.DiffId)) },
            ["history"] = new JsonArray([.. layers.Select(_ => new JsonObject { ["created"] = Instant(Created), ["created_by"] = CreatedBy })]),
        };
        SetIfAny(config, "variant", Platform.Variant);
        return config;
    }

    private JsonObject RunConfig()
    {
        var run = new JsonObject();
        SetIfAny(run, "User", User);
        SetIfAny(run, "WorkingDir", WorkingDir);
        SetIfAny(run, "Labels", Labels);
        foreach (var (name, values) in new[] { ("Env", [.. Env.Select(pair => $"{pair.Key}={pair.Value}")]), ("Entrypoint", Entrypoint), ("Cmd", Cmd) })
        {
            if (values is not [])
            {
                run[name] = Texts(values);
            }
        }

        if (ExposedPorts is not [])
        {
            run[nameof(ExposedPorts)] = new JsonObject(ExposedPorts.Select(port => KeyValuePair.Create(port, (JsonNode?)new JsonObject())));
        }

        return run;
    }

    internal static JsonObject Descriptor(string mediaType, ReadOnlySpan<byte> content) =>
        new() { ["mediaType"] = mediaType, ["digest"] = ContentDigest.Of(content), ["size"] = content.Length };

    internal static JsonObject Object(ImmutableSortedDictionary<string, string> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(JsonNode (text) => text)]);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static void SetIfAny(JsonObject node, string name, string? value)
    {
        if (value is not null)
        {
            node[name] = value;
        }
    }

    private static void SetIfAny(JsonObject node, string name, ImmutableSortedDictionary<string, string> pairs)
    {
        if (!pairs.IsEmpty)
        {
            node[name] = Object(pairs);
        }
    }
}
