using CsCheck;
using Slipway.Images;

namespace Slipway.Tests.Images;

public sealed class ImageReferenceTests
{
    private const string Sha = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx")]
    [InlineData("nginx:1.3", "docker.io/library/nginx:1.3")]
    [InlineData("acme/shop", "docker.io/acme/shop")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx")]
    [InlineData("index.docker.io/library/nginx:1", "docker.io/library/nginx:1")]
    [InlineData("library/nginx", "docker.io/library/nginx")]
    [InlineData("ghcr.io/acme/shop:1.2@" + Sha, "ghcr.io/acme/shop:1.2@" + Sha)]
    [InlineData("localhost/shop", "localhost/shop")]
    [InlineData("localhost:5000/shop:1", "localhost:5000/shop:1")]
    [InlineData("registry:5000/shop", "registry:5000/shop")]
    [InlineData("[::1]:5000/shop@" + Sha, "[::1]:5000/shop@" + Sha)]
    [InlineData("LAB/shop", "LAB/shop")]
    [InlineData("lab/shop", "docker.io/lab/shop")]
    [InlineData("10.0.0.1:80", "docker.io/library/10.0.0.1:80")]
    public void The_canonical_form_is_what_docker_would_pull(string text, string canonical) => Assert.Equal(canonical, Parse(text).ToString());

    [Theory]
    [InlineData("nginx:1", "nginx:1")]
    [InlineData("docker.io/library/nginx:1", "nginx:1")]
    [InlineData("docker.io/acme/shop", "acme/shop")]
    [InlineData("docker.io/library/a/b", "library/a/b")]
    [InlineData("ghcr.io/acme/shop@" + Sha, "ghcr.io/acme/shop@" + Sha)]
    public void The_familiar_form_is_the_shortest_that_means_the_same(string text, string familiar)
    {
        Assert.Equal(familiar, Parse(text).Familiar);
        Assert.Equal(Parse(text), Parse(familiar));
    }

    [Theory]
    [InlineData("nginx:1.2", "nginx:1.3@" + Sha)]
    [InlineData("nginx", "nginx:1.3@" + Sha)]
    [InlineData("docker.io/library/nginx:1.2", "docker.io/library/nginx:1.3@" + Sha)]
    [InlineData("index.docker.io/nginx@" + Sha, "index.docker.io/nginx:1.3@" + Sha)]
    [InlineData("registry:5000/shop:1.2@" + Sha, "registry:5000/shop:1.3@" + Sha)]
    [InlineData("[::1]:5000/shop", "[::1]:5000/shop:1.3@" + Sha)]
    public void A_new_version_keeps_the_users_spelling_of_the_repository(string text, string written) =>
        Assert.Equal(written, Parse(text).With("1.3", Sha).Written);

    [Theory]
    [InlineData("1.3", null, "shop:1.3")]
    [InlineData(null, Sha, "shop@" + Sha)]
    [InlineData(null, null, "shop")]
    public void A_pin_by_tag_or_by_digest_alone_leaves_the_other_out(string? tag, string? digest, string written) =>
        Assert.Equal(written, Parse("shop:1.2@" + Sha).With(tag, digest).Written);

    [Fact]
    public void An_image_without_a_tag_means_latest_and_does_not_say_so()
    {
        var bare = Parse("shop");

        Assert.Null(bare.Tag);
        Assert.Equal("docker.io/library/shop:latest", bare.WithDefaultTag().ToString());
        Assert.Equal("shop", bare.Written);
    }

    [Theory]
    [InlineData("shop:1.2")]
    [InlineData("shop@" + Sha)]
    public void An_image_with_a_version_needs_no_default(string text) => Assert.Equal(Parse(text), Parse(text).WithDefaultTag());

    [Theory]
    [InlineData("-3")]
    [InlineData("sha256:abc")]
    [InlineData("")]
    [InlineData("a b")]
    public void A_tag_that_is_none_cannot_be_written(string tag) => Assert.Throws<ArgumentException>(() => Parse("shop").With(tag, null));

    [Theory]
    [InlineData("sha256:abc")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("")]
    public void A_digest_that_is_none_cannot_be_written(string digest) => Assert.Throws<ArgumentException>(() => Parse("shop").With("1", digest));

    [Fact]
    public void References_are_equal_however_they_were_written()
    {
        Assert.Equal(Parse("nginx:1"), Parse("docker.io/library/nginx:1"));
        Assert.Equal(Parse("nginx:1").GetHashCode(), Parse("docker.io/library/nginx:1").GetHashCode());
        Assert.NotEqual(Parse("nginx:1"), Parse("nginx:2"));
        Assert.NotEqual(Parse("nginx"), Parse("nginx@" + Sha));
        Assert.False(Parse("nginx").Equals(null));
    }

    [Theory]
    [InlineData(null, "no name")]
    [InlineData("", "no name")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "image id")]
    [InlineData("https://ghcr.io/acme/shop", "scheme")]
    [InlineData("acme/Shop", "lower case")]
    [InlineData("ghcr.io/acme/Shop:1", "lower case")]
    [InlineData("acme/shop:", "write it as")]
    [InlineData("acme/my shop", "space")]
    [InlineData("shop:sha256:aaaa", "write it as")]
    [InlineData("shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "64 lower-case")]
    [InlineData("shop@md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "not sha256")]
    [InlineData("foo.bar_x/shop", "write it as")]
    [InlineData("ghcr.io/", "write it as")]
    [InlineData("ghcr.io//shop", "write it as")]
    public void What_is_no_reference_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(ImageReference.TryParse(text, out var reference, out var error));
        Assert.Null(reference);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    // The seed wrote the digest where a tag goes; the workload then named an image that cannot exist.
    [Fact]
    public void A_digest_is_never_written_as_a_tag() => Assert.Equal("shop@" + Sha, Parse("shop").With(null, Sha).Written);

    [Fact]
    public void A_forged_name_does_not_break_the_message_into_lines()
    {
        Assert.False(ImageReference.TryParse("shop\nERROR all is lost", out _, out var error));
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void A_path_above_255_characters_is_refused()
    {
        Assert.True(ImageReference.TryParse("acme/" + new string('a', 250), out _, out _));
        Assert.False(ImageReference.TryParse("acme/" + new string('a', 251), out _, out var error));
        Assert.Contains("longer than 255", error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_throws() => Gen.String.Sample(text => ImageReference.TryParse(text, out var reference, out var error) == (error.Length == 0 && reference is not null));

    [Fact]
    public void Canonical_written_and_familiar_forms_are_all_read_as_the_same_image() =>
        Gen.Select(
                Gen.OneOf("", "docker.io/", "index.docker.io/", "ghcr.io/", "localhost:5000/", "library/", "acme/"),
                Gen.OneOf("nginx", "a/b", "x-y.z__w"),
                Gen.OneOf("", ":1.2", "@" + Sha, ":1.2@" + Sha),
                (domain, path, version) => domain + path + version)
            .Sample(text =>
            {
                var reference = Parse(text);
                Assert.Equal(text, reference.Written);
                Assert.Equal(reference, Parse(reference.ToString()));
                Assert.Equal(reference, Parse(reference.Familiar));
            });

    private static ImageReference Parse(string text)
    {
        Assert.True(ImageReference.TryParse(text, out var reference, out var error), error);
        return reference;
    }
}
