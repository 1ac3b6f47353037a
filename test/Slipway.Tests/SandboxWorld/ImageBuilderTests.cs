using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Slipway.Images;
using Slipway.Sandbox.Registry;

namespace Slipway.Tests.SandboxWorld;

public sealed class ImageBuilderTests
{
    private static readonly ImageBuilder Shop = new ImageBuilder
    {
        Entrypoint = ["/bin/shop"],
        Cmd = ["--port", "8080"],
        WorkingDir = "/srv",
        User = "65532",
        ExposedPorts = ["8080/tcp"],
        Platform = new Platform("linux", "arm64", "v8"),
        Env = new ImageBuilder().Env.Add("PATH", "/bin"),
    }.WithLabel("org.opencontainers.image.version", "1.0.0").WithLayer(new LayerFile("usr/bin/shop", "binary"u8.ToArray(), LayerFile.Executable), new LayerFile("etc/shop", "x"u8.ToArray()));

    private static JsonNode Config(BuiltImage image) => JsonNode.Parse(image.Blobs[0].Span)!;

    private static byte[] Unzip(ReadOnlyMemory<byte> layer)
    {
        using var plain = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(layer.ToArray()), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    [Fact]
    public void The_same_builder_builds_the_same_digest()
    {
        Assert.Equal(Shop.Build().Digest, (Shop with { }).Build().Digest);
        Assert.NotEqual(Shop.Build().Digest, Shop.WithLabel("a", "b").Build().Digest);
    }

    [Fact]
    public void The_config_says_what_to_run_and_on_what()
    {
        var layer = Assert.Single(Shop.Layers);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($$$"""
            {
              "created": "2026-01-01T00:00:00Z", "architecture": "arm64", "os": "linux", "variant": "v8",
              "config": {
                "User": "65532", "WorkingDir": "/srv", "Labels": {"org.opencontainers.image.version": "1.0.0"}, "Env": ["PATH=/bin"],
                "Entrypoint": ["/bin/shop"], "Cmd": ["--port", "8080"], "ExposedPorts": {"8080/tcp": {}}
              },
              "rootfs": {"type": "layers", "diff_ids": ["{{{layer.DiffId}}}"]},
              "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "slipway sandbox"}]
            }
            """), Config(Shop.Build())));
    }

    [Fact]
    public void Layers_are_known_to_the_manifest_zipped_and_to_the_config_unzipped()
    {
        var image = Shop.Build();
        var manifest = JsonNode.Parse(image.Manifest.Span)!;

        Assert.Equal(ContentDigest.Of(image.Blobs[1].Span), manifest["layers"]![0]!["digest"]!.ToString());
        Assert.Equal(image.Blobs[1].Length, manifest["layers"]![0]!["size"]!.GetValue<int>());
        Assert.Equal(ContentDigest.Of(Unzip(image.Blobs[1])), Config(image)["rootfs"]!["diff_ids"]![0]!.ToString());
        Assert.Equal(ContentDigest.Of(image.Blobs[0].Span), manifest["config"]!["digest"]!.ToString());
    }

    [Fact]
    public void A_layer_holds_its_files_with_their_modes_and_the_directories_above_them()
    {
        using var tar = new TarReader(new MemoryStream(Unzip(Shop.Layers[0].Bytes)));
        List<(string, TarEntryType, UnixFileMode)> entries = [];
        while (tar.GetNextEntry() is { } entry)
        {
            Assert.Equal((DateTimeOffset.UnixEpoch, 0, 0), (entry.ModificationTime, entry.Uid, entry.Gid));
            entries.Add((entry.Name, entry.EntryType, entry.Mode));
        }

        Assert.Equal(
            [
                ("etc/", TarEntryType.Directory, LayerFile.Executable),
                ("usr/", TarEntryType.Directory, LayerFile.Executable),
                ("usr/bin/", TarEntryType.Directory, LayerFile.Executable),
                ("etc/shop", TarEntryType.RegularFile, LayerFile.Plain),
                ("usr/bin/shop", TarEntryType.RegularFile, LayerFile.Executable),
            ],
            entries);
    }

    [Theory]
    [InlineData(false, MediaTypes.OciManifest, MediaTypes.OciConfig, MediaTypes.OciLayer)]
    [InlineData(true, MediaTypes.DockerManifest, MediaTypes.DockerConfig, MediaTypes.DockerLayer)]
    public void An_image_is_all_ocis_or_all_dockers(bool docker, string manifestType, string configType, string layerType)
    {
        var image = (Shop with { Docker = docker }).Build();
        var manifest = JsonNode.Parse(image.Manifest.Span)!;

        Assert.Equal(
            [manifestType, manifestType, configType, layerType],
            [image.MediaType, manifest["mediaType"]!.ToString(), manifest["config"]!["mediaType"]!.ToString(), manifest["layers"]![0]!["mediaType"]!.ToString()]);
    }

    [Fact]
    public void An_image_without_layers_of_its_own_has_one_all_the_same()
    {
        var image = new ImageBuilder().Build();

        Assert.Single(JsonNode.Parse(image.Manifest.Span)!["layers"]!.AsArray());
        Assert.Single(Config(image)["rootfs"]!["diff_ids"]!.AsArray());
    }

    [Fact]
    public void An_index_names_the_platform_of_each_image()
    {
        var amd = new ImageBuilder().Build();
        var index = BuiltImage.Index(amd, Shop.Build());

        Assert.Equal(MediaTypes.OciIndex, index.MediaType);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""[{"architecture":"amd64","os":"linux"},{"architecture":"arm64","os":"linux","variant":"v8"}]"""),
            new JsonArray([.. JsonNode.Parse(index.Manifest.Span)!["manifests"]!.AsArray().Select(entry => entry!["platform"]!.DeepClone())])));
    }

    [Fact]
    public void An_index_of_docker_images_is_dockers_list() =>
        Assert.Equal(MediaTypes.DockerManifestList, BuiltImage.Index((Shop with { Docker = true }).Build()).MediaType);
}
