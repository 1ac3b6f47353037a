using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Packaging;
using Slipway.Sandbox.Registry;

namespace Slipway.Tests.Packaging;

public sealed class ControllerImageTests : IDisposable
{
    private static readonly ImageFacts Facts = new("1.2.3", "0123abc", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly UnpackedDebian _given = new();

    [Fact]
    public void The_same_files_give_the_same_digest_whenever_they_were_written()
    {
        using var later = new UnpackedDebian();
        foreach (var path in Directory.EnumerateFiles(later.At(""), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        }

        later.Write("published/dashboard/Slipway.Dashboard.staticwebassets.endpoints.json", File.ReadAllText(later.At("published/dashboard/Slipway.Dashboard.staticwebassets.endpoints.json")).Replace("23 Nov 2025", "24 Nov 2025", StringComparison.Ordinal));

        Assert.Equal(Image().Digest, ControllerImage.Of(later.Packages, later.Published, Facts).Digest);
    }

    [Fact]
    public void It_runs_as_nobody_with_nothing_but_the_program()
    {
        var image = Image();
        var config = JsonNode.Parse(image.Blobs[0].Span)!["config"]!;

        Assert.Equal("65532:65532", (string?)config["User"]);
        Assert.Equal("/app/slipway-controller", (string?)Assert.Single(config["Entrypoint"]!.AsArray()));
        Assert.Null(config["Cmd"]);
        Assert.Contains("SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt", config["Env"]!.AsArray().Select(one => (string?)one));
        Assert.Equal("1.2.3", (string?)config["Labels"]!["org.opencontainers.image.version"]);
        Assert.Equal("0123abc", (string?)JsonNode.Parse(image.Manifest.Span)!["annotations"]!["org.opencontainers.image.revision"]);
        Assert.Equal("2026-03-01T12:00:00Z", (string?)JsonNode.Parse(image.Blobs[0].Span)!["created"]);
    }

    [Fact]
    public void What_seldom_changes_is_below_what_changes_with_each_version()
    {
        var layers = Image().Blobs.Skip(1).Select(Files).ToArray();

        Assert.Equal(
            [
                "etc/group", "etc/nsswitch.conf", "etc/passwd", "etc/ssl/certs/ca-certificates.crt", "lib64/ld-linux-x86-64.so.2",
                "usr/lib/x86_64-linux-gnu/libc.so.6", "usr/lib/x86_64-linux-gnu/libcrypto.so.3", "usr/lib/x86_64-linux-gnu/libdl.so.2", "usr/lib/x86_64-linux-gnu/libm.so.6",
                "usr/lib/x86_64-linux-gnu/libpthread.so.0", "usr/lib/x86_64-linux-gnu/libresolv.so.2", "usr/lib/x86_64-linux-gnu/librt.so.1", "usr/lib/x86_64-linux-gnu/libssl.so.3",
                "usr/share/doc/ca-certificates/copyright", "usr/share/doc/libc6/copyright", "usr/share/doc/libssl3/copyright", "usr/share/doc/tzdata/copyright",
                "usr/share/zoneinfo/Europe/Berlin", "usr/share/zoneinfo/UTC",
            ],
            layers[0].Keys);
        Assert.Equal(["app/dashboard/Slipway.Dashboard.staticwebassets.endpoints.json", "app/dashboard/wwwroot/dashboard/index.html"], layers[1].Keys);
        Assert.Equal(["app/slipway-controller"], layers[2].Keys);
        Assert.True(layers[2]["app/slipway-controller"].Mode.HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public void Authorities_are_one_file_in_the_order_of_their_names() =>
        Assert.Equal("usr/share/ca-certificates/mozilla/A.crt\nusr/share/ca-certificates/mozilla/B.crt\n", Files(Image().Blobs[1])["etc/ssl/certs/ca-certificates.crt"].Text);

    [Fact]
    public void Browsers_are_told_of_no_clock_but_the_commits() =>
        Assert.Contains("Sun, 01 Mar 2026 12:00:00 GMT", Files(Image().Blobs[2])["app/dashboard/Slipway.Dashboard.staticwebassets.endpoints.json"].Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("debian/libssl3.control", "apt-get download libssl3")]
    [InlineData("debian/libc6/lib/x86_64-linux-gnu/libm.so.6", "libc6 2.36-9 has no libm.so.6")]
    [InlineData("published/slipway-controller", "dotnet publish src/Slipway.Controller")]
    [InlineData("published/dashboard/Slipway.Dashboard.staticwebassets.endpoints.json", "PublishDashboard=false")]
    [InlineData("debian/tzdata/usr/share/doc/tzdata/copyright", "tzdata 2026a-0 has no usr/share/doc/tzdata/copyright")]
    public void What_is_missing_is_named_with_the_way_to_it(string missing, string told)
    {
        File.Delete(_given.At(missing));
        Assert.Contains(told, Assert.Throws<PackagingException>(Image).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_control_file_without_a_version_is_refused()
    {
        _given.Write("debian/libssl3.control", "Package: libssl3\nArchitecture: amd64\n");
        Assert.Contains("has no field Version", Assert.Throws<PackagingException>(Image).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_layout_has_each_blob_and_the_bill_of_materials_is_about_the_image()
    {
        var image = Image();
        var sbom = Sbom.Of(image.Digest, Facts.Version, Facts.Created, _given.Packages.Select(Component.Of));
        var attachment = ControllerImage.Attachment(image, Sbom.MediaType, sbom);
        OciLayout.Write(_given.At("out"), Facts.Version, image, attachment);

        // No byte order mark: readers of JSON need not take one (RFC 8259, section 8.1).
        Assert.Equal((byte)'{', (await File.ReadAllBytesAsync(_given.At("out/index.json"), TestContext.Current.CancellationToken))[0]);
        var index = JsonNode.Parse(await File.ReadAllTextAsync(_given.At("out/index.json"), TestContext.Current.CancellationToken))!["manifests"]!.AsArray();
        Assert.Equal([image.Digest, attachment.Digest], index.Select(one => (string)one!["digest"]!));
        Assert.Equal("1.2.3", (string?)index[0]!["annotations"]!["org.opencontainers.image.ref.name"]);
        foreach (var path in Directory.EnumerateFiles(_given.At("out/blobs/sha256")))
        {
            Assert.Equal($"sha256:{Path.GetFileName(path)}", ContentDigest.Of(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)));
        }

        Assert.Equal(image.Digest, (string?)JsonNode.Parse(attachment.Manifest.Span)!["subject"]!["digest"]);
        Assert.Equal(5, sbom["packages"]!.AsArray().Count);
        Assert.Contains("pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=bookworm", JsonSerializer.Serialize(sbom).Replace("\\u0026", "&", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_takes_it_and_tells_of_what_is_attached()
    {
        await using var registry = await SandboxRegistry.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var connection = new RegistryConnection(registry.Url);
        var (image, pusher) = (Image(), new ImagePusher(connection));
        var attachment = ControllerImage.Attachment(image, Sbom.MediaType, Sbom.Of(image.Digest, Facts.Version, Facts.Created, []));

        await pusher.PushAsync("slipway/controller", image, TestContext.Current.CancellationToken, "1.2.3");
        await pusher.PushAsync("slipway/controller", attachment, TestContext.Current.CancellationToken);

        Assert.Equal(image.Digest, registry.Content.Resolve("slipway/controller", "1.2.3"));
        var referrer = Assert.Single(registry.Content.Referrers("slipway/controller", image.Digest));
        Assert.Equal((attachment.Digest, Sbom.MediaType), (referrer.Digest, referrer.ArtifactType));
    }

    [Fact]
    public void Packages_that_only_helped_to_build_are_not_in_the_program()
    {
        _given.Write("project.assets.json", """
            {"targets": {"net10.0": {"MailKit/4.18.2": {"type": "package", "runtime": {"lib/MailKit.dll": {} } }, "Analyzer/1.0": {"type": "package"}, "Slipway.Core/0.1.0": {"type": "project", "runtime": {} } },
              "net10.0/linux-x64": {"MailKit/4.18.2": {"type": "package", "runtime": {"lib/MailKit.dll": {} } } } },
             "project": {"frameworks": {"net10.0": {"downloadDependencies": [{"name": "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64", "version": "[10.0.12, 10.0.12]"}, {"name": "Some.Tool", "version": "[1.0.0, 1.0.0]"}] } } } }
            """);
        Assert.Equal([("MailKit", "4.18.2"), ("Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64", "10.0.12")], NugetPackages.Of(_given.At("project.assets.json")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    public void Assets_that_cannot_be_read_are_named(string? text)
    {
        if (text is not null)
        {
            _given.Write("project.assets.json", text);
        }

        Assert.Contains("dotnet restore", Assert.Throws<PackagingException>(() => NugetPackages.Of(_given.At("project.assets.json"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _given.Dispose();

    private BuiltImage Image() => ControllerImage.Of(_given.Packages, _given.Published, Facts);

    private static SortedDictionary<string, (UnixFileMode Mode, string Text)> Files(ReadOnlyMemory<byte> layer)
    {
        var files = new SortedDictionary<string, (UnixFileMode, string)>(StringComparer.Ordinal);
        using var tar = new TarReader(new GZipStream(new MemoryStream(layer.ToArray()), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType == TarEntryType.RegularFile)
            {
                using var text = new StreamReader(entry.DataStream!, Encoding.UTF8);
                files.Add(entry.Name, (entry.Mode, text.ReadToEnd()));
            }
        }

        return files;
    }
}
