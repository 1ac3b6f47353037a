using System.Text;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class ImageManifestTests
{
    private static readonly string One = "sha256:" + new string('1', 64);
    private static readonly string Two = "sha256:" + new string('2', 64);

    [Fact]
    public void An_index_has_the_platforms_of_its_images_and_not_of_its_attestations()
    {
        var index = Assert.IsType<ImageManifest.Index>(Parse($$"""
            {"schemaVersion": 2, "annotations": {"org.opencontainers.image.version": "1.2.3"}, "manifests": [
              {"digest": "{{One}}", "platform": {"os": "linux", "architecture": "amd64"} },
              {"digest": "{{Two}}", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"} },
              {"digest": "{{One}}", "platform": {"os": "unknown", "architecture": "unknown"} },
              {"digest": "{{Two}}"}, null, 5] }
            """));

        Assert.Equal("linux/amd64, linux/arm64/v8", index.Platforms.ToString());
        Assert.Equal([One, Two], index.Images);
        Assert.Equal("1.2.3", index.Annotations.Version);
    }

    [Theory]
    [InlineData("application/vnd.oci.image.config.v1+json", true)]
    [InlineData("application/vnd.docker.container.image.v1+json", true)]
    [InlineData("application/vnd.cncf.helm.config.v1+json", false)]
    public void An_image_names_its_config(string mediaType, bool isImage)
    {
        var manifest = Assert.IsType<ImageManifest.OnePlatform>(Parse($$"""
            {"schemaVersion": 2, "config": {"mediaType": "{{mediaType}}", "digest": "{{One}}", "size": 5}, "layers": []}
            """));

        Assert.Equal((One, isImage), (manifest.ConfigDigest, manifest.IsImageConfig));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"config":{"digest":"sha256:short"}}""")]
    [InlineData("""{"config":{"digest":"../../etc/passwd"}}""")]
    [InlineData("""{"manifests":{}}""")]
    [InlineData("<html>")]
    public void What_is_no_manifest_says_why(string text)
    {
        Assert.Null(ImageManifest.TryParse(Encoding.UTF8.GetBytes(text), out var why));
        Assert.NotEqual("", why);
    }

    [Fact]
    public void The_old_schema_is_named()
    {
        Assert.Null(ImageManifest.TryParse("""{"schemaVersion":1,"name":"x"}"""u8.ToArray(), out var why));
        Assert.Contains("schema 1", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"os":"linux","architecture":"arm","variant":"v7"}""", "linux/arm/v7")]
    [InlineData("""{"os":"linux"}""", null)]
    [InlineData("{}", null)]
    public void A_config_names_the_platform(string text, string? expected) =>
        Assert.Equal(expected, ImageConfig.TryParse(Encoding.UTF8.GetBytes(text))?.Platform?.ToString());

    [Fact]
    public void A_config_has_the_labels_of_the_version()
    {
        var config = ImageConfig.TryParse("""
            {"config":{"Labels":{"org.opencontainers.image.version":"1.2.3","org.opencontainers.image.revision":"abc","other":5}}}
            """u8.ToArray());

        Assert.Equal(new ImageLabels("1.2.3", "abc"), config?.Labels);
    }

    [Theory]
    [InlineData("""{"config":{"Labels":null}}""")]
    [InlineData("""{"config":null}""")]
    [InlineData("""{"config":{"Labels":{"org.opencontainers.image.version":""}}}""")]
    public void Absent_null_and_empty_labels_are_the_same(string text) =>
        Assert.Equal(ImageLabels.None, ImageConfig.TryParse(Encoding.UTF8.GetBytes(text))?.Labels);

    [Theory]
    [InlineData("[]")]
    [InlineData("x")]
    public void What_is_no_config_is_none(string text) => Assert.Null(ImageConfig.TryParse(Encoding.UTF8.GetBytes(text)));

    private static ImageManifest? Parse(string text) => ImageManifest.TryParse(Encoding.UTF8.GetBytes(text), out _);
}

public sealed class TagPageTests
{
    [Theory]
    [InlineData("""{"name":"foo","tags":["1","2"]}""", "1 2")]
    [InlineData("""{"tags":["1",".dot","-dash","a/b","","a b",null,5,{"x":"y"},["z"],"_ok"],"name":"foo"}""", "1 _ok")]
    [InlineData("""{"name":"foo","tags":null}""", "")]
    [InlineData("""{"name":"foo","tags":[]}""", "")]
    [InlineData("""{"name":["n"],"manifest":{"sha256:x":{"tag":["a"]}},"tags":["1"]}""", "1")]
    public void Tags_are_what_the_grammar_calls_tags(string page, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(page);
        var tags = new List<string>();

        TagPage.AddTo(tags, bytes);

        Assert.Equal(expected, string.Join(' ', tags));
        Assert.Equal(tags.Count, TagPage.Count(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":"foo","tags":["1","2" """)]
    [InlineData("""{"name":"foo","tags":"1"}""")]
    [InlineData("""{"errors":[]}""")]
    [InlineData("<html>")]
    public void What_is_no_page_has_no_count(string page) => Assert.Null(TagPage.Count(Encoding.UTF8.GetBytes(page)));

    [Theory]
    [InlineData(128, 1)]
    [InlineData(129, 0)]
    public void A_tag_has_at_most_128_characters(int length, int expected) =>
        Assert.Equal(expected, TagPage.Count(Encoding.UTF8.GetBytes($$"""{"tags":["{{new string('a', length)}}"]}""")));
}

public sealed class ContentDigestTests
{
    [Fact]
    public void Bytes_are_compared_with_what_the_digest_names()
    {
        Assert.True(ContentDigest.Matches("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc"u8));
        Assert.False(ContentDigest.Matches("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abd"u8));
        Assert.True(ContentDigest.Matches("sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f", "abc"u8));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("md5:900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Other_texts_are_no_digests(string? text) => Assert.False(ContentDigest.IsValid(text));
}
